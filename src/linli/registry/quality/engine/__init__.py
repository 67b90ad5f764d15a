"""Pure parts: the closed set of checks as SQL, the pack file, sums and scores, hash buckets."""
