"""A resident's own cases: seen in plain words, answered, taken back; another person's case is not there."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from linli.cases.casefile import actions
from linli.cases.casefile.models import Case, Material, Paper, Task, TimelineEntry
from linli.cases.casefile.queries import words as desk_words
from linli.cases.casefile.queries.cases import answers
from linli.cases.casefile.tasks import print_paper
from linli.cases.casefile.tests.factories import OLD_AGE_ANSWERS, City, citizen, resident, small_city
from linli.cases.casefile.tests.visitors import CARD, MOTHER, TEST, daughter_of, id_number, old_lady, signed_in
from linli.cases.casefile.views.portal import words as portal_words
from linli.cases.catalogue.queries import current_definition
from linli.foundation.access.queries import actor_of
from linli.foundation.accounts.models import User
from linli.foundation.files.models import StoredFile
from linli.foundation.scope.actions import scoped
from linli.registry.people.models import Person
from linli.ui.types import Tone

pytestmark = pytest.mark.django_db
GIVEN = {
    **OLD_AGE_ANSWERS,
    "applicant_id_number": MOTHER,
    "bank_account": CARD,
    "bank_name": "Bank",
    "account_owner": "Wang Xiulan",
    "hukou_address": "Beihu 1",
    "live_address": "Beihu 1",
    "truth": True,
    "signature": {"name": "Wang Xiulan", "agreed": True},
}


@pytest.fixture
def city() -> City:
    return small_city()


def hand_in(user: User, person: Person) -> Case:
    return actions.submit_case(
        actor_of(user),
        version_id=current_definition("MZ06").version_id,
        answers=GIVEN,
        submission_key=uuid4().hex,
        applicant=actions.Applicant(
            name=person.name, region_id=person.region_id, party_id=person.id, id_number=MOTHER, phone="13800000001"
        ),
    ).case


def state(case: Case) -> str:
    with scoped(TEST):
        return Case.objects.values_list("state", flat=True).get(pk=case.pk)


def test_the_page_says_where_the_case_is_and_why_it_is_due_when_it_is(city: City) -> None:
    client, person, user = old_lady(city)
    case = hand_in(user, person)
    actions.accept_case(city.actor("clerk"), case_id=case.id)
    html = client.get(reverse("casefile_my_case", args=[case.id])).content.decode()
    assert case.number in html
    assert "unit street" in html
    with scoped(TEST):
        due = Case.objects.get(pk=case.pk).due_at
    assert due is not None
    assert re.search(r"\d{4}年\d{1,2}月\d{1,2}日", html)
    assert "working day" in html or "工作日" in html  # the clock explains itself


def test_another_persons_case_is_not_there(city: City) -> None:
    _, person, user = old_lady(city)
    case = hand_in(user, person)
    stranger = resident(city, name="Zhao Min", id_number=id_number("36059919400101002"), phone="13800000009")
    client = signed_in(citizen(stranger, name="Zhao Min", phone="13800000009"))
    for name in ("casefile_my_case", "casefile_receipt", "casefile_correct", "casefile_withdraw", "evaluation_rate"):
        assert client.get(reverse(name, args=[case.id])).status_code == 404, name
    assert client.post(reverse("casefile_withdraw", args=[case.id])).status_code == 404
    assert state(case) == "submitted"


def test_nobody_sees_a_case_without_signing_in(city: City) -> None:
    _, person, user = old_lady(city)
    case = hand_in(user, person)
    answer = Client().get(reverse("casefile_my_case", args=[case.id]))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/sign-in/")


def test_the_number_of_queries_of_the_list_does_not_grow_with_the_cases(city: City) -> None:
    client, person, user = old_lady(city)
    hand_in(user, person)
    client.get(reverse("casefile_my_cases"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("casefile_my_cases"))
    for _ in range(6):
        hand_in(user, person)
    with CaptureQueriesContext(connection) as many:
        page = client.get(reverse("casefile_my_cases"))
    assert page.content.decode().count("data-row>") == 7
    assert len(many) == len(few)


def test_a_daughter_sees_the_case_she_handed_in_for_her_mother_and_the_mother_sees_it_too(city: City) -> None:
    client, mother, _ = old_lady(city)
    other, daughter = daughter_of(city, mother)
    with scoped(TEST):
        user = User.objects.get(person_id=daughter.id)
    case = actions.submit_case(
        actor_of(user),
        version_id=current_definition("MZ06").version_id,
        answers=GIVEN,
        submission_key="m",
        applicant=actions.Applicant(
            name=mother.name, region_id=mother.region_id, party_id=mother.id, agent_id=daughter.id, agent_name=daughter.name
        ),
    ).case
    for one in (client, other):
        assert "Li Na" in one.get(reverse("casefile_my_case", args=[case.id])).content.decode()


def test_a_correction_is_answered_with_changed_answers_and_the_office_goes_on(city: City) -> None:
    client, person, user = old_lady(city)
    case = hand_in(user, person)
    actions.correct_case(city.actor("clerk"), case_id=case.id, items=["The bank's name is wrong"])
    seen = client.get(reverse("casefile_my_case", args=[case.id])).content.decode()
    assert "The bank&#x27;s name is wrong" in seen
    address = reverse("casefile_correct", args=[case.id])
    assert address in seen
    page = client.get(address).content.decode()
    assert "The bank&#x27;s name is wrong" in page
    assert 'name="bank_name"' in page
    assert 'name="applicant_id_number"' not in page  # the register's own is not open to a correction
    data = {
        "_section": ["applicant", "account", "situation", "agent", "promise", "papers"],
        **{k: v for k, v in GIVEN.items() if k in ("phone", "live_address", "bank_account", "account_owner")},
        "bank_name": "Right Bank",
        "other_place": "no",
        "has_agent": "no",
        "truth": "yes",
        "signature__name": "Wang Xiulan",
        "signature__agreed": "on",
    }
    answer = client.post(address, data)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert state(case) == "submitted"
    with scoped(TEST):
        assert answers(case)["bank_name"] == "Right Bank"
        assert Task.objects.get(case=case, state="open").kind == "accept"
    assert client.get(address).status_code == 302  # nothing is asked any more


def test_withdrawing_asks_first_and_then_ends_the_case(city: City) -> None:
    client, person, user = old_lady(city)
    case = hand_in(user, person)
    address = reverse("casefile_withdraw", args=[case.id])
    assert case.number in client.get(address).content.decode()
    assert state(case) == "submitted"
    assert client.post(address, {"reason": "moved away"}).status_code == 302
    assert state(case) == "withdrawn"
    assert client.post(address).status_code == 422


def test_the_receipt_prints_number_code_and_picture_and_offers_the_pdf_once_it_is_made(city: City) -> None:
    from linli.cases.casefile.engine import query_code

    client, person, user = old_lady(city)
    case = hand_in(user, person)
    page = client.get(reverse("casefile_receipt", args=[case.id])).content.decode()
    assert query_code(case.number) in page
    assert "/files/" not in page
    with scoped(TEST):
        paper = Paper.objects.get(case=case, kind="receipt")
    print_paper(paper_id=str(paper.id))
    page = client.get(reverse("casefile_receipt", args=[case.id])).content.decode()
    link = re.search(r'href="(/files/[^"]+)"', page)
    assert link
    address = link[1].replace("&amp;", "&")
    pdf = client.get(address)
    assert b"".join(pdf).startswith(b"%PDF")
    assert Client().get(address).status_code in (302, 404)  # the link is hers alone


def test_a_paper_that_no_job_has_printed_is_printed_when_it_is_first_opened_and_only_then(city: City) -> None:
    client, person, user = old_lady(city)
    case = hand_in(user, person)
    page = client.get(reverse("casefile_my_case", args=[case.id])).content.decode()
    with scoped(TEST):
        paper = Paper.objects.get(case=case, kind="receipt")
    address = reverse("casefile_my_paper", args=[case.id, paper.id])
    assert address in page
    first = client.get(address, follow=True)
    assert b"".join(first).startswith(b"%PDF")
    client.get(address)
    with scoped(TEST):
        paper.refresh_from_db()
        assert paper.state == "ready"
        assert StoredFile.objects.filter(case_id=case.id).count() == 1
    assert signed_in(city.users["clerk"]).get(reverse("casefile_desk_paper_file", args=[case.id, paper.id])).status_code == 302
    assert signed_in(city.users["stranger"]).get(reverse("casefile_desk_paper_file", args=[case.id, paper.id])).status_code == 404


def test_missing_papers_stand_on_the_receipt(city: City) -> None:
    client, person, user = old_lady(city)
    case = hand_in(user, person)
    page = client.get(reverse("casefile_receipt", args=[case.id])).content.decode()
    with scoped(TEST):
        names = list(Material.objects.filter(case=case).values_list("name", flat=True))
    assert names
    assert all(name in page for name in names)


def test_a_correction_form_names_every_file_field_without_javascript(city: City) -> None:
    client, person, user = old_lady(city)
    case = hand_in(user, person)
    actions.correct_case(city.actor("clerk"), case_id=case.id, items=["a photo"])
    page = client.get(reverse("casefile_correct", args=[case.id])).content.decode()
    assert 'name="paper_other__upload"' in page
    assert 'id="linli-form"' in page


def test_a_grant_is_not_drawn_as_a_refusal() -> None:
    """Both decisions keep their reason among the parameters; only a refusal is crossed out, on the portal and on the desk."""
    now = timezone.now()
    grant = TimelineEntry(at=now, kind="decided", text="Granted", params={"reason": ""})
    refusal = TimelineEntry(at=now, kind="decided", text="Not granted: %(reason)s", params={"reason": "too young"})
    for drawn in (portal_words.story([grant, refusal]), desk_words.story([grant, refusal], Case(applicant="Wang Xiulan"))):
        assert [(item.icon == "x", item.tone) for item in drawn] == [(True, Tone.DANGER), (False, Tone.SUCCESS)]
