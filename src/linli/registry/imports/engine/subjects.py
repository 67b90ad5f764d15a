"""What a file can be about: people, or organisations. Each registers how its rows are judged, written, taken back and told of; the steps around it
(keeping the file, reading it, portions, verdicts, going on after a kill) are the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from linli.lib.registry import Registry

Done = Callable[..., Any]


@dataclass(frozen=True)
class Subject:
    """Everything is called under a job's rights but ``sides``.

    ``judge(batch, actor, lines)`` makes what judges its portions (`queries.Judge`); ``write(batch, judged)`` writes one of them and gives its
    rows back, told apart by whether anything has changed; ``withdraw(batch, entries)`` takes back what these entries brought;
    ``outlook(actor, batch)`` says it beforehand. ``link(said, doubt, subject_id)`` and ``enter(actor, doubt, said, community)`` carry out a
    decision about a doubtful row, the second giving the new key. ``sides(actor, doubt)``: the row and its candidates side by side.
    ``note(actor, ids)`` opens and closes correction notes. ``page``: name of the address of one of them.
    """

    judge: Done
    write: Done
    withdraw: Done
    outlook: Done
    link: Done
    enter: Done
    sides: Done
    note: Done
    page: str


SUBJECTS: Registry[Subject] = Registry("subject of files")
