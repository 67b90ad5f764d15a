"""The rules of the pack, as values."""

from __future__ import annotations

from linli.foundation.privacy.engine.declared import ERASERS, KEEPINGS
from linli.foundation.privacy.models import Rule, Sweep

ANSWER_DAYS = 15
"""Working days, where no pack says otherwise (community.md 13.1: a default of this city; the law says "in time")."""


def answer_days() -> int:
    """Working days in which a request is answered."""
    rule = Rule.objects.filter(kind="answer", active=True).order_by("order").first()
    return rule.days if rule else ANSWER_DAYS


def erase_rules(*, erasable: bool) -> list[Rule]:
    """What may be erased at somebody's wish, or what must stay and why, in the pack's order. A rule nobody can carry out is not offered."""
    rows = list(Rule.objects.filter(kind="erase", active=erasable).order_by("order", "code"))
    return [row for row in rows if row.code in ERASERS] if erasable else rows


def keep_rules(*, active: bool | None = None) -> list[Rule]:
    """How long kinds of records are kept, in the pack's order; those that nothing here keeps are left out."""
    rows = Rule.objects.filter(kind="keep").order_by("order", "code")
    return [row for row in (rows if active is None else rows.filter(active=active)) if row.code in KEEPINGS]


def last_sweeps() -> dict[str, list[Sweep]]:
    """Code -> the nights on which something ended, the newest first, at most three."""
    found: dict[str, list[Sweep]] = {}
    for row in Sweep.objects.filter(ended__gt=0).order_by("-day")[:300]:
        rows = found.setdefault(row.code, [])
        if len(rows) < 3:
            rows.append(row)
    return found
