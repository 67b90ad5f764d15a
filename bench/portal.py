"""The public pages, and tracking a case without signing in."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from django.db import connection

from bench.client import Client
from bench.measure import REQUESTS, WARM_UP, BenchError, Report, latency, throughput
from bench.people import Doorkeeper
from linli.cases.casefile.engine import query_code
from linli.cases.casefile.models import Case
from linli.foundation.accounts.models import User, UserKind
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor

PAGES = ("/", "/matters/MZ06/", "/matters/GA01/", "/matters/TS01/")
READER = system_actor("bench")


def run(report: Report, keeper: Doorkeeper) -> None:
    _track(report, keeper)
    anonymous = lambda n: _pages(Client(keeper.base_url))  # noqa: E731
    rate, _ = throughput(anonymous)
    report.figure("portal_pages_per_s", rate, "1/s", 1000, at_least=True, note="home and guide pages, anonymous")
    residents = list(User.objects.filter(kind=UserKind.CITIZEN, is_active=True).order_by("id")[:8])
    if not residents:
        report.figure("portal_signed_in_per_s", None, "1/s", 60, at_least=True, note="the city has no residents' accounts")
        return
    rate, _ = throughput(lambda n: _pages(keeper.client(residents[n % len(residents)])))
    report.figure("portal_signed_in_per_s", rate, "1/s", 60, at_least=True)


def _pages(client: Client) -> Callable[[], bool]:
    turn = itertools.count()

    def call() -> bool:
        path = PAGES[next(turn) % len(PAGES)]
        answer = client.get(path)
        if answer.status != 200:
            raise BenchError(f"{path} answered {answer.status}")
        return True

    return call


def _track(report: Report, keeper: Doorkeeper) -> None:
    """Number and code in, the opened case out: the form's POST and the page it leads to."""
    with scoped(READER), connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        numbers = list(Case.objects.order_by("id_last4", "id").values_list("number", flat=True)[: REQUESTS + WARM_UP])

    def look(number: str) -> None:
        client = Client(keeper.base_url)
        answer = client.post("/track/", {"number": number, "secret": query_code(number)})
        if answer.status != 302 or client.get(answer.headers["location"]).status != 200:
            raise BenchError(f"tracking answered {answer.status}")
        client.close()

    found = latency((lambda n=n: look(n)) for n in numbers)
    report.figure(
        "track_p95_ms", found.p95, "ms", 50, note="both requests on a new connection: POST of number and code, and the case's page"
    )
