"""A synthetic city has problems of data in every state, connectors that worked and failed, and a comparison; the same ones every time."""

from __future__ import annotations

import hashlib
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from linli.foundation.actions.engine import CityContext
from linli.foundation.scope.actions import scoped
from linli.registry.households.actions.city import build_people
from linli.registry.households.actions.residents import build_residents
from linli.registry.households.actions.staff import build_staff
from linli.registry.imports.models import Arrival, Connector
from linli.registry.imports.queries.city import data_officer
from linli.registry.quality.actions.city import build_quality, export_quality
from linli.registry.quality.models import Comparison, Issue, Result
from linli.registry.quality.queries.comparing import signed
from linli.registry.quality.tests.conftest import JOB

PEOPLE = 2_000
SUMS: set[str] = set()


@pytest.mark.parametrize("again", [False, True])
def test_the_quality_of_a_city(fresh_database: str, again: bool) -> None:
    asked, said = CityContext(PEOPLE, 0, 7, timezone.localdate(), workers=1), list[str]()
    call_command("packs", "load", stdout=StringIO())
    build_people(asked)
    build_staff(asked)
    build_residents(asked)
    asked.say = said.append
    build_quality(asked)
    build_quality(asked)
    assert len(said) == 1, "a city that has been examined is not examined again"
    SUMS.add(hashlib.sha256("\n".join(sorted(export_quality())).encode()).hexdigest())
    assert len(SUMS) == 1
    if not again:
        look()


def look() -> None:
    with scoped(JOB):
        assert set(Issue.objects.values_list("state", flat=True)) == {"open", "mended", "waived"}
        assert Result.objects.exists()
        states = dict(Arrival.objects.values_list("connector__kind", "state").exclude(state="held"))
        assert states == {"push": "done", "postgres": "failed"}
        assert Connector.objects.filter(error__code="HOST_NOT_ALLOWED").count() == 1
        (row,) = Comparison.objects.all()
        officer = data_officer()
    assert row.state == "done" and signed(row) and row.alarm
    assert row.report["only_theirs"] == 3
    assert 2 <= row.report["only_ours"] < 10, "two are left out of the file; who has no day of birth is not in it either"
    assert 99 < row.report["agreement"] < 100
    assert officer is not None
    client = Client(headers={"accept-language": "en"})
    client.force_login(officer, backend="linli.foundation.accounts.queries.SessionBackend")
    for page in ("/desk/quality/", "/desk/quality/issues/", f"/desk/quality/comparisons/{row.pk}/", "/desk/imports/connectors/"):
        assert client.get(page).status_code == 200
