"""Levels and tags of a rating, read from the packs; when a bad one has to be called back. No database."""

from linli.cases.evaluation.engine.scale import BAD, Level, Tag, is_bad, levels, tags
from linli.cases.evaluation.engine.tokens import rating_of_token, token_of

__all__ = ["BAD", "Level", "Tag", "is_bad", "levels", "rating_of_token", "tags", "token_of"]
