"""Pages of ratings, a module for each door."""
