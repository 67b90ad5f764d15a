"""Files of other offices: read, judged row by row, loaded into the register, taken back. Not who is who (matching), nor which value stands (sources)."""
