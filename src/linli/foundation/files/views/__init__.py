"""Sending files to browsers, the same for both doors."""
