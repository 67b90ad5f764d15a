"""The inbox: boxes, filters, cursor, claiming twice, and a query count that does not grow."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from linli.cases.casefile.models import Task
from linli.cases.casefile.tests.desk import city, client_of, handed_in, open_task
from linli.cases.casefile.tests.factories import City, resident
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor

__all__ = ["city"]
pytestmark = pytest.mark.django_db
URL = "casefile_desk_inbox"


def test_the_list_is_masked_and_only_ones_own_area(city: City) -> None:
    _, case = handed_in(city)
    html = client_of(city, "clerk").get(reverse(URL)).content.decode()
    assert case.number[20:] in html and "W*********n" in html and "Wang Xiulan" not in html
    assert case.number[20:] not in client_of(city, "stranger").get(reverse(URL), {"box": "all"}).content.decode()
    assert case.number[20:] in client_of(city, "supervisor").get(reverse(URL), {"box": "all"}).content.decode()


def test_filters_stand_in_the_address_and_may_find_nothing(city: City) -> None:
    _, case = handed_in(city)
    client = client_of(city, "clerk")
    for query, found in (
        ({"matter": "MZ06"}, True),
        ({"matter": "MZ13"}, False),
        ({"kind": "accept"}, True),
        ({"kind": "decide"}, False),
        ({"text": case.number}, True),
        ({"text": "Wang"}, True),
        ({"text": "Li"}, False),
    ):
        html = client.get(reverse(URL), query).content.decode()
        assert (case.number[20:] in html) is found, query
        assert found or "No task fits this filter" in html


def test_an_overdue_task_says_so_in_words(city: City) -> None:
    _, case = handed_in(city)
    with scoped(system_actor("test")):
        Task.objects.filter(case=case).update(due_at=timezone.now() - timedelta(days=5))
    html = client_of(city, "clerk").get(reverse(URL), {"overdue": "1"}).content.decode()
    assert "overdue by" in html and "ui-tone-danger" in html


def test_claiming_swaps_the_row_and_the_second_is_told_who_has_it(city: City) -> None:
    _, case = handed_in(city)
    url = reverse("casefile_desk_claim", args=[open_task(case).pk])
    row = client_of(city, "clerk").post(url, headers={"hx-request": "true"})
    assert row.status_code == 200 and b"<tr" in row.content and b"<html" not in row.content and b"Release" in row.content
    late = client_of(city, "clerk2").post(url, headers={"hx-request": "true"}).content.decode()
    assert "clerk has it." in late and open_task(case).assignee_id == city.users["clerk"].pk
    plain = client_of(city, "clerk2").post(url, {"back": reverse(URL)})
    assert plain.status_code == 303 and plain["Location"] == reverse(URL)
    assert client_of(city, "stranger").post(url).status_code == 404
    freed = client_of(city, "clerk").post(reverse("casefile_desk_release", args=[open_task(case).pk]), headers={"hx-request": "true"})
    assert b"Claim" in freed.content and open_task(case).assignee_id is None


def test_a_step_several_must_sign_is_taken_by_nobody(city: City) -> None:
    """Taken by one it would refuse the others' signatures."""
    _, case = handed_in(city)
    with scoped(system_actor("test")):
        Task.objects.filter(case=case).update(people=2)
    client, url = client_of(city, "clerk"), reverse("casefile_desk_claim", args=[open_task(case).pk])
    assert url not in client.get(reverse(URL)).content.decode()
    told = client.post(url, headers={"hx-request": "true"}).content.decode()
    assert "Several people sign this step" in told and open_task(case).assignee_id is None


def test_the_cursor_goes_on_where_the_page_ended_and_a_forged_one_begins_again(city: City) -> None:
    _, case = handed_in(city)
    with scoped(system_actor("test")):
        task = Task.objects.get(case=case)
        Task.objects.bulk_create(
            [
                Task(
                    case=case,
                    step_id="accept",
                    token_id=f"further-{n}",
                    name="x",
                    kind="accept",
                    line=task.line,
                    region_path=task.region_path,
                    unit_id=task.unit_id,
                    unit_name=task.unit_name,
                    number=f"{n:026d}",
                    matter_code="MZ06",
                    title="t",
                    applicant="A",
                    opened_at=timezone.now(),
                    due_at=timezone.now() + timedelta(days=n + 30),
                )
                for n in range(24)
            ]
        )
    client = client_of(city, "clerk")
    first = client.get(reverse(URL), {"box": "unit"})
    assert len(first.context["rows"]) == 20 and first.context["total"] == "25"
    second = client.get(reverse(URL) + "?" + first.context["next_query"])
    assert len(second.context["rows"]) == 5
    assert not {r["id"] for r in first.context["rows"]} & {r["id"] for r in second.context["rows"]}
    assert len(client.get(reverse(URL), {"box": "unit", "after": "garbage"}).context["rows"]) == 20


def queries(city: City, name: str, box: str) -> int:
    client = client_of(city, name)
    client.get(reverse(URL), {"box": box})
    with CaptureQueriesContext(connection) as seen:
        assert client.get(reverse(URL), {"box": box, "part": "rows"}).status_code == 200
    return len(seen)


def test_the_number_of_queries_does_not_grow_with_cases_matters_or_rights(city: City) -> None:
    handed_in(city)
    few = queries(city, "clerk", "unit"), queries(city, "supervisor", "all")
    for n in range(4):
        handed_in(
            city,
            person=resident(city, name=f"Li {n}", id_number="360599195001010028" if n else "360599195001010044", phone=f"1380000001{n}"),
            code="MZ13" if n % 2 else "MZ06",
            answers={"applicant_name": "x"},
        )
    many = queries(city, "clerk", "unit"), queries(city, "supervisor", "all")
    assert few == many and few[0] == few[1]


def test_the_home_counts_what_waits(city: City) -> None:
    handed_in(city)
    html = client_of(city, "clerk").get(reverse("desk_home")).content.decode()
    assert "Waiting in my units" in html and "W*********n" in html
    part = client_of(city, "clerk").get(reverse("desk_home"), {"part": "work"})
    assert b"<html" not in part.content and b"ui-tile" in part.content
