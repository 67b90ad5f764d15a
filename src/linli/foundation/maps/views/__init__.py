"""Pages and addresses of the map, by door."""
