"""One new person beside the whole register: what a clerk waits for before somebody is entered."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial

from bench.client import Client
from bench.measure import REQUESTS, WARM_UP, BenchError, Report, latency
from bench.people import Doorkeeper, staff_with
from linli.foundation.regions.models import Region
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.registry.people.models import Person

PATH = "/desk/who/new/"
KINDS = 4


def run(report: Report, keeper: Doorkeeper) -> None:
    """A quarter with the number, a quarter without it, a quarter with another name of the same sound day, a quarter whom the register does not have."""
    officers = staff_with("data_officer", limit=1)
    if not officers:
        raise BenchError("the city has no data officer")
    client = keeper.client(officers[0])
    with scoped(system_actor("bench")):
        rows = Person.objects.filter(died_on=None).exclude(id_number=None).exclude(birth_date=None).select_related("region")
        people = list(rows.order_by("initials", "id")[: REQUESTS + WARM_UP])
        community = Region.objects.filter(level="community").order_by("path").values_list("code", flat=True)[0]
    asked = [_values(person, n % KINDS, community) for n, person in enumerate(people)]
    found = latency(partial(_ask, client, values) for values in asked)
    report.figure("online_match_p95_ms", found.p95, "ms", 50)


def _values(person: Person, kind: int, community: str) -> dict[str, str]:
    birth = person.birth_date
    values = {"name": person.name, "community": community[:12], "live_address": person.live_address, "enter": "look"}
    if birth is None:
        return values
    if kind == 0:
        return values | {"id_number": str(person.id_number), "birth_date": birth.isoformat()}
    if kind == 1:
        return values | {"birth_date": birth.isoformat(), "phone": str(person.phone or "")}
    if kind == 2:
        return values | {"name": person.name[::-1], "birth_date": birth.isoformat()}
    return values | {"birth_date": (birth - timedelta(days=40)).isoformat(), "live_address": ""}


def _ask(client: Client, values: dict[str, str]) -> None:
    answer = client.post(PATH, values)
    if answer.status != 200:
        raise BenchError(f"{PATH} answered {answer.status}: {re.sub('<[^>]+>', ' ', answer.text)[:200]}")
