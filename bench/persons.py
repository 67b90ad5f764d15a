"""Finding a resident at the desk, by ID number and by name within a street."""
from __future__ import annotations

import re

from bench.client import Client
from bench.measure import REQUESTS, WARM_UP, BenchError, Report, latency
from bench.people import Doorkeeper, staff_with
from linli.foundation.regions.models import Region
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.registry.people.models import Person

PATH = "/desk/people/"


def run(report: Report, keeper: Doorkeeper) -> None:
    chief = (staff_with("city_supervisor", limit=1) or [None])[0]
    if chief is None:
        raise BenchError("the city has no supervisor")
    with scoped(system_actor("bench")):
        people = list(Person.objects.filter(died_on=None).exclude(id_number=None).order_by("initials", "id")[: REQUESTS + WARM_UP])
        streets = {r.path: r for r in Region.objects.filter(level="street")}
        wanted = [(p.name, p.id_number, streets[p.region_path[:15]].path) for p in people if p.region_path[:15] in streets]
    client = keeper.client(chief)
    number = latency((lambda i=i: _ask(client, {"who": i})) for _, i, _ in wanted)
    report.figure("person_by_id_p95_ms", number.p95, "ms", 30)
    name = latency((lambda n=n, s=s: _ask(client, {"who": n, "region": s})) for n, _, s in wanted)
    report.figure("person_by_name_p95_ms", name.p95, "ms", 80)


def _ask(client: Client, values: dict[str, str]) -> None:
    answer = client.post(PATH, values)
    if answer.status not in (200, 302, 303):
        raise BenchError(f"{PATH} answered {answer.status}: {re.sub('<[^>]+>', ' ', answer.text)[:200]}")
