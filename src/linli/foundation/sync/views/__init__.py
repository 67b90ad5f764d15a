"""Phones at the desk: their contact, and the administrators' list."""
