"""The home page, the cache of anonymous pages, and files that machines ask for."""
