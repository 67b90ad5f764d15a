"""Applying at the portal: filled in by what is known, page by page, kept as a draft, handed in once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from linli.cases.casefile.models import Case, Draft
from linli.cases.casefile.queries.cases import answers
from linli.cases.casefile.tests.factories import City, citizen, resident, small_city
from linli.cases.casefile.tests.visitors import (
    CARD,
    MOTHER,
    TEST,
    YOUNG,
    action_of,
    daughter_of,
    go_on,
    old_lady,
    send,
    signed_in,
    sources,
    the_case,
)
from linli.foundation.scope.actions import scoped
from linli.registry.sources.models import Claim

pytestmark = pytest.mark.django_db
APPLY = "/matters/MZ06/apply/"


@pytest.fixture
def city() -> City:
    return small_city()


def walk(client: Client, page: Any, **first: Any) -> Any:
    """Through the pages of the old-age allowance up to the review."""
    page = go_on(client, page, **first)
    page = go_on(client, page, account_owner="Wang Xiulan") if 'value="account"' in page.content.decode() else page
    page = go_on(client, page, other_place="no")
    html = page.content.decode()
    if 'name="_at" value="agent"' in html:
        page = go_on(client, page, **({"agent_relation": "child"} if "agent_relation" in html else {}))
    return go_on(client, page, truth="yes", signature__name="Wang Xiulan", signature__agreed="on")


def test_a_known_resident_fills_in_only_what_nobody_knows_and_gets_a_receipt(city: City) -> None:
    client, person, _ = old_lady(city)
    page = client.get(APPLY)
    html = page.content.decode()
    assert page.status_code == 200
    assert "Wang Xiulan" in html
    assert MOTHER in html  # her own number, prefilled and locked
    assert 'name="applicant_name"' not in html
    page = walk(client, page)
    assert 'name="_at" value="review"' in page.content.decode()
    done = send(client, page)
    assert done.redirect_chain[-1][0] == reverse("casefile_receipt", args=[the_case().id])
    case = the_case()
    html = done.content.decode()
    assert case.number in html
    assert "<svg" in html
    assert case.party_id == person.id
    assert case.decision["verdict"]["passed"] in (True, False)
    with scoped(TEST):
        assert answers(case)["bank_account"] == CARD
        assert not Draft.objects.exists()


def test_pressing_submit_twice_gives_the_same_receipt(city: City) -> None:
    client, _, _ = old_lady(city)
    page = walk(client, client.get(APPLY))
    address = action_of(page.content.decode())
    first = client.post(address, {"_at": "review", "_section": ["review"]})
    second = client.post(address, {"_at": "review", "_section": ["review"]})
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"] == reverse("casefile_receipt", args=[the_case().id])


def test_a_draft_is_kept_at_every_page_and_resumed_after_the_session_has_ended(city: City) -> None:
    client, _, user = old_lady(city)
    page = send(client, client.get(APPLY))
    page = send(client, page, account_owner="Wang Xiulan")
    address = action_of(page.content.decode())
    client.logout()
    late = client.post(address, {"_at": "situation", "_section": ["situation"], "_step": "next"})
    assert late.status_code == 302
    assert late["Location"].startswith("/accounts/sign-in/")
    again = signed_in(user)
    assert "高龄津贴" in again.get(reverse("casefile_my_cases")).content.decode()
    assert 'name="_at" value="situation"' in again.get(APPLY).content.decode()


def test_a_wrong_answer_stays_on_its_page_and_is_told_beside_the_field(city: City) -> None:
    client, _, _ = old_lady(city)
    page = send(client, client.get(APPLY))
    page = send(client, page)
    stays = send(client, page, other_place="")
    assert stays.status_code == 422
    assert 'name="_at" value="situation"' in stays.content.decode()
    assert "ui-error-summary" in stays.content.decode()


def test_a_corrected_known_value_becomes_a_claim_of_the_register(city: City) -> None:
    client, person, _ = old_lady(city)
    page = client.get(APPLY)
    opened = client.post(
        action_of(page.content.decode()), {"_at": "applicant", "_section": ["applicant"], "_correct": "phone"}, follow=True
    )
    assert 'name="phone"' in opened.content.decode()
    page = walk(client, opened, phone="13900000009")
    send(client, page)
    with scoped(TEST):
        claim = Claim.objects.get(subject_id=person.id)
        assert (claim.attribute, claim.value, claim.case_id) == ("phone", "13900000009", the_case().id)
    assert the_case().phone == "13900000009"


def test_a_daughter_applies_for_her_mother_under_the_mandate(city: City) -> None:
    _, mother, _ = old_lady(city)
    client, daughter = daughter_of(city, mother)
    choice = client.get(APPLY)
    assert mother.name in choice.content.decode()
    page = client.get(f"{APPLY}?for={mother.id}")
    page = walk(client, page)
    send(client, page)
    case = the_case()
    assert (case.party_id, case.agent_id, case.agent_name) == (mother.id, daughter.id, "Li Na")
    assert case.mandate_id is not None
    with scoped(TEST):
        assert answers(case)["has_agent"] is True


def test_nobody_applies_for_a_stranger(city: City) -> None:
    client, _, _ = old_lady(city)
    stranger = resident(city, name="Zhao Min", id_number="360599194001010029", phone="13800000009")
    assert client.get(f"{APPLY}?for={stranger.id}").status_code == 404
    with scoped(TEST):
        assert not Case.objects.exists()


def test_a_condition_that_fails_is_told_before_the_form_and_applying_stays_possible(city: City) -> None:
    sources()
    young = resident(city, name="Chen Yu", id_number=YOUNG, birth=date(1990, 1, 1), phone="13800000003")
    client = signed_in(citizen(young, phone="13800000003"))
    page = client.get(APPLY)
    html = page.content.decode()
    assert 'id="linli-form"' not in html
    assert "80" in html
    assert "anyway=1" in html
    assert 'id="linli-form"' in client.get(f"{APPLY}?anyway=1").content.decode()
    assert "ui-tone-warning" in client.get(reverse("casefile_eligibility", args=["MZ06"])).content.decode()


def test_somebody_known_by_phone_only_names_the_community_and_gets_nothing_prefilled(city: City) -> None:
    client = signed_in(citizen(assurance=0))
    page = client.get("/matters/TS01/apply/", follow=True)
    assert page.redirect_chain[-1][0] == "/matters/TS01/apply/place/"
    county = client.get(f"/matters/TS01/apply/place/?at={city.regions['street'].id}")
    assert str(city.regions["home"].id) in county.content.decode()
    page = client.get(f"/matters/TS01/apply/?place={city.regions['home'].id}")
    html = page.content.decode()
    assert 'name="applicant_name"' in html
    page = go_on(client, page, applicant_name="Sun Li", phone="13800000001", hide_identity="no")
    page = go_on(client, page, **WORDS)
    page = go_on(client, page, reply_by="online")
    page = go_on(client, page, has_agent="no")
    page = go_on(client, page, truth="yes")
    go_on(client, page)
    case = the_case()
    assert (case.party_id, case.applicant, case.region_path) == (None, "Sun Li", city.regions["home"].path)
    assert client.get(reverse("casefile_my_case", args=[case.id])).status_code == 200


def to_the_complaint(client: Client, city: City) -> Any:
    page = client.get(f"/matters/TS01/apply/?place={city.regions['home'].id}")
    return go_on(client, page, applicant_name="Sun Li", phone="13800000001", hide_identity="no")


WORDS = {"subject": "A bench", "kind": "suggestion", "topic": "environment", "content": "A bench in front of the clinic would help."}
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xdb\x00C\x00" + bytes(64) + b"\xff\xd9"


def test_a_file_that_is_too_big_is_refused_beside_its_field_and_nothing_typed_is_lost(city: City) -> None:
    client = signed_in(citizen(assurance=0))
    page = to_the_complaint(client, city)
    big = SimpleUploadedFile("photo.jpg", JPEG + bytes(25 * 1024 * 1024), content_type="image/jpeg")
    refused = send(client, page, **WORDS, photos__upload=big)
    assert refused.status_code == 422
    assert "A bench in front of the clinic" in refused.content.decode()
    assert 'name="_at" value="matter"' in refused.content.decode()


def test_a_program_named_as_a_pdf_is_refused(city: City) -> None:
    client = signed_in(citizen(assurance=0))
    page = to_the_complaint(client, city)
    bad = SimpleUploadedFile("letter.pdf", b"MZ\x90\x00" + bytes(2000), content_type="application/pdf")
    assert send(client, page, **WORDS, photos__upload=bad).status_code == 422


def test_an_uploaded_picture_stays_with_the_draft_and_goes_to_the_case(city: City) -> None:
    from linli.foundation.files.models import StoredFile

    client = signed_in(citizen(assurance=0))
    page = to_the_complaint(client, city)
    page = go_on(client, page, **WORDS, photos__upload=SimpleUploadedFile("bench.jpg", JPEG, content_type="image/jpeg"))
    page = go_on(client, page, reply_by="online")
    page = go_on(client, page, has_agent="no")
    page = go_on(client, page, truth="yes")
    assert "bench.jpg" in page.content.decode()
    go_on(client, page)
    with scoped(TEST):
        assert StoredFile.objects.get(name="bench.jpg").case_id == the_case().id


def test_a_matter_that_is_not_offered_is_not_there(city: City) -> None:
    client, _, _ = old_lady(city)
    assert client.get("/matters/XX99/apply/").status_code == 404


def test_the_form_asks_to_sign_in_first_and_comes_back(city: City) -> None:
    answer = Client().get(APPLY)
    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/sign-in/?next=%2Fmatters%2FMZ06%2Fapply%2F"
