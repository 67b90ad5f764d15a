"""The doctor finds what is wrong, says it in one line, and answers with an exit code."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from linli.channels.desk.management import diagnosis, policies
from linli.channels.desk.management.diagnosis import Level
from linli.foundation.calendar.models import CalendarYear
from linli.foundation.scope.models import PROTECTIONS, Power, Protection

pytestmark = pytest.mark.django_db


def findings() -> dict[str, Any]:
    out = StringIO()
    try:
        call_command("doctor", "--json", "--lang", "en", stdout=out)
        code = 0
    except SystemExit as stop:
        code = int(str(stop.code))
    found = {one["name"]: one for one in json.loads(out.getvalue())}
    assert code == (0 if all(one["ok"] for one in found.values()) else 1)
    return found


def test_a_sound_database_has_role_policies_migrations_and_keys() -> None:
    found = findings()
    for name in ("database", "role", "row policies", "migrations", "keys", "clock", "disk"):
        assert found[name]["level"] == "ok", found[name]
    assert {found["worker"]["level"], found["audit trail"]["level"]} == {"warning"}, "no worker, nothing sealed, nothing waits"
    assert found["work calendar"]["level"] == "bad", "nothing is entered in an empty city"


def test_a_policy_that_differs_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    table, real = PROTECTIONS.items()[0]
    changed = Protection.__new__(Protection)
    changed.model, changed.branches, changed.open_insert = real.model, (Power("audit.view"),), real.open_insert

    class One:
        def items(self) -> tuple[tuple[str, Protection], ...]:
            return ((table, changed),)

    monkeypatch.setattr(policies, "PROTECTIONS", One())
    assert policies.differing_policies() == [table]


def test_the_calendar_warns_in_december_when_the_next_year_is_missing() -> None:
    CalendarYear.objects.create(year=2026)
    assert diagnosis._calendar(date(2026, 11, 30))[0] is Level.OK
    assert diagnosis._calendar(date(2026, 12, 1))[0] is Level.WARNING
    assert diagnosis._calendar(date(2027, 1, 1))[0] is Level.BAD


def test_a_mail_server_that_does_not_answer_is_told(settings: Any) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    level, detail, _ = diagnosis._channels()
    assert level is Level.WARNING and "127.0.0.1:9" in detail
