"""Phones of staff and what they bring from off line: each item answered once, whoever sends it again. Not what an item means: apps register that."""
