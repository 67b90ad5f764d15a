"""Where a value came from: sources, their rank, provenance and claims. Not the values themselves."""
