"""Writes: the catalogue, applications and decisions, what was given, messages."""
