"""Declarative forms: the schema of a form, its validation and its rendering for every door; no tables, no reasons for asking."""
