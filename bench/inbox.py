"""The inbox: a clerk's against the city supervisor's, filtered, and how many answers a second."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from urllib.parse import urlencode

from django.db import connection

from bench.client import Client
from bench.measure import CLIENTS, REQUESTS, WARM_UP, BenchError, Report, in_turn, latency, throughput
from bench.people import Doorkeeper, staff_with
from linli.cases.casefile.queries import inbox
from linli.foundation.access.queries import actor_of
from linli.foundation.accounts.models import User
from linli.foundation.scope.actions import scoped

PATH = "/desk/inbox/"


def page(client: Client, query: dict[str, str]) -> None:
    answer = client.get(f"{PATH}?{urlencode(query)}" if query else PATH)
    if answer.status != 200:
        raise BenchError(f"{PATH} answered {answer.status}")


def run(report: Report, keeper: Doorkeeper) -> None:
    clerks, supervisors = staff_with("community_clerk", limit=REQUESTS + WARM_UP), staff_with("city_supervisor", limit=1)
    if not clerks or not supervisors:
        raise BenchError("the city has no clerks or no supervisor")
    link, chief = Client(keeper.base_url), keeper.client(supervisors[0]).cookies
    browsers = [keeper.client(user).cookies for user in clerks]
    over = [browsers[n % len(browsers)] for n in range(REQUESTS + WARM_UP)]

    def asked(cookies: dict[str, str], **query: str) -> Callable[[], None]:
        def call() -> None:
            link.cookies = cookies  # whoever asks, over one connection to one web process
            page(link, {"box": "all", **query})

        return call

    clerk, city = in_turn(map(asked, over), [asked(chief)] * len(over))
    report.figure("inbox_clerk_p95_ms", clerk.p95, "ms", 60)
    report.figure("inbox_clerk_p50_ms", clerk.p50, "ms", 40)
    report.figure(
        "inbox_clerk_over_admin",
        clerk.p50 / city.p50,
        "ratio",
        1.2,
        note=f"the supervisor's p50 is {city.p50:.1f} ms (bar 40), asked in turn",
    )
    filters = _filters()
    warm = 4 * len(filters)  # each pair has statements of its own, which the web process compiles once
    over += over[:warm]
    pairs = latency((asked(c, **q) for c, q in zip(over, itertools.cycle(filters), strict=False)), warm_up=warm)
    report.figure("inbox_filtered_p95_ms", pairs.p95, "ms", 100)
    _queries(report, clerks[0], supervisors[0])
    _rates(report, keeper, clerks, supervisors[0])


def _filters() -> list[dict[str, str]]:
    """Any two of them, one pair with an empty result."""
    single = [{"matter": "MZ06"}, {"matter": "GA01"}, {"kind": "review"}, {"kind": "decide"}, {"overdue": "on"}, {"text": "\u738b"}]
    found = [{**a, **b} for a, b in itertools.combinations(single, 2) if not a.keys() & b.keys()]
    return [*found, {"matter": "MZ06", "text": "\u9f98\u9f98\u9f98"}]


def _queries(report: Report, clerk: User, chief: User) -> None:
    """Queries behind one page, whoever asks: the getter's own, with and without filters."""
    asked = (inbox.Filters(), inbox.Filters(matter="MZ06"), inbox.Filters(kind="review", overdue=True))
    by_filter = [{_count(user, query) for user in (clerk, chief)} for query in asked]
    counts = {n for found in by_filter for n in found}
    constant = all(len(found) == 1 for found in by_filter)
    report.figure(
        "inbox_queries",
        max(counts),
        "queries",
        2,
        note=f"constant over clerk and supervisor: {constant}; by filter {[sorted(found) for found in by_filter]}",
    )


def _count(user: User, filters: inbox.Filters) -> int:
    from django.utils import timezone

    actor = actor_of(user)
    done = 0

    def counted(execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:
        nonlocal done
        done += 1
        return execute(sql, params, many, context)

    with scoped(actor), connection.execute_wrapper(counted):
        inbox.page(actor, "all", filters, now=timezone.now())
    return done


def _rates(report: Report, keeper: Doorkeeper, clerks: list[User], chief: User) -> None:
    turn = itertools.count()
    started = time.monotonic()

    def clerk_of(n: int) -> Callable[[], bool]:
        # one connection a client, as behind nginx: granian counts connections, and 160 idle ones would hold every place
        sessions = [keeper.client(user).cookies for user in clerks[n::CLIENTS][:20] or clerks[:1]]
        link = Client(keeper.base_url)

        def call() -> bool:
            link.cookies = sessions[next(turn) % len(sessions)]
            page(link, {"box": "all"})
            return True

        return call

    rate, _ = throughput(clerk_of)
    report.figure("inbox_per_s", rate, "1/s", 85, at_least=True, baseline=17.0, note="baseline: Open Zaak 1.30, list of 20 rows")

    def chief_of(n: int) -> Callable[[], bool]:
        own = keeper.client(chief)

        def call() -> bool:
            page(own, {"box": "all"})
            return True

        return call

    rate, _ = throughput(chief_of)
    report.figure("inbox_city_per_s", rate, "1/s", 60, at_least=True, baseline=17.0, note=f"measured {time.monotonic() - started:.0f} s")
