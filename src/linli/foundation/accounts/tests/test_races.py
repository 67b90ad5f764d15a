"""Two connections at the same moment, really committing."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connection
from django.utils import timezone

from linli.foundation.accounts import actions
from linli.foundation.accounts.models import User
from linli.foundation.accounts.tests.authenticator import Device
from linli.foundation.accounts.tests.conftest import OUTSIDE, PASSWORD, PHONE, Outbox, actor_for, make_staff
from linli.foundation.accounts.types import SignIn
from linli.lib.errors import TooMany


def at_once(run: Callable[[], object], times: int = 2) -> None:
    """Run on so many connections, all starting together."""
    barrier = threading.Barrier(times)

    def one() -> None:
        try:
            barrier.wait()
            run()
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_two_connections_with_the_same_code_one_wins(fresh_database: str, outbox: Outbox) -> None:
    actions.request_code(OUTSIDE, phone=PHONE)
    results: list[SignIn] = []
    at_once(lambda: results.append(actions.sign_in_with_code(OUTSIDE, phone=PHONE, code=outbox.code())))
    assert sorted(result.problem is None for result in results) == [False, True]
    assert User.objects.count() == 1


def test_two_requests_at_once_send_one_code(fresh_database: str, outbox: Outbox) -> None:
    refused: list[TooMany] = []

    def run() -> None:
        try:
            actions.request_code(OUTSIDE, phone=PHONE)
        except TooMany as error:
            refused.append(error)

    at_once(run)
    assert len(outbox) == 1 and len(refused) == 1


def test_many_guesses_at_once_are_all_counted(fresh_database: str, outbox: Outbox) -> None:
    actions.request_code(OUTSIDE, phone=PHONE)
    wrong = f"{(int(outbox.code()) + 1) % 1_000_000:06d}"
    codes: list[str] = []

    def run() -> None:
        problem = actions.sign_in_with_code(OUTSIDE, phone=PHONE, code=wrong).problem
        codes.append(problem.code if problem else "")

    at_once(run, times=8)
    assert sorted(codes) == ["CODE_TRIES"] * 3 + ["CODE_WRONG"] * 5


def test_failures_of_several_connections_lock_an_account_together(fresh_database: str) -> None:
    user = make_staff("chen")
    at_once(lambda: actions.sign_in_with_password(OUTSIDE, username="chen", password="wrong"), times=5)
    user.refresh_from_db()
    assert user.locked_until is not None
    assert actions.sign_in_with_password(OUTSIDE, username="chen", password=PASSWORD).problem is not None


def test_two_connections_with_one_signed_challenge_one_wins(fresh_database: str) -> None:
    user, device = make_staff("chen"), Device("http://localhost:8000", "localhost")
    number, options = actions.invite_passkey(actor_for(user), signed_in_at=timezone.now())
    assert actions.add_passkey(actor_for(user), challenge_id=number, answer=device.create(options), name="x").problem is None
    number, options = actions.ask_for_passkey(OUTSIDE)
    answer, results = device.get(options), list[SignIn]()
    at_once(lambda: results.append(actions.sign_in_with_passkey(OUTSIDE, challenge_id=number, answer=answer)))
    assert sorted(result.problem is None for result in results) == [False, True]
