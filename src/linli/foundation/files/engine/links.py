"""Signatures of links that open one file for a while, for one account or in one case."""

from __future__ import annotations

from uuid import UUID

from linli.foundation.scope.engine import keyring

_PURPOSE = "file-link"


def _said(file_id: UUID, bound: str, until: int) -> str:
    return f"{file_id}|{bound}|{until}"


def signature_of(file_id: UUID, bound: str, until: int) -> str:
    """``bound`` is "user:<id>" or "case:<id>", ``until`` seconds since 1970."""
    return keyring().sign(_said(file_id, bound, until), _PURPOSE)


def signature_ok(file_id: UUID, bound: str, until: int, signature: str, now: float) -> bool:
    """Whether the link is ours and not over."""
    return keyring().verify(_said(file_id, bound, until), signature, _PURPOSE) and now <= until
