"""Completed steps of a stamped city have their forms: valid by the form itself, by whoever did the step, in sentences that do not repeat."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.urls import reverse
from django.utils import timezone

from linli.cases.casefile.actions.stamping import stamp_cases
from linli.cases.casefile.actions.visiting import MOST, fill_city
from linli.cases.casefile.engine.visits import VARIANTS, visit_picture
from linli.cases.casefile.models import Paper, StepForm, Task
from linli.cases.casefile.queries.cases import answers, definition_for
from linli.cases.casefile.queries.demo_step_forms import filled_lines
from linli.cases.casefile.queries.papers import paper_values
from linli.cases.casefile.queries.step_forms import from_application
from linli.cases.casefile.tests.desk import city as city
from linli.cases.casefile.tests.desk import client_of, grant
from linli.cases.casefile.tests.factories import City
from linli.cases.casefile.tests.test_stamping import settle
from linli.cases.catalogue.engine.papers import to_html
from linli.foundation.accounts.models import User
from linli.foundation.actions.engine import CityContext
from linli.foundation.calendar.queries import current
from linli.foundation.calendar.types import local_day
from linli.foundation.files.models import StoredFile
from linli.foundation.regions.models import Region
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.records.forms.engine import bind
from linli.records.forms.types import FileInfo
from linli.registry.people.models import Person

pytestmark = pytest.mark.django_db
READER = system_actor("test")


def built(city: City) -> CityContext:
    """A city with names people can have (those of its clerks too) and a place on the map, its cases stamped and its forms filled in."""
    User.objects.filter(username="clerk2").update(name="Clerk Two")
    settle(city)
    with scoped(READER):
        for number, person in enumerate(Person.objects.order_by("name")):
            Person.objects.filter(pk=person.pk).update(name=f"Li {chr(65 + number // 26)}{chr(97 + number % 26)}")
    Region.objects.filter(pk=city.regions["county"].pk).update(longitude=114.945, latitude=27.801)
    context = CityContext(160, 400, 7, timezone.localdate(), workers=1)
    stamp_cases(context)
    fill_city(context)
    return context


@pytest.fixture
def filled(city: City, settings: Any, tmp_path: Path) -> City:
    settings.MEDIA_ROOT = tmp_path
    built(city)
    return city


def forms(**wanted: Any) -> list[StepForm]:
    with scoped(READER):
        return list(StepForm.objects.filter(**wanted).select_related("task", "case").order_by("-case__submitted_at", "case__number"))


def said(row: StepForm) -> dict[str, Any]:
    return dict(json.loads(row.data)["answers"])


def test_every_completed_step_has_a_form_that_its_own_page_would_take(filled: City) -> None:
    with scoped(READER):
        steps = Task.objects.filter(matter_code="MZ01", step_id__in=("survey", "opinion"))
        done = set(steps.filter(state="done").values_list("pk", flat=True))
    rows = forms(complete=True)
    assert len(done) >= 20 and {row.task_id for row in rows} == done
    with scoped(READER):
        for row in rows:
            asked = definition_for(row.case).form_of_step(row.task.step_id)
            assert asked is not None and row.name == asked[0]
            files = {str(f.pk): FileInfo(str(f.pk), f.name, f.size, f.content_type) for f in StoredFile.objects.filter(case_id=row.case_id)}
            known = from_application(row.case, asked[1], answers(row.case))
            bound = bind(asked[1], said(row), known, files=files, today=local_day(row.saved_at))
            assert bound.ok, (row.task.number, bound.errors)
            again = bind(asked[1], None, known, draft=json.loads(row.data)["draft"], files=files)
            assert not [error for error in again.errors if error.code != "RULE"]


def test_it_was_filled_in_by_whoever_did_the_step_minutes_before(filled: City) -> None:
    rows = forms(complete=True)
    for row in rows:
        done = row.task.done_at
        assert done is not None and (row.saved_by, row.saved_by_name) == (row.task.done_by, row.task.done_by_name)
        assert timedelta() <= done - row.saved_at <= timedelta(minutes=19) and row.saved_at >= row.task.opened_at
        if row.name == "survey":
            visited = said(row)["visit_date"]
            assert local_day(row.task.opened_at).isoformat() <= visited <= local_day(done).isoformat()
            assert current().is_workday(local_day(done).fromisoformat(visited))


def test_answers_fit_the_household_and_read_like_a_clerk_s(filled: City) -> None:
    surveys, opinions = forms(complete=True, name="survey"), forms(complete=True, name="opinion")
    for row in surveys:
        found = said(row)
        with scoped(READER):
            applied = answers(row.case)
        assert [m["found_name"] for m in found["found_members"]] == [m["member_name"] for m in applied["members"]] == [row.case.applicant]
        assert found["visit_place"] == applied["live_address"] and found["met_signature"]["name"] == row.case.applicant
        assert (found["house_kind"] == "own") == (applied["houses"] == 1)
        same = [m["found_income"] == m["declared_income"] for m in found["found_members"]]
        assert all(same) == (found["truthful"] == "yes")
        assert len(found.get("neighbours") or [1, 2]) == 2 and ("neighbours" in found) == ("neighbours" in found["ways"])
        longitude, latitude = found["visit_position"].split(",")
        assert abs(float(longitude) - 114.945) < 0.03 and abs(float(latitude) - 27.801) < 0.03
    by_case = {row.case_id: said(row) for row in surveys}
    for row in opinions:
        given, survey = said(row), by_case[row.case_id]
        assert given["public_opinion"] == row.task.outcome and given["public_people"] == 1
        income = float(survey["found_members"][0]["found_income"])
        assert given["public_opinion"] != "agree" or float(given["public_amount"]) in (1000 - income, 800 - income, 50)
        assert given["public_opinion"] == "agree" or "public_amount" not in given
    for rows, keys in ((surveys, ("hardship", "survey_opinion", "costs_note", "property_note")), (opinions, ("public_summary",))):
        for key in keys:
            texts = [said(row)[key] for row in rows]
            assert not [a for a, b in pairwise(texts) if a == b], key
            assert not [text for text in texts if not text or "{" in text or "None" in text or "元元" in text]
    assert len({said(row)["survey_opinion"] for row in surveys}) > len(surveys) * 0.9


def test_a_form_that_is_begun_is_not_complete(filled: City) -> None:
    rows = forms(complete=False)
    assert rows and {row.task.state for row in rows} == {"open"}
    for row in rows:
        assert row.task.opened_at < row.saved_at < timezone.now() and row.saved_by and row.saved_by_name
    surveys = [said(row) for row in rows if row.name == "survey"]
    assert surveys and all("visit_date" in one and not one.get("met_signature") and not one.get("photos") for one in surveys)


def test_the_case_page_the_paper_and_the_photographs_show_it(filled: City) -> None:
    grant(filled, "reviewer", "files.upload")
    row = forms(complete=True, name="survey")[0]
    found, client = said(row), client_of(filled, "reviewer")
    page = client.get(reverse("case_desk_subject", args=[row.case_id])).content.decode()
    assert found["hardship"] in page and found["survey_opinion"] in page
    for photograph in found["photos"]:
        assert client.get(reverse("casefile_desk_file", args=[row.case_id, photograph])).status_code == 302
    with scoped(READER):
        files = list(StoredFile.objects.filter(pk__in=found["photos"]))
        assert len(files) == 2 and {(f.content_type, f.level, f.party_id) for f in files} == {("image/jpeg", 4, None)}
        sheet = to_html(*paper_values(Paper.objects.get(case=row.case, kind="survey")))
    assert found["hardship"] in sheet and found["survey_opinion"] in sheet and row.case.applicant in sheet
    client = client_of(filled, "reviewer")
    begun = forms(complete=False, name="survey")[0]
    page = client.get(reverse("case_desk_subject", args=[begun.case_id])).content.decode()
    assert "not complete yet" in page


def test_filling_again_writes_nothing_new_and_an_equal_city_has_equal_forms(filled: City) -> None:
    with scoped(READER):
        first = sorted(filled_lines())
        StepForm.objects.filter(complete=False).delete()
    context, complete = CityContext(160, 400, 7, timezone.localdate(), workers=1), forms(complete=True)
    fill_city(context)
    assert [row.pk for row in forms(complete=True)] == [row.pk for row in complete]
    with scoped(READER):
        assert len(sorted(filled_lines())) == len(first) < MOST
        StepForm.objects.all().delete()
    fill_city(context)
    with scoped(READER):
        assert sorted(filled_lines()) == first
        assert not [line for line in first if re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", line)], "keys differ from city to city"


def test_pictures_are_photographs_of_several_homes() -> None:
    pictures = {visit_picture(number) for number in range(VARIANTS)}
    assert len(pictures) == VARIANTS and visit_picture(3) in pictures
    assert all(picture.startswith(b"\xff\xd8") and 15_000 < len(picture) < 300_000 for picture in pictures)


def test_packs_of_the_demo_name_fields_of_the_forms() -> None:
    import yaml

    body = yaml.safe_load((Path(configured.PACKS_DIR) / "xinyu" / "demo" / "step_forms.yaml").read_text(encoding="utf-8"))
    for code, written in body.items():
        [folder] = (Path(configured.PACKS_DIR) / "national" / "matters").glob(f"{code}-*")
        for name, given in written.items():
            form = yaml.safe_load((folder / f"form-{name}.yaml").read_text(encoding="utf-8"))
            keys = {item["key"] for section in form["sections"] for item in section["fields"]}
            used = set(given["answers"]).union(*(one["answers"] for one in given.get("cases", [])))
            assert not used - keys
