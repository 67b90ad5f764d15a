"""Writes: turns of the key, exports."""
