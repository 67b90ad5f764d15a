"""Requests of residents: filed at both doors, decided by the data officer, and what the resident gets."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from uuid import UUID

import openpyxl
import pytest
from django.utils import timezone

from linli.foundation.actions.engine import CityContext
from linli.foundation.audit.models import AuditEntry
from linli.foundation.calendar.queries import current
from linli.foundation.messages.models import Message
from linli.foundation.privacy.actions import answering, filing
from linli.foundation.privacy.actions.city_requests import build_requests, export_requests
from linli.foundation.privacy.models import DataRequest, Rule
from linli.foundation.privacy.tests.conftest import JOB, Town
from linli.foundation.scope.actions import scoped
from linli.lib.errors import Conflict, Invalid, NotFound, Refused
from linli.registry.people.actions import register_fact, reveal_phone
from linli.registry.sources.actions import admit
from linli.registry.sources.models import Claim, Provenance
from linli.registry.sources.queries import source

pytestmark = pytest.mark.django_db


def again(request: DataRequest) -> DataRequest:
    with scoped(JOB):
        return DataRequest.objects.get(pk=request.pk)


def archive_of(content: bytes) -> tuple[list[list[str]], dict[str, object]]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        names = sorted(file.namelist())
        told = json.loads(file.read(names[0]))
        sheet = openpyxl.load_workbook(io.BytesIO(file.read(names[1]))).worksheets[0]
    return [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)], told


def test_a_copy_holds_every_value_with_its_source_and_ends_after_a_week(town: Town) -> None:
    wang = town.client("wang")
    assert wang.post("/my/data/new/copy/", {"text": "for my file"}).status_code == 303
    with scoped(JOB):
        one = DataRequest.objects.get()
    assert one.due_on == current().nth_workday(timezone.localdate(), 15) and one.state == "open"
    page = f"/my/data/requests/{one.pk}/"
    assert "Fetch my copy" not in wang.get(page).content.decode(), "not before somebody answered"
    assert town.client("officer").post(f"/desk/requests/{one.pk}/", {"answer": "yes"}).status_code == 303
    body = wang.get(page).content.decode()
    link = body.split('class="btn btn-primary" href="')[1].split('"')[0].replace("&amp;", "&")
    assert town.client("zhao").get(link).status_code == 404, "the link is of one account"
    assert wang.get(link.replace("sig=", "sig=x")).status_code == 404 and wang.get(link.split("?")[0]).status_code == 404
    rows, told = archive_of(wang.get(link).content)
    values = {row[1]: row[2:] for row in rows[2:]}
    assert values["ID number"][0] == town.people["wang"].id_number and values["ID number"][1], "in full, and whose word it is"
    assert told["number"] == one.number and one.number in rows[0][0]
    with scoped(JOB):
        assert AuditEntry.objects.filter(action="privacy.copy_fetched", outcome="done").count() == 1
        assert Message.objects.filter(party_id=town.people["wang"].pk, key="privacy.request_answered").exists()
        DataRequest.objects.filter(pk=one.pk).update(content_until=timezone.now() - timedelta(minutes=1))
    assert wang.get(link).status_code == 303, "over"
    with pytest.raises(Conflict, match="COPY_OVER"):
        answering.fetch_copy(town.actor("wang"), request_id=one.pk)


def test_only_oneself_and_the_guardian_ask_and_read(town: Town) -> None:
    girl = town.people["girl"].pk
    mine = filing.file_request(town.actor("wang"), kind="copy")
    hers = filing.file_request(town.actor("wang"), kind="copy", person_id=girl)
    assert (hers.person_id, hers.name) == (girl, "王小红")
    body = town.client("wang").get("/my/data/").content.decode()
    assert "王小红" in body and str(hers.pk) in body
    for address in (f"/my/data/requests/{mine.pk}/", f"/my/data/requests/{hers.pk}/"):
        assert town.client("wang").get(address).status_code == 200
        assert town.client("zhao").get(address).status_code == 404, "a mandate of the family does not open it"
        assert town.client("li").get(address).status_code == 404
    for person in (town.people["wang"].pk, girl):
        with pytest.raises(NotFound):
            filing.file_request(town.actor("zhao"), kind="copy", person_id=person)
        assert town.client("zhao").get(f"/my/data/looks/?for={person}").status_code == 404
    assert town.client("wang").get(f"/my/data/looks/?for={girl}").status_code == 200
    assert town.client("wang").get("/my/data/looks/?for=nonsense").status_code == 404
    with pytest.raises(Conflict, match="REQUEST_OPEN"):
        filing.file_request(town.actor("wang"), kind="copy")
    with pytest.raises(NotFound):
        filing.withdraw(town.actor("zhao"), request_id=mine.pk)
    assert town.client("wang").post(f"/my/data/requests/{mine.pk}/withdraw/").status_code == 303
    assert again(mine).state == "withdrawn"
    filing.file_request(town.actor("wang"), kind="copy")


def test_the_desk_shows_a_request_to_its_own_area_and_lets_the_data_officer_decide(town: Town) -> None:
    one = filing.file_request(town.actor("li"), kind="copy")
    page = f"/desk/requests/{one.pk}/"
    assert town.client("window clerk").get(page).status_code == 404, "another community"
    assert one.number not in town.client("window clerk").get("/desk/requests/").content.decode()
    assert one.number in town.client("neighbour").get("/desk/requests/").content.decode()
    shown = town.client("neighbour").get(page).content.decode()
    assert "The data officer answers" in shown and "Make the copy" not in shown
    with pytest.raises(Refused):
        answering.grant(town.actor("neighbour"), request_id=one.pk)
    assert town.client("officer").post(page, {"answer": "no", "reason": ""}).status_code == 422
    answer = town.client("officer").post(page, {"answer": "no", "reason": "asked for last week"})
    assert answer.status_code == 303 and again(one).state == "refused"
    told = town.client("li").get(f"/my/data/requests/{one.pk}/").content.decode()
    assert "asked for last week" in told and "declined" in told
    with pytest.raises(Conflict, match="REQUEST_STATE"):
        answering.grant(town.actor("officer2"), request_id=one.pk)


def test_at_the_counter_a_clerk_takes_it_down_and_hands_the_copy_over(town: Town) -> None:
    wang, clerk = town.people["wang"].pk, town.client("window clerk")
    page = f"/desk/requests/new/{wang}/"
    assert page in clerk.get(f"/desk/people/{wang}/").content.decode()
    assert town.client("neighbour").get(page).status_code == 404
    assert clerk.get(page).status_code == 200 and clerk.post(f"{page}?kind=copy", {}).status_code == 303
    with scoped(JOB):
        one = DataRequest.objects.get()
    assert one.channel == "counter"
    answering.grant(town.actor("officer"), request_id=one.pk)
    assert "Hand over the copy" in clerk.get(f"/desk/requests/{one.pk}/").content.decode()
    assert clerk.get(f"/desk/requests/{one.pk}/file/")["Content-Type"] == "application/zip"
    portal = filing.file_request(town.actor("wang"), kind="copy")
    answering.grant(town.actor("officer"), request_id=portal.pk)
    with pytest.raises(Refused):
        answering.hand_over(town.actor("window clerk"), request_id=portal.pk)


def test_who_took_it_down_or_is_the_person_does_not_decide_it(town: Town) -> None:
    one = filing.take_down(town.actor("officer"), kind="copy", person_id=town.people["wang"].pk)
    with pytest.raises(Refused):
        answering.grant(town.actor("officer"), request_id=one.pk)
    officer2 = town.city.users["officer2"]
    officer2.person_id = town.people["wang"].pk
    officer2.save()
    with pytest.raises(Refused):
        answering.refuse(town.actor("officer2"), request_id=one.pk, reason="I know better")


def test_an_accepted_correction_stands_as_the_residents_word(town: Town) -> None:
    wang = town.people["wang"]
    with scoped(JOB):
        admit(
            wang.pk,
            "phone",
            "13900000001",
            source="police",
            as_of=timezone.localdate(),
            case_id=None,
            region_path=wang.region_path,
            party_id=wang.pk,
        )
    client = town.client("wang")
    assert client.post("/my/data/new/correct/", {"attribute": "people.phone", "value": "no number"}).status_code == 422
    assert client.post("/my/data/new/correct/", {"attribute": "people.id_number", "value": "1"}).status_code == 422
    assert client.post("/my/data/new/correct/", {"attribute": "people.phone", "value": "13955556666"}).status_code == 303
    one = _only()
    shown = town.client("officer").get(f"/desk/requests/{one.pk}/").content.decode()
    assert "13955556666" in shown and "139****0001" in shown, "what is said, and what stands, masked"
    answering.grant(town.actor("officer"), request_id=one.pk)
    assert town.person("wang").phone == "13955556666"
    with scoped(JOB):
        row = Provenance.objects.select_related("source").get(subject_id=wang.pk, attribute="phone")
    assert row.source.code == "stated" and row.locked_until is not None and row.locked_until > timezone.localdate()
    marital = filing.file_request(town.actor("wang"), kind="correct", attribute="people.marital", value="a widow")
    with pytest.raises(Invalid):
        answering.grant(town.actor("officer"), request_id=marital.pk)
    answering.grant(town.actor("officer"), request_id=marital.pk, value="30")
    assert town.person("wang").marital == "30"


def _only() -> DataRequest:
    with scoped(JOB):
        return DataRequest.objects.get()


def test_erasure_takes_what_may_go_and_says_why_the_rest_stays(town: Town) -> None:
    wang = town.people["wang"].pk
    with scoped(JOB):
        type(town.people["wang"]).objects.filter(pk=wang).update(education="20", bank_account="6222020000000000009")
        Claim(
            subject_id=wang,
            attribute="phone",
            value="13912345678",
            source=source("stated"),
            region_path=town.people["wang"].region_path,
            party_id=wang,
            state="open",
        ).save(force_insert=True)
    register_fact(
        JOB, subject_id=wang, attribute="benefit.old_age_allowance", value={"amount": 100}, source_case=None, effective=timezone.localdate()
    )
    with pytest.raises(Invalid, match="REQUEST_SCOPE"):
        filing.file_request(town.actor("wang"), kind="erase", scope=["identity", "trail"])
    page = town.client("wang").get("/my/data/new/erase/").content.decode()
    assert "档案法" in page, "what has to stay is said with its reason"
    answer = town.client("wang").post(
        "/my/data/new/erase/", {"scope": ["people.phone", "people.education", "people.bank_account"], "text": ""}
    )
    assert answer.status_code == 303
    with scoped(JOB):
        trail = AuditEntry.objects.count()
    answering.grant(town.actor("officer"), request_id=_only().pk)
    one, person = again(_only()), town.person("wang")
    assert one.state == "partly"
    assert {part["done"] for part in one.outcome} == {True, False} and "payment" in str(one.outcome)
    assert (person.phone, person.phone_index, person.bank_account) == ("", None, "6222020000000000009")
    assert person.education in ("", "90")
    with scoped(JOB):
        assert not Claim.objects.filter(subject_id=wang, attribute="phone").exists()
        assert AuditEntry.objects.count() > trail, "the trail only grows"
        entry = AuditEntry.objects.get(action="privacy.request_granted")
    assert "13900000001" not in str(entry.changes) and "13912345678" not in str(entry.changes)
    assert "stays" in town.client("wang").get(f"/my/data/requests/{one.pk}/").content.decode()


def test_who_looked_is_read_by_office_day_and_purpose_without_names(town: Town) -> None:
    wang = town.people["wang"].pk
    reveal_phone(town.actor("window clerk"), person_id=wang, purpose="Call about the allowance")
    body = town.client("wang").get("/my/data/looks/").content.decode()
    assert "Call about the allowance" in body and "Your telephone number was shown in full" in body
    unit = town.city.units["home"].name
    assert f"{unit} community_clerk" in body, "unit and post"
    with scoped(JOB):
        type(town.city.users["window clerk"]).objects.filter(pk=town.city.users["window clerk"].pk).update(name="陈某某")
    assert "陈某某" not in town.client("wang").get("/my/data/looks/").content.decode()
    assert town.client("li").get("/my/data/looks/").content.decode().count("Call about") == 0
    assert "/my/data/" in town.client("wang").get("/accounts/").content.decode()


def test_who_is_not_known_is_led_to_saying_so(town: Town) -> None:
    from linli.cases.casefile.tests.factories import citizen

    town.accounts["nobody"] = citizen(None, assurance=0, name="nobody", phone="13800009999")
    client = town.client("nobody")
    assert "Confirm who I am" in client.get("/my/data/").content.decode()
    assert client.get("/my/data/looks/").status_code == 403 and client.get("/my/data/new/copy/").status_code == 403


def test_a_synthetic_city_has_requests_in_several_states_once(town: Town) -> None:
    city = CityContext(people=10, cases=0, seed=1, as_of=timezone.localdate())
    build_requests(city)
    told = sorted(export_requests())
    with scoped(JOB):
        assert sorted(DataRequest.objects.values_list("kind", "state")) == [("copy", "done"), ("correct", "open"), ("erase", "done")]
    build_requests(city)
    assert sorted(export_requests()) == told


def test_the_time_for_an_answer_is_the_packs(town: Town) -> None:
    Rule.objects.filter(kind="answer").update(days=3)
    one = filing.file_request(town.actor("wang"), kind="copy")
    assert one.due_on == current().nth_workday(timezone.localdate(), 3)
    assert isinstance(one.pk, UUID)
