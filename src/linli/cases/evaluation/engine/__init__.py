"""Levels and tags of a rating, read from the packs; when a bad one has to be called back. No database."""

from linli.cases.evaluation.engine.scale import BAD, Level, Tag, is_bad, levels, tags

__all__ = ["BAD", "Level", "Tag", "is_bad", "levels", "tags"]
