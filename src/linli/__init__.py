"""Linli: an open platform on which a city runs its communities."""
