"""Counts for the supervision board and the performance table: what is in the actor's sight, added up by PostgreSQL."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Substr
from django.utils import timezone

from linli.cases.casefile import policy
from linli.cases.casefile.models import Case, Material, Task, TimelineEntry
from linli.cases.casefile.queries.desk import OPEN_STATES, below
from linli.cases.casefile.queries.facts import budget, suspensions
from linli.cases.casefile.types import State
from linli.cases.catalogue.queries import definition_of
from linli.cases.supervision.engine import Counts
from linli.cases.supervision.models import Card
from linli.cases.supervision.policy import cards as card_protection
from linli.foundation.calendar.queries import current
from linli.foundation.regions.models import Region
from linli.foundation.types import Actor

STEP = 5  # characters of a region path per level
MEASURED = 5000  # cases whose days are measured one by one; beyond it the day figures are of the latest so many
NEWEST = 12


@dataclass
class Line:
    """One region of the board."""

    path: str
    name: str
    open: int = 0
    late: int = 0
    soon: int = 0
    still: int = 0
    states: dict[str, int] = field(default_factory=dict)
    cards: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Board:
    """Counts of a region and of each region below it."""

    region: Region | None
    total: Line
    lines: list[Line]
    newest: list[TimelineEntry]


def top_path(actor: Actor) -> str:
    """The region a person's board begins at: the widest of the posts."""
    return min((r.lo for r in actor.ranges), key=len, default="")


def cases_in(actor: Actor, path: str) -> QuerySet[Case]:
    rows = Case.objects.filter(policy.cases.visible(actor))
    return rows.filter(below(path)) if path else rows


def board(actor: Actor, path: str, now: datetime) -> Board:
    """Open cases and open cards of the regions directly below ``path``."""
    region = Region.objects.filter(path=path, valid_to=None).first() if path else None
    width = len(path) + STEP
    rows = cases_in(actor, path).filter(state__in=OPEN_STATES)
    soon = current().next_workday(timezone.localdate(now))
    until = timezone.make_aware(datetime.combine(soon, time.max))
    running = ~Q(state=State.SUSPENDED)
    counted = (
        rows.annotate(place=Substr(F("region_path"), Value(1), Value(width)))
        .values("place", "state")
        .annotate(
            n=Count("id"),
            late=Count("id", filter=running & Q(due_at__lte=now)),
            soon=Count("id", filter=running & Q(due_at__gt=now, due_at__lte=until)),
        )
        .order_by()
    )
    lines: dict[str, Line] = {}
    for row in counted:
        line = lines.setdefault(row["place"], Line(row["place"], ""))
        line.open += row["n"]
        line.late += row["late"]
        line.soon += row["soon"]
        line.still += row["n"] if row["state"] == State.SUSPENDED else 0
        line.states[row["state"]] = line.states.get(row["state"], 0) + row["n"]
    _add_cards(actor, path, width, lines)
    names = dict(Region.objects.filter(path__in=list(lines), valid_to=None).values_list("path", "name"))
    for place, line in lines.items():
        line.name = names.get(place, place)
    newest = list(
        TimelineEntry.objects.filter(case__in=cases_in(actor, path).order_by("-id").values("id")[:400])
        .select_related("case")
        .order_by("-at")[:NEWEST]
    )
    return Board(region, _sum(path, region.name if region else "", lines.values()), sorted(lines.values(), key=lambda x: x.path), newest)


def _add_cards(actor: Actor, path: str, width: int, lines: dict[str, Line]) -> None:
    cards = Card.objects.filter(card_protection.visible(actor)).exclude(state__in=("closed", "cancelled"))
    if path:
        cards = cards.filter(below(path))
    for row in (
        cards.annotate(place=Substr(F("region_path"), Value(1), Value(width))).values("place", "colour").annotate(n=Count("id")).order_by()
    ):
        line = lines.setdefault(row["place"], Line(row["place"], ""))
        line.cards[row["colour"]] = row["n"]


def _sum(path: str, name: str, lines: object) -> Line:
    total = Line(path, name)
    for line in lines:  # type: ignore[attr-defined]
        total.open, total.late, total.soon, total.still = (
            total.open + line.open,
            total.late + line.late,
            total.soon + line.soon,
            total.still + line.still,
        )
        for key, n in line.states.items():
            total.states[key] = total.states.get(key, 0) + n
        for key, n in line.cards.items():
            total.cards[key] = total.cards.get(key, 0) + n
    return total


def drill(actor: Actor, path: str, *, state: str = "", light: str = "", now: datetime) -> QuerySet[Case]:
    """The cases behind a number of the board: open ones, oldest due first."""
    rows = cases_in(actor, path).filter(state__in=OPEN_STATES).select_related("region")
    if state:
        rows = rows.filter(state=state)
    if light == "late":
        rows = rows.exclude(state=State.SUSPENDED).filter(due_at__lte=now)
    elif light == "soon":
        until = timezone.make_aware(datetime.combine(current().next_workday(timezone.localdate(now)), time.max))
        rows = rows.exclude(state=State.SUSPENDED).filter(due_at__gt=now, due_at__lte=until)
    return rows.order_by("due_at", "id")


def performance(actor: Actor, path: str, first: date, last: date) -> dict[str, Counts]:
    """Counts of services.md §2.6 by the region below ``path``, over cases closed (or handed in) from ``first`` to ``last``, both included.

    Cases taken back or not accepted are no completed ones. Days are working days without suspensions.
    """
    since = timezone.make_aware(datetime.combine(first, time.min))
    until = timezone.make_aware(datetime.combine(last + timedelta(days=1), time.min))
    width = len(path) + STEP
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    _applications(actor, path, since, until, width, sums)
    _closed(actor, path, since, until, width, sums)
    cards = (
        Card.objects.filter(card_protection.visible(actor), issued_at__gte=since, issued_at__lt=until)
        .exclude(state="cancelled")
        .exclude(colour="blue")
    )
    cards = cards.filter(below(path)) if path else cards
    for row in (
        cards.annotate(place=Substr(F("region_path"), Value(1), Value(width))).values("place", "colour").annotate(n=Count("id")).order_by()
    ):
        sums[row["place"]][row["colour"]] += row["n"]
    return {place: Counts(**values) for place, values in sorted(sums.items())}  # type: ignore[arg-type]


def _applications(actor: Actor, path: str, since: datetime, until: datetime, width: int, sums: dict[str, dict[str, int]]) -> None:
    rows = cases_in(actor, path).filter(submitted_at__gte=since, submitted_at__lt=until)
    returned = Q(id__in=Task.objects.filter(outcome="return").values("case_id"))
    for row in (
        rows.annotate(place=Substr(F("region_path"), Value(1), Value(width)))
        .values("place")
        .annotate(
            n=Count("id"),
            online=Count("id", filter=~Q(channel="counter")),
            corrected=Count("id", filter=Q(corrections__gt=0)),
            back=Count("id", filter=returned),
        )
        .order_by()
    ):
        one = sums[row["place"]]
        one["applications"] += row["n"]
        one["online"] += row["online"]
        one["corrected"] += row["corrected"]
        one["returned"] += row["back"]


def _closed(actor: Actor, path: str, since: datetime, until: datetime, width: int, sums: dict[str, dict[str, int]]) -> None:
    """Cases decided in the period, measured one by one against their promise."""
    rows = cases_in(actor, path).filter(decided_at__gte=since, decided_at__lt=until, outcome__in=("granted", "refused"))
    measured = list(rows.order_by("-decided_at")[:MEASURED])
    due = (
        cases_in(actor, path)
        .filter(due_at__gte=since, due_at__lt=until, decided_at=None, state__in=OPEN_STATES)
        .exclude(state=State.SUSPENDED)
    )
    for row in (
        due.filter(due_at__lt=timezone.now())
        .annotate(place=Substr(F("region_path"), Value(1), Value(width)))
        .values("place")
        .annotate(n=Count("id"))
        .order_by()
    ):
        sums[row["place"]]["due_to_close"] += row["n"]
    waived = {
        row["case_id"]: row
        for row in Material.objects.filter(case__in=[c.pk for c in measured])
        .values("case_id")
        .annotate(n=Count("id"), spared=Count("id", filter=Q(state__in=("shared", "waived"))))
    }
    for case in measured:
        _measure(case, sums[case.region_path[:width]], waived.get(case.pk))


def _measure(case: Case, one: dict[str, int], materials: Any) -> None:
    spec = definition_of(case.version_id).spec
    assert case.decided_at is not None  # noqa: S101 - narrows a type
    start = case.accepted_at or case.submitted_at
    promised, statutory, calendar = budget(spec.promised), budget(spec.statutory), current()
    used = calendar.workdays_between(timezone.localdate(start), timezone.localdate(case.decided_at))
    for stop in suspensions(case.pk) if case.suspensions else ():
        used -= calendar.workdays_between(timezone.localdate(stop.start), timezone.localdate(stop.end or case.decided_at))
    on_time = case.due_at is None or case.decided_at < case.due_at
    one["closed"] += 1
    one["due_to_close"] += 1
    one["on_time"] += on_time
    one["used_days"] += max(0, used)
    if promised and statutory:
        days = [_workdays(b.amount, b.unit) for b in (statutory, promised)]
        one["statutory_days"] += days[0]
        one["promised_days"] += days[1]
        one["early"] += on_time and used < days[1]
    one["done_once"] += case.corrections == 0
    one["no_visit"] += case.channel == "portal" and spec.visit_times == 0
    one["immediate"] += spec.handle_kind == "instant"
    if materials:
        one["materials_required"] += materials["n"]
        one["materials_waived"] += materials["spared"]


def _workdays(amount: object, unit: object) -> int:
    """A budget in working days; calendar days count five of seven."""
    whole = int(str(amount))
    return whole if str(unit) == "W" else whole * 5 // 7 if str(unit) == "N" else whole * 21 if str(unit) == "M" else max(1, whole // 8)
