"""Pages on the desk."""
