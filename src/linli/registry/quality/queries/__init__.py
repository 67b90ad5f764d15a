"""Reads: what an examination finds, the dashboard's sums, single problems, comparisons."""
