"""The case page: what it shows to whom, each step by its button, each refusal, and what a second press does."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.cases.casefile import actions
from linli.cases.casefile.models import Case, CaseParticipant
from linli.cases.casefile.queries.cases import definition_for
from linli.cases.casefile.queries.facts import case_facts
from linli.cases.casefile.tests.desk import city, client_of, fresh, grant, handed_in, open_task
from linli.cases.casefile.tests.factories import City
from linli.cases.catalogue.types import Fee
from linli.cases.supervision.models import Card
from linli.foundation.accounts.models import Mandate
from linli.foundation.audit.models import AuditEntry
from linli.foundation.files.models import StoredFile
from linli.foundation.files.queries import files_of
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Level, system_actor

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


def test_the_page_says_which_edition_of_the_matter_the_case_is_locked_to(city: City) -> None:
    _, case = handed_in(city)
    assert re.search(r"\(MZ06\), edition 1 of \d{4}-\d\d-\d\d", page(client_of(city, "clerk"), case))


def test_the_drawing_of_the_process_marks_where_the_case_stands_and_is_the_cases_own(city: City) -> None:
    _, case = handed_in(city)
    post(client_of(city, "clerk"), case, "accept")
    html, address = page(client_of(city, "reviewer"), case), reverse("casefile_desk_process", args=[case.pk])
    assert f'data-diagram="{address}" data-done="accept" data-current="street_review"' in html
    drawn = client_of(city, "reviewer").get(address)
    assert drawn["Content-Type"].startswith("application/xml")
    xml = drawn.content.decode()
    assert "BPMNDiagram" in xml and 'bpmnElement="street_review"' in xml
    assert client_of(city, "stranger").get(address).status_code == 404


def test_a_signer_of_a_special_case_reads_what_was_handed_in_with_it_and_nobody_else_does(city: City) -> None:
    _, case = handed_in(city)
    clerk = client_of(city, "clerk")
    post(clerk, case, "accept")
    with scoped(system_actor("test")):
        file = StoredFile(
            name="a.pdf", size=1, sha256="0" * 64, content_type="application/pdf", case_id=case.pk, region_path=case.region_path
        )
        file.level = Level.SPECIAL
        file.save()
        Case.objects.filter(pk=case.pk).update(level=Level.SPECIAL)
        CaseParticipant(case=case, user_id=city.users["reviewer"].pk, kind="signer").save()
    for name, sees in (("reviewer", True), ("reviewer2", False), ("clerk", False)):
        with scoped(city.actor(name)) as scope:
            assert [one.pk for one in files_of(scope.actor, case_id=case.pk)] == ([file.pk] if sees else []), name
            assert StoredFile.objects.filter(pk=file.pk).exists() is sees, "row-level security says the same"


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


def test_money_taken_for_a_free_matter_is_a_red_card_and_none_taken_is_none(city: City) -> None:
    _, case = handed_in(city)
    clerk, supervisor = client_of(city, "clerk"), client_of(city, "supervisor")
    post(clerk, case, "accept")
    assert reverse("casefile_desk_fee", args=[case.pk]) not in page(clerk, case), "a free matter asks no counter for money"
    assert reverse("casefile_desk_fee", args=[case.pk]) in page(supervisor, case)
    assert client_of(city, "decider").get(reverse("casefile_desk_fee", args=[case.pk])).status_code == 403
    assert "This matter is free of charge" in clerk.get(reverse("casefile_desk_fee", args=[case.pk])).content.decode()
    assert post(clerk, case, "fee", amount="0", receipt="").status_code == 303
    with scoped(system_actor("test")):
        assert not Card.objects.filter(rule="R09").exists()
    assert "number of the receipt" in post(clerk, case, "fee", amount="20", receipt="").content.decode()
    assert post(supervisor, case, "fee", amount="20", receipt="A-17").status_code == 303
    with scoped(system_actor("test")):
        card = Card.objects.get(rule="R09")
    assert (card.colour, card.params["charged"]) == ("red", "20.00")
    html = page(supervisor, case)
    assert "20.00" in html and "receipt A-17" in html


def test_only_what_differs_from_a_fixed_fee_is_a_finding(city: City) -> None:
    def compared(**fee: Any) -> tuple[Any, Any]:
        spec = definition_for(case).spec
        object.__setattr__(spec, "fee", Fee(**fee))
        facts = case_facts(case, [])
        return facts.fee_standard, facts.fee_charged

    _, case = handed_in(city)
    case.fee_charged = Decimal("20.00")
    kept = definition_for(case).spec.fee
    try:
        assert compared(charged=True, standard="20 yuan", amount=Decimal(20), basis="law") == (Decimal(20), Decimal("20.00"))
        assert compared(charged=True, standard="by the page", basis="law") == (Decimal(0), None)
        assert compared(charged=False) == (Decimal(0), Decimal("20.00"))
    finally:
        object.__setattr__(definition_for(case).spec, "fee", kept)


def test_the_mandate_somebody_acts_under_stands_on_the_case_with_its_days_and_its_end(city: City) -> None:
    _, case = handed_in(city)
    today = timezone.localdate()
    with scoped(system_actor("test")):
        mandate = Mandate(grantor_id=uuid4(), grantor_name="W", grantee_id=uuid4(), grantee_name="L", region_path=case.region_path)
        mandate.kind, mandate.since, mandate.until = "helper", today, today + timedelta(days=30)
        mandate.save()
        Case.objects.filter(pk=case.pk).update(mandate_id=mandate.pk, agent_name="Li Na")
    clerk = client_of(city, "clerk")
    assert f"helper, {today} to {mandate.until}" in page(clerk, case)
    with scoped(system_actor("test")):
        mandate.revoked_at = timezone.now()
        mandate.save()
    assert f"revoked on {today}" in page(clerk, case)
