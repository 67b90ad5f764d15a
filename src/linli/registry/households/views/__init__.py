"""Households and homes at the desk."""
