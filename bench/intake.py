"""Handing in and accepting at the counter, as a pair of requests: the form's POST, which hands in and accepts, and the page with the receipt."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from uuid import UUID, uuid4

from django.utils import timezone

from bench.client import Client
from bench.measure import CLIENTS, BenchError, Report, percentile, throughput
from bench.pages import fields_of
from bench.people import Doorkeeper
from linli.foundation.accounts.models import PostHolding, User
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.registry.people.models import Person

MATTER = "MZ06"
FORM = f"/desk/counter/{MATTER}/"
COMMUNITIES = 50
AGE = 80
ENOUGH = 1200
WARM_UP_S = 4.0
NO = ("other_place", "has_agent")
BANK, ADDRESS = "Xinyu Rural Commercial Bank", "Beihu Road 1"  # typed where the register has none
Form = list[tuple[str, str]]
Counter = tuple[User, list[tuple[UUID, str]]]


def run(report: Report, keeper: Doorkeeper) -> None:
    counters = _counters()
    if not counters:
        raise BenchError("nobody of the city may apply for the matter of this bench")
    prepared = _prepared(keeper, counters[:COMMUNITIES])
    throughput(lambda n: _pair(keeper, prepared), seconds=WARM_UP_S)  # every connection prepares its statements at their third use
    rate, times = throughput(lambda n: _pair(keeper, prepared))
    report.figure(
        "intake_cases_per_s",
        rate,
        "1/s",
        40,
        at_least=True,
        baseline=10.0,
        note=f"{min(len(counters), COMMUNITIES)} communities, {CLIENTS} clients; baseline: Open Zaak 1.30",
    )
    report.figure("intake_p95_ms", percentile(times, 0.95), "ms", 400, note="both requests together")
    largest = max(counters, key=lambda c: len(c[1]))
    prepared = _prepared(keeper, [largest])
    rate, _ = throughput(lambda n: _pair(keeper, prepared))
    report.figure("intake_one_community_per_s", rate, "1/s", 20, at_least=True)


def _counters() -> list[Counter]:
    """Clerks with the people of their community who are old enough, the largest first."""
    today = timezone.localdate()
    with scoped(system_actor("bench")):
        people: dict[str, list[tuple[UUID, str]]] = defaultdict(list)
        old = (
            Person.objects.filter(birth_date__lte=today.replace(year=today.year - AGE, day=1), died_on=None)
            .exclude(bank_account=None)
            .exclude(phone=None)
        )
        for pk, name, path in old.order_by("id").values_list("id", "name", "region_path")[:60_000]:
            people[path[:20]].append((pk, name))
        held = PostHolding.objects.filter(
            post__role_code="community_clerk", until=None, user__is_active=True, user__must_change_password=False
        )
        clerks = {h.post.unit.region_path: h.user for h in held.select_related("user", "post__unit").order_by("user__username")}
    found = [(clerks[path], ids) for path, ids in people.items() if path in clerks]
    return sorted(found, key=lambda c: len(c[1]), reverse=True)


def _prepared(keeper: Doorkeeper, counters: list[Counter]) -> Callable[[], tuple[str, Form] | None]:
    """Visitors who stand at the counters, each with the session of the clerk and the filled form; taken in turn by the clients."""
    waiting: list[tuple[User, tuple[UUID, str]]] = []
    for turn in range(max(len(ids) for _, ids in counters)):
        waiting += [(user, ids[turn]) for user, ids in counters if turn < len(ids)]
    waiting = (waiting * (ENOUGH // len(waiting) + 1))[:ENOUGH]
    forms: dict[UUID, Form] = {}
    ready: list[tuple[str, Form]] = []
    for user, (person, name) in waiting:
        client = keeper.client(user, counter_visitor={"person": str(person)})
        if person not in forms:
            answer = client.get(FORM)
            if answer.status != 200:
                raise BenchError(f"{FORM} answered {answer.status}")
            forms[person] = _filled(answer.text, name)
            client.close()
        ready.append((client.cookies["sessionid"], forms[person]))
    lock = threading.Lock()

    def take() -> tuple[str, Form] | None:
        with lock:
            return ready.pop() if ready else None

    return take


def _filled(html: str, name: str) -> Form:
    """The form as a clerk sends it: what the register filled, nobody acts for the visitor, signed with his name."""
    values, several = fields_of(html)
    for key in ("csrfmiddlewaretoken", "submission_key", *dict.fromkeys(name for name, _ in several)):
        values.pop(key, None)
    typed = {"account_owner": name, "bank_name": BANK, "hukou_address": ADDRESS, "live_address": ADDRESS}
    filled = {key: value or typed.get(key, "") for key, value in values.items()}  # what the register knows has no field to type in
    filled |= {"signature__name": name, "truth": "yes", **dict.fromkeys(NO, "no")}
    return [*filled.items(), *(pair for pair in several if pair[0] != "csrfmiddlewaretoken")]


def _pair(keeper: Doorkeeper, take: Callable[[], tuple[str, Form] | None]) -> Callable[[], bool]:
    client = Client(keeper.base_url)

    def call() -> bool:
        visitor = take()
        if visitor is None:
            return False
        client.cookies["sessionid"] = visitor[0]
        answer = client.post(FORM, [*visitor[1], ("submission_key", uuid4().hex)])
        if answer.status != 303 or client.get(answer.headers["location"]).status != 200:
            raise BenchError(f"{FORM} answered {answer.status}")
        return True

    return call
