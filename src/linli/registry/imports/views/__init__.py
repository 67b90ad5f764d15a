"""Pages about files of other offices, by door."""
