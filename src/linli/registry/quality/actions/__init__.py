"""Writes: rules out of a pack, examinations, what people say about problems, comparisons with other databases."""
