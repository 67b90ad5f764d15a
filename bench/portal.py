"""The public pages, and tracking a case without signing in."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable

from django.db import connection

from bench.client import Client
from bench.measure import REQUESTS, WARM_UP, BenchError, Report, latency, throughput
from bench.people import Doorkeeper
from linli.cases.casefile.engine import query_code
from linli.cases.casefile.models import Case
from linli.cases.catalogue.actions import reopen_matter, suspend_matter
from linli.cases.catalogue.models import Matter, VersionState
from linli.foundation.accounts.models import User, UserKind
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor

PAGES = ("/", "/matters/MZ06/", "/matters/GA01/", "/matters/TS01/")
READER = system_actor("bench")
PUBLISHER = system_actor("bench", permissions=["catalogue.publish"])
CHANGE_BAR_MS = 2000
LOOKS = 40
"""Looks in a row that must agree before every process counts as asked: with two processes a wrong verdict is one in 2^40."""
GIVE_UP_S = 30


def run(report: Report, keeper: Doorkeeper) -> None:
    _track(report, keeper)
    anonymous = lambda n: _pages(Client(keeper.base_url))  # noqa: E731
    rate, _ = throughput(anonymous)
    report.figure("portal_pages_per_s", rate, "1/s", 1000, at_least=True, note="home and guide pages, anonymous")
    try:
        late = _seen_after(keeper.base_url)
    except BenchError as error:
        report.figure("portal_change_seen_ms", None, "ms", CHANGE_BAR_MS, note=str(error))
    else:
        report.figure(
            "portal_change_seen_ms", late, "ms", CHANGE_BAR_MS, note="a matter closed and reopened: the last old page of any web process"
        )
    residents = list(User.objects.filter(kind=UserKind.CITIZEN, is_active=True).order_by("id")[:8])
    if not residents:
        report.figure("portal_signed_in_per_s", None, "1/s", 60, at_least=True, note="the city has no residents' accounts")
        return
    rate, _ = throughput(lambda n: _pages(keeper.client(residents[n % len(residents)])))
    report.figure("portal_signed_in_per_s", rate, "1/s", 60, at_least=True)


def _seen_after(base_url: str) -> float:
    """Milliseconds until no web process shows the catalogue of before any more: closing a matter, then offering it again; the slower of both.

    Every look is a connection of its own, so that all processes are asked; the pages were kept just before the change.
    """
    code = Matter.objects.filter(open=True, current__state=VersionState.PUBLISHED).order_by("order").values_list("code", flat=True).first()
    if code is None:
        raise BenchError("the city offers no matter")
    link = f'href="/matters/{code}/"'.encode()
    try:
        for _ in range(LOOKS):
            if not _shows(base_url, link):
                raise BenchError(f"the list does not show {code}")
        closed = _last_old(base_url, link, lambda: suspend_matter(PUBLISHER, code=code), wanted=False)
    finally:
        opened = _last_old(base_url, link, lambda: reopen_matter(PUBLISHER, code=code), wanted=True)
    return max(closed, opened)


def _last_old(base_url: str, link: bytes, change: Callable[[], object], *, wanted: bool) -> float:
    with scoped(PUBLISHER):
        change()
    changed = time.perf_counter()
    last, agreed = 0.0, 0
    while agreed < LOOKS:
        began = time.perf_counter()
        if _shows(base_url, link) == wanted:
            agreed += 1
        else:
            last, agreed = (began - changed) * 1000, 0
        if began - changed > GIVE_UP_S:
            raise BenchError("a web process still shows the old catalogue")
    return last


def _shows(base_url: str, link: bytes) -> bool:
    client = Client(base_url)
    try:
        return link in client.get("/matters/").body
    finally:
        client.close()


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
