"""What keeps personal data closed and lets it out: turns of the data key, exports by approval. Not who may see which row (that is `scope`)."""
