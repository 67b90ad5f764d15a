"""The state of a process as text: what was done, in order, and what is open. Small (about 150 bytes a step), so a million cases fit.

It holds no picture of the engine. Whoever opens it replays the records that still count; a replay gives the same tokens every time, and
opening fails loudly if it does not. Times are ISO 8601 with offset.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from linli.lib.errors import Invalid

from ..types import EntryKind, HistoryEntry, InvariantError

VERSION = 1
MAX_ENTRIES = 500
"""Far beyond any real case; a process that turns in circles is stopped for a person to look at."""

Key = tuple[str, tuple[int, ...]]


@dataclass(slots=True)
class Entry:
    seq: int
    kind: EntryKind
    step: str
    token: str
    causes: tuple[int, ...]
    at: str
    outcome: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    signed: list[str] = field(default_factory=list)
    undone: int | None = None

    @property
    def counts(self) -> bool:
        """It is part of what led to the present, to be replayed."""
        return self.kind != "return" and self.undone is None

    def as_history(self) -> HistoryEntry:
        return HistoryEntry(
            seq=self.seq,
            kind=self.kind,
            step_id=self.step,
            token_id=self.token,
            outcome="" if self.kind == "return" else self.outcome,
            data=self.data,
            at=datetime.fromisoformat(self.at),
            signed=tuple(self.signed),
            undone_by=self.undone,
            target=self.outcome if self.kind == "return" else None,
        )


@dataclass(slots=True)
class Open:
    """A token that waits: a step or a timer."""

    token: str
    step: str
    causes: tuple[int, ...]
    since: str
    due: str | None = None
    added: list[str] = field(default_factory=list)
    signed: list[str] = field(default_factory=list)

    @property
    def key(self) -> Key:
        return self.step, self.causes


@dataclass(slots=True)
class Record:
    spec: str
    data: dict[str, Any]
    log: list[Entry] = field(default_factory=list)
    open: list[Open] = field(default_factory=list)
    next_token: int = 1
    withdrawn: bool = False

    def dump(self) -> str:
        """The state as text. Facts that JSON cannot hold are refused with `Invalid`."""
        body = {
            "v": VERSION,
            "spec": self.spec,
            "n": self.next_token,
            "data": self.data,
            "log": [_entry_out(e) for e in self.log],
            "open": [_open_out(o) for o in self.open],
        }
        if self.withdrawn:
            body["withdrawn"] = True
        return _text(body)

    @classmethod
    def load(cls, state: str) -> Record:
        try:
            body = json.loads(state)
            if body["v"] != VERSION:
                raise InvariantError(f"state of version {body['v']}")
            log = [_entry_in(number, e) for number, e in enumerate(body["log"], 1)]
            open_ = [_open_in(o) for o in body["open"]]
            return cls(body["spec"], body["data"], log, open_, body["n"], body.get("withdrawn", False))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InvariantError("the stored state cannot be read") from error

    def token(self, token_id: str) -> Open | None:
        return next((o for o in self.open if o.token == token_id), None)

    def past(self, causes: tuple[int, ...]) -> set[int]:
        """Numbers of all records that led here, directly or through others."""
        found: set[int] = set()
        todo = list(causes)
        while todo:
            seq = todo.pop()
            if seq not in found:
                found.add(seq)
                todo += self.log[seq - 1].causes
        return found

    def after(self, seq: int) -> set[int]:
        """Numbers of the counting records that exist because of record `seq`, with itself. Causes always have lower numbers."""
        found = {seq}
        for entry in self.log[seq:]:
            if entry.counts and not found.isdisjoint(entry.causes):
                found.add(entry.seq)
        return found


def checked_facts(data: dict[str, Any], reserved: frozenset[str]) -> dict[str, Any]:
    """A copy of facts from outside, as JSON would give it back. Refuses names the language keeps for itself."""
    for name in data:
        if not isinstance(name, str) or not name.isidentifier() or name.startswith("_") or name in reserved:
            raise Invalid("PROCESS_FACT", "%(name)s cannot be the name of a fact.", field=str(name), data={"name": name})
    return dict(json.loads(_text(data))) if data else {}


def _text(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise Invalid("PROCESS_FACT", "Facts of a process must be texts, numbers, yes/no or lists of them.") from error


_ENTRY = {"kind": "k", "step": "s", "token": "t", "causes": "c", "at": "at", "outcome": "o", "data": "d", "signed": "g", "undone": "x"}
_OPEN = {"token": "t", "step": "s", "causes": "c", "since": "at", "due": "due", "added": "a", "signed": "g"}


def _entry_out(entry: Entry) -> dict[str, Any]:
    return {short: value for name, short in _ENTRY.items() if (value := getattr(entry, name)) not in (None, "", [], {}, ())}


def _entry_in(seq: int, body: dict[str, Any]) -> Entry:
    values = {name: body[short] for name, short in _ENTRY.items() if short in body}
    return Entry(seq=seq, **{**values, "causes": tuple(values.get("causes", ()))})


def _open_out(token: Open) -> dict[str, Any]:
    return {short: value for name, short in _OPEN.items() if (value := getattr(token, name)) not in (None, "", [], ())}


def _open_in(body: dict[str, Any]) -> Open:
    values = {name: body[short] for name, short in _OPEN.items() if short in body}
    return Open(**{**values, "causes": tuple(values.get("causes", ()))})
