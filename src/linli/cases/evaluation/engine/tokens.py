"""How a call-back task names the rating it is about. No database."""

from __future__ import annotations

from uuid import UUID

KIND = "callback"


def token_of(evaluation_id: UUID) -> str:
    """`Task.token_id` of a rating's open task: one at a time, which the table's own constraint holds."""
    return f"{KIND}:{evaluation_id}"


def rating_of_token(token: str) -> UUID:
    """ValueError for a token that is not of this kind."""
    return UUID(token.removeprefix(f"{KIND}:"))
