"""Pages about divisions, by door."""
