"""Pages of the administrators, at the desk."""
