"""Homes and buildings with standard addresses. Not who lives there (households)."""
