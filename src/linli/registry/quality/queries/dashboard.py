"""The dashboard's numbers: sums of what the last examinations found, in the reader's ranges."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import Left
from django.utils import timezone

from linli.foundation.regions.models import Region
from linli.foundation.regions.types import PATH_STEP
from linli.foundation.types import PATH_END, Actor
from linli.registry.quality import policy
from linli.registry.quality.engine import scoring
from linli.registry.quality.models import Examination, Issue, Result, Rule
from linli.registry.quality.types import KINDS
from linli.registry.sources.models import Source

COMMUNITY = 4 * PATH_STEP


@dataclass(slots=True)
class Line:
    """One community, street, county or source: sums by kind, and by rule what the score is made of."""

    key: str
    name: str = ""
    kinds: dict[str, scoring.Sum] = field(default_factory=lambda: {kind: scoring.Sum() for kind in KINDS})
    rules: dict[str, tuple[int, scoring.Sum]] = field(default_factory=dict)
    open: int = 0
    late: int = 0

    def add(self, rule: Rule, total: int, failed: int) -> None:
        self.kinds[rule.kind].add(total, failed)
        self.rules.setdefault(rule.code, (rule.weight, scoring.Sum()))[1].add(total, failed)

    @property
    def score(self) -> float | None:
        return scoring.score(self.rules.values())

    @property
    def flagged(self) -> bool:
        return scoring.flagged(self.score)


@dataclass(slots=True)
class Board:
    """Everything on the dashboard. ``whole`` is the sum of ``places``."""

    whole: Line
    places: list[Line]
    sources: list[Line]
    rules: list[tuple[Rule, scoring.Sum, int]]
    level: str
    as_of: datetime | None


def board(actor: Actor, *, path: str = "") -> Board:
    """``path``: only what lies below this region."""
    rules = {rule.pk: rule for rule in Rule.objects.filter(active=True).order_by("order")}
    rows = _results(actor, path).filter(rule__in=rules)
    width = _width(actor, path)
    whole, places, sources = Line(""), dict[str, Line](), dict[str, Line]()
    counted = rows.filter(source="").annotate(place=Left("region_path", width)).values_list("place", "rule").order_by()
    for place, rule, total, failed in counted.annotate(Sum("total"), Sum("failed")):
        places.setdefault(place, Line(place)).add(rules[rule], total, failed)
        whole.add(rules[rule], total, failed)
    told = rows.exclude(source="").values_list("source", "rule").order_by()
    for source, rule, total, failed in told.annotate(Sum("total"), Sum("failed")):
        sources.setdefault(source, Line(source)).add(rules[rule], total, failed)
    waiting = _waiting(actor, path, width, places, whole)
    _name(places.values(), dict(Region.objects.filter(path__in=list(places)).values_list("path", "name")))
    _name(sources.values(), dict(Source.objects.values_list("code", "name")))
    by_rule = [(rule, whole.rules.get(rule.code, (0, scoring.Sum()))[1], waiting.get(rule.pk, 0)) for rule in rules.values()]
    return Board(
        whole,
        sorted(places.values(), key=lambda one: (one.score is None, one.score, one.key)),
        sorted(sources.values(), key=lambda one: one.key),
        by_rule,
        "community" if width == COMMUNITY else "",
        rows.aggregate(last=Max("as_of"))["last"],
    )


def _results(actor: Actor, path: str) -> QuerySet[Result]:
    rows = Result.objects.filter(policy.results.visible(actor))
    return rows.filter(region_path__gte=path, region_path__lt=path + PATH_END) if path else rows


def _width(actor: Actor, path: str) -> int:
    """Characters of the paths that are told apart: one step below the region that is looked at, communities at most."""
    base = len(path) or min((len(one.lo) for one in actor.ranges), default=0)
    return min(max(base // PATH_STEP + 1, 2) * PATH_STEP, COMMUNITY)


def _waiting(actor: Actor, path: str, width: int, places: dict[str, Line], whole: Line) -> dict[object, int]:
    """Open problems by rule; those of the places and of the whole are written into them."""
    rows = Issue.objects.filter(policy.issues.visible(actor), state="open")
    if path:
        rows = rows.filter(region_path__gte=path, region_path__lt=path + PATH_END)
    late, found = Count("pk", filter=Q(due_on__lt=timezone.localdate())), dict[object, int]()
    counted = rows.annotate(place=Left("region_path", width)).values_list("place", "rule").order_by()
    for place, rule, waits, overdue in counted.annotate(Count("pk"), late=late):
        found[rule] = found.get(rule, 0) + waits
        for line in (whole, places.get(place)):
            if line is not None:
                line.open, line.late = line.open + waits, line.late + overdue
    return found


def _name(lines: Iterable[Line], names: dict[str, str]) -> None:
    for line in lines:
        line.name = names.get(line.key, line.key)


def last_examination(actor: Actor) -> Examination | None:
    return Examination.objects.filter(policy.examinations.visible(actor)).order_by("-begun_at").first()
