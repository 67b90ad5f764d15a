"""The quality pages over HTTP: numbers that add up, the list behind them, one problem; and who may not."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from linli.foundation.scope.actions import scoped
from linli.registry.people.models import Person
from linli.registry.quality.queries.dashboard import board
from linli.registry.quality.tests.conftest import JOB, Register

pytestmark = pytest.mark.django_db
BACKEND = "linli.foundation.accounts.queries.SessionBackend"


def browser(user: object) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend=BACKEND)  # type: ignore[arg-type]
    return client


@pytest.fixture
def found(register: Register) -> Register:
    """One good and one bad record in one community, two bad ones in the other."""
    register.person()
    register.person(live_address="")
    register.person("东湖社区", live_address="")
    register.person("东湖社区", live_address="")
    register.examine()
    register.examine("东湖社区")
    return register


def test_the_whole_is_the_sum_of_its_places_and_no_average(found: Register) -> None:
    with scoped(found.officer):
        whole = board(found.officer)
        street = board(found.officer, path=found.region("城南街道").path)
    (row,) = [(one.total, one.failed, waits) for rule, one, waits in whole.rules if rule.code == "address_missing"]
    assert row == (4, 3, 3)
    assert len(whole.places) == 1 and len(street.places) == 2
    assert street.whole.open == sum(one.open for one in street.places) == 3
    for kind, one in street.whole.kinds.items():
        assert one.total == sum(place.kinds[kind].total for place in street.places)
    assert street.whole.score is not None and street.places[0].score is not None
    assert street.places[0].name == "东湖社区", "the worst stands first"


def test_a_clerk_sees_the_numbers_and_problems_of_her_community_only(found: Register) -> None:
    client = browser(found.clerk)
    page = client.get("/desk/quality/").content.decode()
    assert "北湖社区" in page and "东湖社区" not in page
    assert "1 problem to mend" in page and "Examine now" not in page
    assert len(re.findall("data-row", client.get("/desk/quality/issues/").content.decode())) == 2, "one row, in its body"
    assert client.post("/desk/quality/examine/").status_code == 403


def test_a_problem_leads_to_its_record_and_the_record_to_its_problem(found: Register) -> None:
    client = browser(found.clerk)
    (issue,) = [one for one in found.issues() if one.region_path == found.region("北湖社区").path]
    assert f"/desk/people/{issue.subject_id}/" in client.get(f"/desk/quality/issues/{issue.pk}/").content.decode()
    assert f"/desk/quality/issues/{issue.pk}/" in client.get(f"/desk/people/{issue.subject_id}/").content.decode()
    refused = client.post(f"/desk/quality/issues/{issue.pk}/", {"step": "mend"})
    assert refused.status_code == 409 and "still says the same" in refused.content.decode()
    empty = client.post(f"/desk/quality/issues/{issue.pk}/", {"step": "waive", "reason": ""})
    assert empty.status_code == 422
    with scoped(JOB):
        Person.objects.filter(pk=issue.subject_id).update(live_address="北湖路3号")
    assert client.post(f"/desk/quality/issues/{issue.pk}/", {"step": "mend"}).status_code == 303
    assert "No problem fits" in client.get("/desk/quality/issues/").content.decode()
    assert "clerk" in client.get("/desk/quality/issues/?state=mended").content.decode() or found.issues(state="mended")


def test_a_data_officer_orders_an_examination_and_a_comparison_page_says_when_there_is_none(found: Register) -> None:
    client = browser(found.office.officer)
    assert client.post("/desk/quality/examine/").status_code == 303
    assert "running" in client.get("/desk/quality/").content.decode()
    assert "Nothing has been compared yet" in client.get("/desk/quality/comparisons/").content.decode()
    assert client.post("/desk/quality/comparisons/", {"batch": "", "region": ""}).status_code == 422


def test_an_empty_city_says_what_happens_next(register: Register) -> None:
    client = browser(register.clerk)
    assert "Nothing has been examined here yet" in client.get("/desk/quality/").content.decode()
    assert client.get("/desk/quality/?path=%27%3B--").status_code == 200


def test_problems_of_another_community_are_not_there(found: Register) -> None:
    client = browser(found.clerk)
    (other, *_) = [one for one in found.issues() if one.region_path != found.region("北湖社区").path]
    assert client.get(f"/desk/quality/issues/{other.pk}/").status_code == 404
