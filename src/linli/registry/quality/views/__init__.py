"""Pages of data quality, by door."""
