"""The form of a step (the household survey of MZ01): known from the application, saved as far as it goes, signed, printed, kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from linli.cases.casefile import actions
from linli.cases.casefile.models import Case, Material, Paper, StepForm, Task
from linli.cases.casefile.queries.papers import paper_values
from linli.cases.casefile.tests.desk import city as city
from linli.cases.casefile.tests.desk import client_of, fresh, grant, handed_in, open_task
from linli.cases.casefile.tests.factories import City
from linli.cases.catalogue.engine.papers import to_html
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.lib.errors import Conflict, NotFound
from linli.records.forms.tests.page import Page

pytestmark = pytest.mark.django_db
READER = system_actor("test")
ANSWERS: dict[str, Any] = {
    "applicant_name": "Wang Xiulan",
    "live_address": "Beihu Road 1",
    "vehicles": 0,
    "family_size": 2,
    "members": [
        {"member_name": "Wang Xiulan", "member_id_number": "360599194503070023", "relation": "self", "member_total": "600.00"},
        {"member_name": "Li Na", "member_id_number": "360599197001010023", "relation": "child", "member_total": "1200.00"},
    ],
}
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


def at_survey(city: City) -> Case:
    _, case = handed_in(city, answers=ANSWERS, code="MZ01")
    with scoped(READER):
        missing = dict.fromkeys(Material.objects.filter(case=case, state="missing").values_list("key", flat=True), "shown")
    actions.complete_task(city.actor("clerk"), task_id=open_task(case).id, outcome="done")
    actions.accept_case(city.actor("reviewer"), case_id=case.id, promises=missing)
    actions.complete_task(city.actor("reviewer"), task_id=open_task(case).id, outcome="done")
    assert open_task(case).step_id == "survey"
    return case


def address(case: Case) -> str:
    return reverse("casefile_desk_step_form", args=[case.pk, open_task(case).pk])


def filled(html: str, **more: Any) -> dict[str, Any]:
    """What the browser sends: the page as it stands, and what the surveyor typed."""
    start = html.index('<form class="linli-form')
    sent = Page(html[start : html.index("</form>", start)]).post()
    data: dict[str, Any] = {name: sent.getlist(name) for name in sent}
    data |= {name: "600" for name in data if name.endswith("-found_income")}
    return (
        data
        | {
            "visit_date": timezone.localdate().isoformat(),
            "visit_position": "114.9173,27.8171",
            "person_met": "applicant",
            "ways": ["home"],
            "house_kind": "own",
            "house_state": "plain",
            "vehicles_found": "0",
            "hardship": "alone and ill",
            "neighbours_asked": "false",
            "truthful": "yes",
            "survey_opinion": "as declared",
            "met_signature__name": "Wang Xiulan",
            "met_signature__agreed": "true",
        }
        | more
    )


def test_the_survey_knows_the_family_of_the_application_and_is_filled_in_once(city: City, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    grant(city, "reviewer", "files.upload")
    case, client = at_survey(city), client_of(city, "reviewer")
    page = client.get(reverse("case_desk_subject", args=[case.pk])).content.decode()
    assert address(case) in page and "first fill in the form" in page and "/sign/" not in page  # no button leads to a refusal
    html = client.get(address(case)).content.decode()
    assert "Beihu Road 1" in html and "Li Na" in html and "1,200.00" in html
    assert "From the application" in html
    assert html.count("Finish the form</button>") == html.count('data-hotkey="Alt+a"') == 1
    refused = client.post(address(case), filled(html, hardship=""))
    assert refused.status_code == 422 and not stored(case)
    done = client.post(address(case), filled(html, photos__upload=SimpleUploadedFile("door.png", PICTURE, "image/png")))
    assert done.status_code == 303, done.content.decode()[done.content.decode().find("ui-error-summary") :][:2500]
    row = stored(case)[0]
    assert row.complete and "alone and ill" in row.data
    page = client.get(reverse("case_desk_subject", args=[case.pk])).content.decode()
    assert "alone and ill" in page and "filled in by reviewer" in page and "/sign/" in page
    picture = page.split("/files/")[1].split("/")[0]
    assert client.get(reverse("casefile_desk_file", args=[case.pk, picture])).status_code == 302


def test_a_survey_is_saved_as_far_as_it_goes_and_gone_on_with(city: City) -> None:
    case, client = at_survey(city), client_of(city, "reviewer")
    html = client.get(address(case)).content.decode()
    later = client.post(address(case), filled(html, hardship="", survey_opinion="to be continued", _later="1"))
    assert later.status_code == 303
    assert [row.complete for row in stored(case)] == [False]
    assert "to be continued" in client.get(address(case)).content.decode()
    with pytest.raises(Conflict, match="STEP_FORM_OPEN"):
        actions.sign_task(city.actor("reviewer"), task_id=open_task(case).id)


def test_rows_are_added_without_losing_what_was_typed(city: City) -> None:
    case, client = at_survey(city), client_of(city, "reviewer")
    html = client.get(address(case)).content.decode()
    more = client.post(address(case), filled(html, _add="found_members", hardship="kept"))
    assert more.status_code == 200
    assert more.content.decode().count('-found_income"') > html.count('-found_income"')
    assert "kept" in more.content.decode()


def test_nobody_signs_or_completes_a_step_whose_form_is_open_and_nothing_changes_after_a_signature(city: City) -> None:
    case = at_survey(city)
    reviewer, second = city.actor("reviewer"), city.actor("reviewer2")
    task = open_task(case)
    with pytest.raises(Conflict, match="STEP_FORM_OPEN"):
        actions.complete_task(reviewer, task_id=task.id, outcome="done")
    actions.save_step_form(reviewer, task_id=task.id, answers={"hardship": "alone"})
    actions.save_step_form(second, task_id=task.id, answers={"hardship": "alone and ill"})
    actions.sign_task(reviewer, task_id=task.id)
    with pytest.raises(Conflict, match="FORM_SIGNED"):
        actions.save_step_form(second, task_id=task.id, answers={"hardship": "rich"})
    actions.sign_task(second, task_id=task.id)
    actions.complete_task(reviewer, task_id=task.id, outcome="done")
    assert "alone and ill" in stored(case)[0].data


def test_a_step_without_a_form_takes_none_and_another_office_sees_none(city: City) -> None:
    case = at_survey(city)
    assert client_of(city, "clerk").get(address(case)).status_code == 403
    assert client_of(city, "stranger").get(address(case)).status_code == 404
    _, other = handed_in(city)
    with pytest.raises(NotFound, match="STEP_FORM"):
        actions.save_step_form(city.actor("clerk"), task_id=open_task(other).id, answers={})


def test_the_survey_is_printed_for_the_file_and_the_notice_says_only_what_it_may(city: City) -> None:
    case = at_survey(city)
    reviewer, second = city.actor("reviewer"), city.actor("reviewer2")
    task = open_task(case)
    actions.save_step_form(
        reviewer,
        task_id=task.id,
        answers={"hardship": "alone", "found_members": [{"found_name": "Li Na", "declared_income": "1200.00", "found_income": "900.00"}]},
    )
    for signer in (reviewer, second):
        actions.sign_task(signer, task_id=task.id)
    actions.complete_task(reviewer, task_id=task.id, outcome="done")
    text = printed(case, "survey")
    assert "Li Na" in text and "900.00" in text and "reviewer、reviewer2" in text
    with scoped(READER):
        assert not Paper.objects.get(case=case, kind="survey").public
    opinion = {"public_opinion": "agree", "public_people": 2, "public_amount": "700.00", "public_summary": "人均收入低于标准"}
    actions.save_step_form(reviewer, task_id=open_task(case).id, answers=opinion)
    actions.complete_task(reviewer, task_id=open_task(case).id, outcome="agree")
    notice = printed(case, "publicity")
    assert "Wang Xiulan" in notice and "拟同意" in notice and "700.00" in notice and "人均收入低于标准" in notice
    assert "360599" not in notice and "Li Na" not in notice and "alone" not in notice


def test_an_objection_brings_a_new_survey_with_a_form_of_its_own(city: City) -> None:
    case = at_survey(city)
    reviewer = city.actor("reviewer")
    first = open_task(case)
    actions.save_step_form(reviewer, task_id=first.id, answers={"hardship": "first"})
    for signer in (reviewer, city.actor("reviewer2")):
        actions.sign_task(signer, task_id=first.id)
    actions.complete_task(reviewer, task_id=first.id, outcome="done")
    actions.save_step_form(reviewer, task_id=open_task(case).id, answers={"public_opinion": "agree"})
    actions.complete_task(reviewer, task_id=open_task(case).id, outcome="agree")
    with scoped(READER):
        Task.objects.filter(pk=open_task(case).pk).update(opened_at=timezone.now() - timedelta(days=2))
    actions.complete_task(city.actor("clerk"), task_id=open_task(case).id, outcome="objection", opinion="a neighbour says otherwise")
    again = open_task(case)
    assert again.step_id == "survey" and again.pk != first.pk
    with pytest.raises(Conflict, match="STEP_FORM_OPEN"):
        actions.sign_task(reviewer, task_id=again.id)
    assert fresh(case).state in ("reviewing", "suspended")


def stored(case: Case) -> list[StepForm]:
    with scoped(READER):
        return list(StepForm.objects.filter(case=case))


def printed(case: Case, kind: str) -> str:
    with scoped(READER):
        return to_html(*paper_values(Paper.objects.get(case=case, kind=kind)))
