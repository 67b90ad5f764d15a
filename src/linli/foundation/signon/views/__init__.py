"""The protocol's addresses, the page in between, and the administrator's list of systems."""
