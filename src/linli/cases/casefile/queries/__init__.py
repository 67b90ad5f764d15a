"""Reading cases: one file for each way of looking."""
