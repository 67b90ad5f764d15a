"""Addresses worked out once a process: a page asks for some twenty of its shell's and two of each row's."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from django.urls import reverse

_ANY = UUID(int=0)


@lru_cache(maxsize=1024)
def address(url_name: str) -> str:
    """The address of a page without parameters."""
    return reverse(url_name)


def address_of(url_name: str, key: UUID) -> str:
    """The address of the page of one row, whose key is the only parameter."""
    before, after = _around(url_name)
    return f"{before}{key}{after}"


@lru_cache(maxsize=1024)
def _around(url_name: str) -> tuple[str, str]:
    before, _, after = reverse(url_name, args=[_ANY]).partition(str(_ANY))
    return before, after
