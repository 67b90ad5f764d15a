"""Data quality in a synthetic city: communities examined, problems mended and waived, connectors that worked and failed, a comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from linli.foundation.access.queries import actor_with
from linli.foundation.accounts.models import User
from linli.foundation.actions.actions import action
from linli.foundation.actions.engine import CityContext
from linli.foundation.regions.models import Region
from linli.foundation.regions.queries import at_level, by_path
from linli.foundation.scope.actions import scoped
from linli.foundation.types import PATH_END, Actor, system_actor
from linli.registry.households.actions.residents import featured_residents
from linli.registry.imports import queries as imports
from linli.registry.imports.actions import check_on, load_on
from linli.registry.imports.actions.arriving import follow, keep_records, pull_on
from linli.registry.imports.actions.connecting import save_connector
from linli.registry.imports.models import Connector
from linli.registry.imports.queries.city import data_officer
from linli.registry.people.models import Person
from linli.registry.people.queries import text_of
from linli.registry.premises.models import Premises
from linli.registry.quality.actions.deciding import waive
from linli.registry.quality.actions.reconciling import JOB as COMPARER
from linli.registry.quality.actions.reconciling import compare_now, order_comparison
from linli.registry.quality.actions.running import JOB as EXAMINER
from linli.registry.quality.actions.running import examine_community
from linli.registry.quality.engine.demo import ConnectorPlan, DemoPlan, read_plan
from linli.registry.quality.models import Comparison, Examination, Issue, Result, Rule

JOB: Final = system_actor("city.quality")
SAID: Final = ("name", "id_number", "birth_date")
FOUND_BEFORE, WAIVED, FAULTY = timedelta(days=9), 2, 6
LARGEST = 1500
"""People of the region that is compared: enough for a rate, not so many that a large city is held up."""


def build_quality(city: CityContext) -> None:
    """Nothing where no pack has rules, there is no data officer, or it was done before."""
    plan = read_plan()
    with scoped(JOB):
        officer = data_officer()
        ready = plan is not None and officer is not None and Rule.objects.exists() and not Examination.objects.exists()
        paths = _communities(plan.communities) if ready and plan else []
    if plan is None or officer is None or not paths:
        return
    _examined(paths)
    _waived(actor_with(officer.pk), plan)
    _Connected(officer.pk, plan, min(city.as_of, timezone.localdate())).build()
    with scoped(JOB):
        city.say(f"{Issue.objects.filter(state='open').count()} problems of data in {len(paths)} communities")


def _communities(most: int) -> list[str]:
    """Those of the residents the tour follows, then those with the most people."""
    counted: dict[str, int] = {}
    for row in Person.objects.values("region_path").annotate(n=Count("pk")).order_by():
        path = at_level(row["region_path"], "community")
        counted[path] = counted.get(path, 0) + row["n"]
    first = {at_level(one.region_path, "community") for one in featured_residents(JOB).values()}
    return sorted(counted, key=lambda path: (path not in first, -counted[path], path))[:most]


def _examined(paths: Sequence[str]) -> None:
    with scoped(JOB):
        row = Examination(region_path="0", begun_at=timezone.now())
        row.save(force_insert=True)
    for path in paths:
        stock_community(JOB, path=path)
        examine_community(EXAMINER, path=path)
    with scoped(JOB):
        row.state, row.communities, row.ended_at = "done", len(paths), timezone.now()
        row.save(update_fields=["state", "communities", "ended_at"])


@action("system", audit="quality.demo_made")
def stock_community(actor: Actor, *, path: str) -> None:
    """A synthetic register has no faults of its own: a few are made here, of people without accounts; and what the last examination had found and the
    community has mended since, so that today's closes it."""
    now = timezone.now()
    rule = Rule.objects.filter(code="address_missing", active=True).first()
    here = Person.objects.filter(region_path__gte=path, region_path__lt=path + PATH_END, died_on=None).exclude(live_address="")
    accounts = User.objects.filter(person_id=OuterRef("pk"))  # not by a list: in a large city a third of a million
    people = list(here.filter(~Exists(accounts)).order_by("birth_date", "pinyin", "name", "id_index")[:FAULTY])
    for person in people[:3] if rule else []:
        due = (now - FOUND_BEFORE).date() + timedelta(days=rule.days if rule else 0)
        Issue(rule=rule, subject_id=person.pk, region_path=person.region_path, due_on=due, found_at=now - FOUND_BEFORE).save(
            force_insert=True
        )
    Person.objects.filter(pk__in=[one.pk for one in people[3:5]]).update(live_address="")
    Person.objects.filter(pk__in=[one.pk for one in people[5:6]]).update(marital="")
    homes = Premises.objects.filter(region_path__gte=path, region_path__lt=path + PATH_END).order_by("addr_code")[:1]
    Premises.objects.filter(pk__in=[one.pk for one in homes]).update(door_no="", building="")


def _waived(actor: Actor, plan: DemoPlan) -> None:
    with scoped(JOB):
        rows = Issue.objects.filter(state="open").select_related("rule").order_by("rule__order", "region_path", "id")
        names = dict(Person.objects.filter(pk__in=rows.values("subject_id")).values_list("pk", "name"))
        chosen = sorted(rows, key=lambda one: (one.rule.order, one.region_path, names.get(one.subject_id, "")))
    for issue, reason in zip(chosen[:WAIVED], plan.reasons, strict=False):
        waive(actor, issue_id=issue.pk, reason=reason)


class _Connected:
    """The data officer's connectors: one that works, one that fails, one whose delivery is compared with the register."""

    def __init__(self, officer: UUID, plan: DemoPlan, day: date) -> None:
        self._actor, self._officer, self._plan, self._day = actor_with(officer), officer, plan, day

    def build(self) -> None:
        with scoped(JOB):
            place = self._compared()
            region = by_path(place) if place else None
            if place is None or region is None:
                return
            people = self._people(place)
            inside = by_path(at_level(people[0].region_path, "community"))
            others = [one for one in self._people(None) if not one.region_path.startswith(place)][: self._plan.only_theirs]
            told = [self._record(one, self._plan.works.layout, None) for one in people[: self._plan.delivered]]
            whole = [self._record(one, self._plan.compared.layout, None) for one in people[self._plan.only_ours :]]
            whole += [self._record(one, self._plan.compared.layout, inside) for one in others]
        self._deliver(self._save(self._plan.works, loads=True), told)
        pull_on(self._save(self._plan.fails, loads=True).pk)
        batch = self._deliver(self._save(self._plan.compared, loads=False), whole)
        if batch is not None:
            row = order_comparison(self._actor, batch_id=batch, region=region.code)
            compare_now(COMPARER, comparison_id=row.pk)

    def _compared(self) -> str | None:
        """The region with the most people that is not too large to be compared in a moment: a community of a large city, a street of a small one."""
        counted: dict[str, int] = {}
        rows = Person.objects.exclude(id_index=None).exclude(birth_date=None).filter(died_on=None)
        for row in rows.values("region_path").annotate(n=Count("pk")).order_by():
            for level in ("county", "street", "community"):
                path = at_level(row["region_path"], level)
                counted[path] = counted.get(path, 0) + row["n"]
        fit = [path for path, n in counted.items() if n <= LARGEST]
        return min(fit, key=lambda path: (-counted[path], path), default=None)

    def _people(self, path: str | None) -> list[Person]:
        rows = Person.objects.exclude(id_index=None).exclude(birth_date=None).filter(died_on=None)
        if path is not None:
            rows = rows.filter(region_path__gte=path, region_path__lt=path + PATH_END)
        return list(rows.order_by("birth_date", "pinyin", "name", "id_index")[: LARGEST if path else 200])

    def _record(self, person: Person, layout: str, place: Region | None) -> dict[str, str]:
        """As the office sends it; ``place``: where it says she lives, if not where we do."""
        mapping = imports.layout(layout)
        where = place or by_path(at_level(person.region_path, "community"))
        values = {name: text_of(person, name) for name in SAID} | {"region": where.code[:12] if where else ""}
        columns = {one.attribute: one.headings[0] for one in mapping.columns if one.attribute}
        record = {columns[name]: value for name, value in values.items() if name in columns}
        return record | ({mapping.key: values["id_number"]} if mapping.key else {})

    def _save(self, one: ConnectorPlan, *, loads: bool) -> Connector:
        given: dict[str, Any] = {
            "every_minutes": one.every_minutes,
            "loads": loads,
            "most_refused": 1,
            "client_id": self._officer if one.kind == "push" else None,
        }
        return save_connector(
            self._actor, name=one.name, layout=one.layout, kind=one.kind, address=dict(one.address), secret=one.secret, **given
        )

    def _deliver(self, connector: Connector, records: list[dict[str, str]]) -> UUID | None:
        with scoped(JOB):
            arrival = keep_records(connector, records, f"city-{self._day:%Y%m%d}", day=self._day)
        if arrival.batch_id is None:
            return None
        self._turns(arrival.batch_id, "checking", check_on)
        follow(arrival.batch_id)
        self._turns(arrival.batch_id, "loading", load_on)
        follow(arrival.batch_id)
        return arrival.batch_id

    def _turns(self, batch: UUID, state: str, step: Callable[[UUID], None]) -> None:
        while self._state(batch) == state:
            step(batch)

    def _state(self, batch: UUID) -> str:
        with scoped(JOB):
            return str(imports.get_batch(JOB, batch).state)


def export_quality() -> Iterator[str]:
    """Sums, problems and comparisons by codes and paths; keys of people are left out."""
    with scoped(JOB):
        for row in Result.objects.select_related("rule").order_by("region_path", "rule__order", "source"):
            yield f"quality\t{row.region_path}\t{row.rule.code}\t{row.source}\t{row.total}\t{row.failed}"
        counted = Issue.objects.values_list("region_path", "rule__code", "state", "reason").annotate(n=Count("pk"))
        for path, rule, state, reason, n in counted.order_by("region_path", "rule__code", "state", "reason"):
            yield f"problem\t{path}\t{rule}\t{state}\t{reason}\t{n}"
        for one in Comparison.objects.order_by("name"):
            kept = [one.report.get(name) for name in ("ours", "theirs", "common", "differ", "agreement", "alarm")]
            yield f"comparison\t{one.name}\t{one.region_path}\t{kept}"
        for connector in Connector.objects.order_by("name"):
            yield f"connector\t{connector.name}\t{connector.kind}\t{connector.layout}\t{connector.error.get('code', '')}"
