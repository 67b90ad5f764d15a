"""Doors into the city: what residents, staff and partner systems see first."""
