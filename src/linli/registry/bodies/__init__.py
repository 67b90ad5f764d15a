"""Outside organisations: enterprises, social organisations, self-employed businesses, by their credit code. Not our own bureaus (units)."""
