"""Visits on the phone, and how far they are, at the desk."""
