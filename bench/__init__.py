"""Measuring the product: the figures of the issues by their contract names, over HTTP against running processes. Not part of the product."""
