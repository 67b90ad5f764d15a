"""Writes on ratings: rating and calling back, and the ratings of a synthetic city."""

from linli.cases.evaluation.actions.rating import due_moved, rate_case, record_callback, record_rectified

__all__ = ["due_moved", "rate_case", "record_callback", "record_rectified"]
