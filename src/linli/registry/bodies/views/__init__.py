"""Pages of organisations by door."""
