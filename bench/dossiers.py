"""A person's file, and the search by name: a clerk's against the city supervisor's."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from uuid import UUID

from bench.client import Client
from bench.measure import REQUESTS, WARM_UP, BenchError, Report, in_turn, latency
from bench.people import Doorkeeper, staff_with
from linli.foundation.accounts.models import PostHolding
from linli.foundation.scope.actions import scoped
from linli.foundation.types import PATH_END, system_actor
from linli.registry.people.models import Person

SEARCH = "/desk/people/"
COMMUNITY = 20  # characters of a community's path


def run(report: Report, keeper: Doorkeeper) -> None:
    clerks, supervisors = staff_with("community_clerk", limit=40), staff_with("city_supervisor", limit=1)
    if not clerks or not supervisors:
        raise BenchError("the city has no clerks or no supervisor")
    with scoped(system_actor("bench")):
        known = [(user, _residents(path)) for user in clerks if (path := _place(user.pk))]
    link = Client(keeper.base_url)  # whoever asks, over one connection to one web process
    asked = [(keeper.client(user).cookies, people) for user, people in known if people]
    if not asked:
        raise BenchError("nobody lives where the clerks work")
    total = REQUESTS + WARM_UP
    turns = [(cookies, people[n // len(asked) % len(people)]) for n in range(total) for cookies, people in [asked[n % len(asked)]]]
    page = latency(_page(link, cookies, f"{SEARCH}{person.pk}/") for cookies, person in turns)
    report.figure("person_page_p95_ms", page.p95, "ms", 150)
    chief = keeper.client(supervisors[0]).cookies
    worker, admin = in_turn(
        (_search(link, cookies, person.name) for cookies, person in turns),
        (_search(link, chief, person.name) for _, person in turns),
    )
    report.figure("name_search_p95_ms", max(worker.p95, admin.p95), "ms", 80)
    report.figure("name_search_worker_over_admin", worker.p95 / admin.p95, "ratio", 1.2)


def _place(user_id: UUID) -> str:
    """The community a clerk works for."""
    row = PostHolding.objects.filter(user_id=user_id, until=None).select_related("post__unit").first()
    return row.post.unit.region_path[:COMMUNITY] if row else ""


def _residents(path: str) -> Sequence[Person]:
    rows = Person.objects.filter(region_path__gte=path, region_path__lt=path + PATH_END, died_on=None)
    return list(rows.order_by("region_path", "id")[: REQUESTS // 10])


def _page(link: Client, cookies: dict[str, str], address: str) -> Callable[[], None]:
    def call() -> None:
        link.cookies = cookies
        answer = link.get(address)
        if answer.status != 200:
            raise BenchError(f"{address} answered {answer.status}")

    return call


def _search(link: Client, cookies: dict[str, str], name: str) -> Callable[[], None]:
    def call() -> None:
        link.cookies = cookies
        answer = link.post(SEARCH, {"who": name})
        if answer.status != 200:
            raise BenchError(f"{SEARCH} answered {answer.status}: {re.sub('<[^>]+>', ' ', answer.text)[:200]}")

    return call
