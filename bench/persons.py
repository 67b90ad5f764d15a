"""Finding a resident at the desk, by ID number and by name within a street."""

from __future__ import annotations

import re

from bench.client import Client
from bench.measure import REQUESTS, WARM_UP, BenchError, Report, latency
from bench.people import Doorkeeper
from linli.foundation.accounts.models import PostHolding, User
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.registry.people.models import Person

PATH = "/desk/people/"
STREET = 15  # characters of a street's path


def run(report: Report, keeper: Doorkeeper) -> None:
    with scoped(system_actor("bench")):
        people = list(Person.objects.filter(died_on=None).exclude(id_number=None).order_by("initials", "id")[: 2 * REQUESTS])
        wanted = [(p.name, p.id_number, p.region_path[:STREET]) for p in people if p.id_number]
    clients = {path: keeper.client(user) for path, user in _reviewers().items()}
    asked = [(clients[street], name, number, street) for name, number, street in wanted if street in clients][: REQUESTS + WARM_UP]
    number = latency((lambda c=c, i=i: _ask(c, {"who": i})) for c, _, i, _ in asked)
    report.figure("person_by_id_p95_ms", number.p95, "ms", 30)
    name = latency((lambda c=c, n=n, s=s: _ask(c, {"who": n, "region": s})) for c, n, _, s in asked)
    report.figure("person_by_name_p95_ms", name.p95, "ms", 80)


def _reviewers() -> dict[str, User]:
    """Who asks: a reviewer of each street, by the street's path."""
    held = PostHolding.objects.filter(post__role_code="street_reviewer", until=None, user__is_active=True, user__must_change_password=False)
    return {h.post.unit.region_path: h.user for h in held.select_related("user", "post__unit").order_by("user__username")}


def _ask(client: Client, values: dict[str, str]) -> None:
    answer = client.post(PATH, values)
    if answer.status not in (200, 302, 303):
        raise BenchError(f"{PATH} answered {answer.status}: {re.sub('<[^>]+>', ' ', answer.text)[:200]}")
