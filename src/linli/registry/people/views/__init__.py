"""People at the desk."""
