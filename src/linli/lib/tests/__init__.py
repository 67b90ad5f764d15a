"""Behaviour of the pure library."""
