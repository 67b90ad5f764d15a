"""Pages of facilities by door."""
