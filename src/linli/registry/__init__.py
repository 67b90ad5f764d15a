"""One register of people, households, homes and organisations, with sources."""
