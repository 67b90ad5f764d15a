"""Comparing, weighing, blocking, training and linking: plain computation, and Splink with DuckDB in memory for whole files."""
