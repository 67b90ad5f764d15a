"""Reads: how far the keys are, exports."""
