"""Turning the data key on line: a new key first, then every value by and by, at last the old key goes.

Blind indexes hang on the index secret, which does not turn: nothing that is searched changes.
"""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection
from django.utils import timezone

from linli.foundation.actions.actions import action
from linli.foundation.audit.engine import recording
from linli.foundation.privacy.engine.keyfile import next_name, write_ring
from linli.foundation.privacy.engine.sealed import SealedTable, sealed_tables
from linli.foundation.privacy.models import KeyTurn
from linli.foundation.privacy.queries.keys import KEEPER, left_of, values_by_key
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.engine import RESEALERS, read_keys_again
from linli.foundation.topics.actions import put_jobs
from linli.foundation.types import Actor
from linli.lib.crypto import KeyRing
from linli.lib.errors import Conflict, Unavailable

log = logging.getLogger(__name__)
JOB: Final = "privacy.turn_keys"
PORTION = 500
"""Rows of a transaction: their locks are held for some tens of milliseconds."""
TURN_S = 10.0
WAIT_S = 5
QUIET_S = settings.SESSION_COOKIE_AGE
"""So long a session may hold something sealed with the former key."""


@action("system", audit="privacy.key_added")
def begin_turn(actor: Actor) -> KeyTurn:
    """Make a new current key and queue the work. `Conflict` KEY_TURN_RUNNING; OSError when the key file cannot be written (then nothing is changed)."""
    running = KeyTurn.objects.filter(state="running").first()
    if running is not None:
        raise Conflict(
            "KEY_TURN_RUNNING", "The values are still being encrypted with %(key)s.", hint="./linli keys status", data={"key": running.name}
        )
    path, ring, now = Path(settings.KEYS_FILE), read_keys_again(), timezone.now()
    name, total = next_name(ring), sum(number for table in values_by_key().values() for number in table.values())
    turn = KeyTurn(name=name, former=ring.current, total=total, started_at=now)
    turn.save(force_insert=True)
    put_jobs(JOB, "default", {}, wait_s=2, unhurried=True)
    write_ring(path, ring.rotated(name), now)  # last: if the transaction fails after all, the ring merely has a key more
    read_keys_again()
    return turn


@action("system", audit="privacy.key_turn_resumed")
def go_on(actor: Actor) -> KeyTurn:
    """Have a stopped turn, or one whose job was lost, go on. `Conflict` KEY_TURN_NONE when everything is done."""
    turn = KeyTurn.objects.select_for_update().exclude(state="done").order_by("-started_at").first()
    if turn is None:
        raise Conflict("KEY_TURN_NONE", "No value waits for another key.", hint="./linli keys status")
    turn.state, turn.changed, turn.table, turn.after = "running", 0, "", ""
    turn.save(update_fields=["state", "changed", "table", "after"])
    put_jobs(JOB, "default", {}, unhurried=True)
    return turn


@action("system", audit="privacy.key_turn_ended")
def _end(actor: Actor, *, turn: KeyTurn, state: str, left: int) -> None:
    turn.state, turn.left, turn.done_at = state, left, timezone.now()
    turn.save(update_fields=["state", "left", "done_at"])


def work(seconds: float = TURN_S) -> bool:
    """Portions for so long; whether something is left to do. Two workers take turns: the row of the turn is held for a portion."""
    until = time.monotonic() + seconds
    while portion():
        if time.monotonic() > until:
            return True
    return False


def portion(size: int = PORTION) -> bool:
    """One transaction: some rows of one table encrypted anew, and where the walk stands. False when nothing is to do, or only after a wait."""
    with scoped(KEEPER):
        turn = KeyTurn.objects.select_for_update().filter(state="running").first()
        if turn is None:
            return False
        ring = read_keys_again()
        tables = sealed_tables()
        at = next((n for n, one in enumerate(tables) if one.table >= turn.table), len(tables))
        if at == len(tables):
            return _pass_done(turn, ring)
        one = tables[at]
        read, changed, last = reencrypt(one, turn.after if turn.table == one.table else "", ring, size)
        turn.table, turn.after = (one.table, last) if read == size else (tables[at + 1].table, "") if at + 1 < len(tables) else ("~", "")
        turn.changed += changed
        turn.counts[one.table] = turn.counts.get(one.table, 0) + changed
        turn.save(update_fields=["table", "after", "changed", "counts"])
    return True


def _pass_done(turn: KeyTurn, ring: KeyRing) -> bool:
    """After the last table: what was written meanwhile, or was held by somebody, is for another pass."""
    left = left_of(values_by_key(), ring.current)
    if left == 0:
        for reseal in RESEALERS.values():
            reseal()
        _end(KEEPER, turn=turn, state="done", left=0)
        return False
    if turn.changed == 0:
        _end(KEEPER, turn=turn, state="stopped", left=left)
        return False
    turn.table, turn.after, turn.changed = "", "", 0
    turn.save(update_fields=["table", "after", "changed"])
    return True


def reencrypt(one: SealedTable, after: str, ring: KeyRing, size: int) -> tuple[int, int, str]:
    """Rows read, values changed, key of the last row. A value that does not open stays as it is and is told in the log, by table and key."""
    header = ring.header
    with connection.cursor() as cursor:
        cursor.execute(one.next_rows, [after or None, after or None, *[header] * (2 * len(one.columns)), size])
        rows = cursor.fetchall()
        given, changed = [], 0
        for key, *olds in rows:
            pairs = []
            for old in olds:
                new = _anew(old, ring, one.table, key)
                changed += new != old
                pairs += [old, new]
            given.append((key, *pairs))
        if given:
            cursor.execute(one.change, [list(column) for column in zip(*given, strict=True)])
    return len(rows), changed, str(rows[-1][0]) if rows else ""


def _anew(old: bytes | None, ring: KeyRing, table: str, key: str) -> bytes | None:
    if old is None:
        return None
    try:
        return ring.encrypt(ring.decrypt(old)) if ring.needs_rotation(old) else old
    except Unavailable as error:
        log.error("a value of %s, row %s, does not open: %s", table, key, error.code)
        return old


@action("system", audit="privacy.key_retired")
def retire(actor: Actor, *, name: str, at_once: bool = False) -> Path:
    """Take a key out of the ring; returns where the former key file is, which older backups need.

    `Conflict` KEY_CURRENT, KEY_UNKNOWN, KEY_NEEDED (with how many values), KEY_TOO_FRESH: a session may still hold something sealed with it
    (``at_once`` does not ask).
    """
    path, ring = Path(settings.KEYS_FILE), read_keys_again()
    data: dict[str, object] = {"key": name, "known": ", ".join(ring.key_ids)}
    if name == ring.current:
        raise Conflict("KEY_CURRENT", "%(key)s is the key in use.", hint="./linli keys rotate", data=data)
    if name not in ring.key_ids:
        raise Conflict("KEY_UNKNOWN", "There is no key %(key)s; the key file has %(known)s.", data=data)
    needed = _needing(name)
    if needed:
        raise Conflict("KEY_NEEDED", "%(n)s values still need %(key)s.", hint="./linli keys go-on", data={**data, "n": needed})
    turned = KeyTurn.objects.filter(former=name).order_by("-started_at").first()
    if turned is not None and not at_once and (timezone.now() - turned.started_at).total_seconds() < QUIET_S:
        raise Conflict(
            "KEY_TOO_FRESH",
            "%(key)s was in use until less than %(n)s minutes ago: open sessions may still need it.",
            hint="Wait, or say --at-once: what a clerk has begun at the counter is then asked again.",
            data={**data, "n": QUIET_S // 60},
        )
    for reseal in RESEALERS.values():
        reseal()
    kept = write_ring(path, ring.without(name), timezone.now())
    read_keys_again()
    record = recording.get()
    if record is not None:
        record.notes["key"] = name
    return kept


def _needing(name: str) -> int:
    return sum(table.get(name, 0) for table in values_by_key().values())
