"""The matter editor of the desk, one module a kind of page."""
