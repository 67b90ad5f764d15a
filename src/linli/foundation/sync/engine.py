"""What may be sent from off line, and how a list of items is read. Pure: no database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias
from uuid import UUID

from django.utils.translation import gettext_noop

from linli.foundation.sync.types import Answer, Told
from linli.foundation.types import Actor
from linli.lib.errors import Invalid
from linli.lib.registry import Registry

Handler: TypeAlias = Callable[[Actor, Mapping[str, Any], str], Answer]
"""Actor, payload and base version -> answer. Runs inside a savepoint; a `LinliError` makes the item refused and undoes what it wrote."""

ITEMS: Registry[Handler] = Registry("kind of off-line item")

MOST_ITEMS = 50
"""Items a request may bring; the phone sends the rest with the next one."""
MOST_BYTES = 4 * 1024 * 1024
"""Size of a request: one photo of 2 MB in base64 and what stands around it."""
A_MINUTE = 240
"""Items a worker may bring a minute: a day's queue in one go, not a program gone wild."""


WIPE: Final = {"device": "wipe", "answers": []}
"""What a revoked phone is told: forget everything."""


def phone_key(header: str) -> UUID:
    """Which phone a request comes from (`X-Device`); `Invalid` PHONE_UNNAMED."""
    try:
        return UUID(header)
    except ValueError as error:
        raise Invalid(
            "PHONE_UNNAMED", gettext_noop("The phone did not say which one it is."), hint=gettext_noop("Reload the page on the phone.")
        ) from error


def read_items(body: bytes) -> list[Told]:
    """The items of a request; `Invalid` SYNC_TOO_LARGE, SYNC_TOO_MANY, SYNC_FORMAT."""
    if len(body) > MOST_BYTES:
        raise Invalid("SYNC_TOO_LARGE", gettext_noop("This is more than can be taken at once."), status=413)
    try:
        rows = json.loads(body)
    except ValueError as error:
        raise _unreadable() from error
    if not isinstance(rows, list):
        raise _unreadable()
    if len(rows) > MOST_ITEMS:
        raise Invalid(
            "SYNC_TOO_MANY",
            gettext_noop("At most %(most)s items can be taken at once."),
            hint=gettext_noop("Send the others afterwards."),
            data={"most": MOST_ITEMS},
        )
    return [_item(row) for row in rows]


def _item(row: Any) -> Told:
    if not isinstance(row, dict) or not isinstance(row.get("payload"), dict):
        raise _unreadable()
    kind, base = row.get("kind"), row.get("base", "")
    if not isinstance(kind, str) or not isinstance(base, str) or len(kind) > 40 or len(base) > 80:
        raise _unreadable()
    try:
        key, worker = UUID(str(row.get("key"))), UUID(str(row.get("worker")))
    except ValueError as error:
        raise _unreadable() from error
    said = json.dumps([kind, base, row["payload"]], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return Told(key, kind, worker, base, row["payload"], hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest())


def _unreadable() -> Invalid:
    return Invalid("SYNC_FORMAT", gettext_noop("What the phone sent cannot be read."), hint=gettext_noop("Reload the page on the phone."))


SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS", "HarmonyOS"), ("Windows", "Windows"))
BROWSERS = (("MicroMessenger", "WeChat"), ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))


def name_of(agent: str) -> str:
    """What to call a phone in a list, from what its browser says of itself."""
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    return " ".join(part for part in (system, browser) if part) or agent[:60] or "?"
