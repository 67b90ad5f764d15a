"""The desk, and the door for programs."""
