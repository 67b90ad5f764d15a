"""The cards of supervision at the desk."""
