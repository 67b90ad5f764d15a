"""Pure parts of the desk."""
