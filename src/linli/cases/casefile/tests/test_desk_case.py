"""The case page: what it shows to whom, each step by its button, each refusal, and what a second press does."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from linli.cases.casefile import actions
from linli.cases.casefile.models import Case
from linli.cases.casefile.tests.desk import city, client_of, fresh, grant, handed_in, open_task
from linli.cases.casefile.tests.factories import City
from linli.foundation.audit.models import AuditEntry
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor

__all__ = ["city"]
pytestmark = pytest.mark.django_db


def page(client: Client, case: Case) -> str:
    response = client.get(reverse("case_desk_subject", args=[case.pk]))
    assert response.status_code == 200, response.content
    return response.content.decode()


def post(client: Client, case: Case, key: str, task: bool = False, **data: Any) -> Any:
    args = [case.pk, *([open_task(case).pk] if task else [])]
    return client.post(reverse(f"casefile_desk_{key}", args=args), data)


def test_the_page_shows_the_case_masked_and_offers_only_what_the_post_allows(city: City) -> None:
    _, case = handed_in(city)
    html = page(client_of(city, "clerk"), case)
    assert "W*********n" in html and "Wang Xiulan" not in html and "360599194503070023" not in html
    assert reverse("casefile_desk_accept", args=[case.pk]) in html and reverse("casefile_desk_refuse", args=[case.pk]) in html
    html = page(client_of(city, "supervisor"), case)
    assert reverse("casefile_desk_accept", args=[case.pk]) not in html and reverse("casefile_desk_urge", args=[case.pk]) in html


def test_another_communitys_case_does_not_exist_for_a_clerk(city: City) -> None:
    _, case = handed_in(city)
    client = client_of(city, "stranger")
    assert client.get(reverse("case_desk_subject", args=[case.pk])).status_code == 404
    assert client.get(reverse("casefile_desk_number", args=[case.number])).status_code == 404
    for key in ("accept", "refuse", "correct"):
        assert post(client, case, key, reason="no reason at all", items="x").status_code == 404
    assert fresh(case).state == "submitted"


def test_nobody_signed_in_is_sent_to_the_sign_in_page(city: City) -> None:
    _, case = handed_in(city)
    assert Client().get(reverse("case_desk_subject", args=[case.pk])).status_code == 302


def test_accepting_twice_says_kindly_that_it_is_done(city: City) -> None:
    _, case = handed_in(city)
    client = client_of(city, "clerk")
    assert post(client, case, "accept").status_code == 303
    assert fresh(case).state == "accepted"
    second = post(client, case, "accept")
    assert second.status_code == 409 and "Nobody waits for an acceptance" in second.content.decode()
    html = page(client, case)
    assert "To be decided by" in html and "working day(s), counted from the day after" in html


def test_a_refusal_without_a_reason_stands_beside_its_field(city: City) -> None:
    _, case = handed_in(city)
    client = client_of(city, "clerk")
    answer = post(client, case, "refuse", reason="no", turn_to="the county")
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "in words the applicant understands" in html and 'value="the county"' in html
    assert post(client, case, "refuse", reason="not a resident of this city", turn_to="").status_code == 303
    assert fresh(case).state == "not_accepted"


def test_a_correction_names_papers_and_lines(city: City) -> None:
    _, case = handed_in(city)
    client = client_of(city, "clerk")
    assert post(client, case, "correct", items="").status_code == 422
    assert post(client, case, "correct", items="photo of the card\nsignature", note="").status_code == 303
    assert fresh(case).decision["correction"]["items"] == ["photo of the card", "signature"]
    assert "photo of the card; signature" in page(client, case)


def test_review_decision_and_delivery_by_their_buttons(city: City) -> None:
    _, case = handed_in(city)
    post(client_of(city, "clerk"), case, "accept")
    reviewer = client_of(city, "reviewer")
    assert post(reviewer, case, "complete", task=True, outcome="").status_code == 422
    assert post(reviewer, case, "complete", task=True, outcome="agree", opinion="visited at home").status_code == 303
    decider = client_of(city, "decider")
    refused = post(decider, case, "complete", task=True, outcome="disagree", opinion="no")
    assert refused.status_code == 422 and "in words the applicant understands" in refused.content.decode()
    html = page(decider, case)
    assert "visited at home" in html and reverse("casefile_desk_return", args=[case.pk, open_task(case).pk]) in html
    assert post(decider, case, "complete", task=True, outcome="agree", opinion="").status_code == 303
    assert post(client_of(city, "clerk"), case, "complete", task=True, outcome="delivered").status_code == 303
    assert fresh(case).state == "delivered"
    assert "What to do" not in page(client_of(city, "clerk"), case)


def test_a_step_done_by_a_colleague_keeps_what_was_typed(city: City) -> None:
    _, case = handed_in(city)
    post(client_of(city, "clerk"), case, "accept")
    task = open_task(case)
    url = reverse("casefile_desk_complete", args=[case.pk, task.pk])
    assert client_of(city, "reviewer").post(url, {"outcome": "agree"}).status_code == 303
    late = client_of(city, "reviewer2").post(url, {"outcome": "agree", "opinion": "a long opinion"})
    html = late.content.decode()
    assert late.status_code == 409 and "Somebody has done this step meanwhile" in html and "a long opinion" in html


def test_sending_back_transfer_and_signers(city: City) -> None:
    _, case = handed_in(city)
    post(client_of(city, "clerk"), case, "accept")
    reviewer = client_of(city, "reviewer")
    assert post(reviewer, case, "transfer", task=True, reason="on leave").status_code == 422
    assert post(reviewer, case, "transfer", task=True, user_id=str(city.users["reviewer2"].pk), reason="on leave").status_code == 303
    assert open_task(case).assignee_id == city.users["reviewer2"].pk
    second = client_of(city, "reviewer2")
    assert post(second, case, "add-signer", task=True, user_id=str(city.users["reviewer"].pk)).status_code == 303
    blocked = page(second, case)
    assert "everybody asked has signed" in blocked and "awaited:" in blocked
    assert post(reviewer, case, "sign", task=True, opinion="fine").status_code == 303
    assert post(second, case, "complete", task=True, outcome="agree").status_code == 303
    decider = client_of(city, "decider")
    assert post(decider, case, "return", task=True, step_id="street_review", reason="x").status_code == 422
    assert post(decider, case, "return", task=True, step_id="street_review", reason="birth date not checked").status_code == 303
    assert open_task(case).step_id == "street_review"


def test_urging_once_a_day(city: City) -> None:
    _, case = handed_in(city)
    client = client_of(city, "supervisor")
    assert post(client, case, "urge", note="please").status_code == 303
    again = post(client, case, "urge", note="please")
    assert again.status_code == 409 and "less than a day ago" in again.content.decode()


def test_a_clerk_may_not_decide_nor_suspend(city: City) -> None:
    _, case = handed_in(city)
    assert post(client_of(city, "clerk"), case, "suspend", procedure="x").status_code == 403
    assert post(client_of(city, "decider"), case, "accept").status_code == 403


def test_full_data_asks_a_purpose_and_is_on_the_trail(city: City) -> None:
    grant(city, "clerk", "people.reveal")
    _, case = handed_in(city)
    client = client_of(city, "clerk")
    url = reverse("casefile_desk_reveal", args=[case.pk])
    assert client.post(url, {"purpose": ""}).status_code == 422
    shown = client.post(url, {"purpose": "compare with the ID card"}).content.decode()
    assert "360599194503070023" in shown and "6222020000000000009" in shown
    with scoped(system_actor("test")):
        entry = AuditEntry.objects.get(action="cases.form_shown")
    assert entry.notes["purpose"] == "compare with the ID card" and entry.subject_id == str(case.pk)
    assert client_of(city, "decider").post(url, {"purpose": "curious"}).status_code in (403, 404)


def test_who_accepted_is_told_why_a_colleague_decides(city: City) -> None:
    _, case = handed_in(city)
    grant(city, "decider", "cases.accept")
    post(client_of(city, "clerk"), case, "accept")
    actions.complete_task(city.actor("reviewer"), task_id=open_task(case).pk, outcome="agree")
    with scoped(system_actor("test")):
        Case.objects.filter(pk=case.pk).update(accepted_by=city.users["decider"].pk)
    assert "a colleague has to decide it" in page(client_of(city, "decider"), case)


def test_the_receipt_prints_in_both_widths(city: City) -> None:
    _, case = handed_in(city)
    client = client_of(city, "clerk")
    a4 = client.get(reverse("casefile_desk_receipt", args=[case.pk])).content.decode()
    small = client.get(reverse("casefile_desk_receipt", args=[case.pk]) + "?width=80").content.decode()
    assert case.number in a4 and "<svg" in a4 and 'class="paper receipt"' in small and "360599194503070023" not in a4
