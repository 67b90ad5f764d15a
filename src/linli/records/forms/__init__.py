"""Declarative forms: the schema of a form, its validation and its rendering for every door; no tables, and no knowledge of who asks or why."""
