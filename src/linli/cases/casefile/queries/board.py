"""Counts for the supervision board and the performance table: what is in the actor's sight, added up by PostgreSQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Substr
from django.utils import timezone

from linli.cases.casefile import policy
from linli.cases.casefile.models import Case, Material, Task, TimelineEntry
from linli.cases.casefile.queries.desk import OPEN_STATES, below
from linli.cases.casefile.queries.facts import budget
from linli.cases.casefile.types import State
from linli.cases.catalogue.queries import definition_of
from linli.cases.catalogue.types import MatterSpec
from linli.cases.supervision.engine import Counts
from linli.cases.supervision.models import Card, Suspension
from linli.cases.supervision.policy import cards as card_protection
from linli.cases.supervision.queries import ledgers
from linli.foundation.calendar.queries import current
from linli.foundation.regions.models import Region
from linli.foundation.types import Actor
from linli.lib.remembered import remembered

STEP = 5  # characters of a region path per level
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
    states: dict[str, int] = field(default_factory=lambda: {str(state): 0 for state in OPEN_STATES})  # in the order of the columns
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
    """Every case decided in the period against its promise; so many queries, however many cases."""
    rows = cases_in(actor, path).filter(decided_at__gte=since, decided_at__lt=until, outcome__in=("granted", "refused"))
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
    stops = ledgers(rows.filter(suspensions__gt=0).values("pk"))
    promises: dict[UUID, _Promise] = {}
    for case in rows.values_list(*_Closed._fields).iterator(chunk_size=5000):
        one = _Closed(*case)
        if one.version_id not in promises:
            promises[one.version_id] = _Promise.of(definition_of(one.version_id).spec)
        _measure(one, promises[one.version_id], sums[one.region_path[:width]], stops.get(one.id, ()))
    papers = Material.objects.filter(case__in=rows.values("pk")).annotate(place=Substr(F("case__region_path"), Value(1), Value(width)))
    for row in papers.values("place").annotate(n=Count("id"), spared=Count("id", filter=Q(state__in=("shared", "waived")))).order_by():
        sums[row["place"]]["materials_required"] += row["n"]
        sums[row["place"]]["materials_waived"] += row["spared"]


class _Closed(NamedTuple):
    """What is measured of a decided case; the fields are columns."""

    id: UUID
    region_path: str
    version_id: UUID
    accepted_at: datetime | None
    submitted_at: datetime
    decided_at: datetime
    due_at: datetime | None
    corrections: int
    channel: str


@dataclass(frozen=True)
class _Promise:
    """What a matter version promised, in working days; None where it names no limit."""

    days: tuple[int, int] | None  # statutory, promised
    no_visit: bool
    instant: bool

    @classmethod
    def of(cls, spec: MatterSpec) -> _Promise:
        promised, statutory = budget(spec.promised), budget(spec.statutory)
        days = (_workdays(statutory.amount, statutory.unit), _workdays(promised.amount, promised.unit)) if promised and statutory else None
        return cls(days, spec.visit_times == 0, spec.handle_kind == "instant")


def _measure(case: _Closed, promise: _Promise, one: dict[str, int], stops: Sequence[Suspension]) -> None:
    used = _used(timezone.localdate(case.accepted_at or case.submitted_at), timezone.localdate(case.decided_at))
    for stop in stops:
        used -= _used(timezone.localdate(stop.since), timezone.localdate(stop.until or case.decided_at))
    on_time = case.due_at is None or case.decided_at < case.due_at
    one["closed"] += 1
    one["due_to_close"] += 1
    one["on_time"] += on_time
    one["used_days"] += max(0, used)
    if promise.days:
        one["statutory_days"] += promise.days[0]
        one["promised_days"] += promise.days[1]
        one["early"] += on_time and used < promise.days[1]
    one["done_once"] += case.corrections == 0
    one["no_visit"] += case.channel == "portal" and promise.no_visit
    one["immediate"] += promise.instant


@remembered(seconds=10)
def _used(since: date, until: date) -> int:
    """Working days between two days: tens of thousands of cases share a few hundred pairs."""
    return current().workdays_between(since, until)


def _workdays(amount: object, unit: object) -> int:
    """A budget in working days; calendar days count five of seven."""
    whole = int(str(amount))
    return whole if str(unit) == "W" else whole * 5 // 7 if str(unit) == "N" else whole * 21 if str(unit) == "M" else max(1, whole // 8)
