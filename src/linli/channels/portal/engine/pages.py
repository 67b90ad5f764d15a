"""The store of anonymous pages of one process.

A page is kept under everything that may change it for somebody nobody knows: address, language, large type. The protection token of its
forms belongs to one visitor, so it is cut out before a page is kept and put in again for each visitor.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

MOST_PAGES = 2000
"""Beyond it the store starts again empty: the catalogue has hundreds of matters, not thousands."""
CHECK_EVERY_S = 1.0
"""How often the catalogue's stamp is read; a change is on every page at most this long (and one page's rendering) later."""
KEEP_S = 60.0
"""A page is drawn anew after this long even if nothing was published."""
_TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value="|name="csrf-token" content=")[A-Za-z0-9]{32,64}(")')
_PLACE = b"@@token@@"

Key = tuple[str, str, bool]


@dataclass(frozen=True, slots=True)
class StoredPage:
    """The body in pieces between which the token goes, its type, and the stamp it was drawn under."""

    pieces: tuple[bytes, ...]
    content_type: str
    stamp: str
    until: float


def without_token(body: bytes) -> tuple[bytes, ...]:
    """A page's body without the token of the visitor it was drawn for."""
    return tuple(_TOKEN.sub(rb"\1" + _PLACE + rb"\2", body).split(_PLACE))


def fill_token(pieces: tuple[bytes, ...], token: str) -> bytes:
    """The body with this visitor's token."""
    return token.encode().join(pieces)


class PageStore:
    """Pages by key, good while the stamp stays as it is. ``read_stamp`` asks the database and is called at most once a second."""

    def __init__(self, read_stamp: Callable[[], str], clock: Callable[[], float] = time.monotonic) -> None:
        self._read_stamp, self._clock = read_stamp, clock
        self._pages: dict[Key, StoredPage] = {}
        self._stamp, self._checked = "", float("-inf")

    def stamp(self) -> str:
        """What the catalogue looks like now, at most a second old."""
        now = self._clock()
        if now - self._checked >= CHECK_EVERY_S:
            self._stamp, self._checked = self._read_stamp(), now
        return self._stamp

    def get(self, key: Key) -> StoredPage | None:
        page = self._pages.get(key)
        if page is None or page.stamp != self.stamp() or page.until < self._clock():
            return None
        return page

    def put(self, key: Key, body: bytes, content_type: str, stamp: str) -> None:
        """Keep a page drawn under ``stamp`` (read before the drawing began, so that a change meanwhile is noticed)."""
        if len(self._pages) >= MOST_PAGES:
            self._pages = {}
        self._pages[key] = StoredPage(without_token(body), content_type, stamp, self._clock() + KEEP_S)

    def clear(self) -> None:
        self._pages, self._checked = {}, float("-inf")
