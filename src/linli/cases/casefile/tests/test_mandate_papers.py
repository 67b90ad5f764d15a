"""Guardians and legal representatives, registered at a counter with a paper: over the real middleware, with what a careful office refuses."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.cases.casefile.tests.desk import city, client_of, grant
from linli.cases.casefile.tests.factories import City, citizen, resident
from linli.foundation.access.queries import actor_of
from linli.foundation.accounts.models import Mandate, User
from linli.foundation.audit.models import AuditEntry
from linli.foundation.files.models import StoredFile
from linli.foundation.messages.actions import load_templates
from linli.foundation.messages.models import Message
from linli.foundation.regions.models import Region
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.lib.idcard import birthday_in, check_digit
from linli.registry.people.models import Person

__all__ = ["city"]
pytestmark = pytest.mark.django_db
TEST = system_actor("test")
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
USCC = "52360502MJ12345611"  # the printed vector of community.md 0.2


def number(birth: date, serial: int = 2) -> str:
    body = f"360599{birth:%Y%m%d}{serial:03d}"
    return body + check_digit(body)


def someone(city: City, name: str, birth: date, *, home: str = "home", phone: str = "", serial: int = 2) -> Person:
    return resident(city, name=name, id_number=number(birth, serial), birth=birth, home=home, phone=phone)


@pytest.fixture
def family(city: City, tmp_path: Path, settings: Any) -> dict[str, Person]:
    """A child, her mother, her grandfather, and a child of the next community."""
    settings.MEDIA_ROOT = tmp_path / "files"
    grant(city, "clerk", "mandates.register", "files.upload")
    with scoped(TEST):
        load_templates(TEST, folder=Path(django_settings.PACKS_DIR) / "national" / "messages")
    today = timezone.localdate()
    return {
        "child": someone(city, "王小丫", today.replace(year=today.year - 9, day=1)),
        "mother": someone(city, "王秀兰", date(1985, 3, 7), phone="13800000002", serial=4),
        "grandfather": someone(city, "李大山", date(1940, 3, 7), phone="13800000003", serial=6),
        "neighbour": someone(city, "赵小云", today.replace(year=today.year - 9, day=1), home="other", serial=8),
    }


def paper(name: str = "paper.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def values(ward: Person, guardian: Person, **more: object) -> dict[str, object]:
    return {
        "ground": "minor",
        "ward_name": ward.name,
        "ward_id_number": ward.id_number,
        "guardian_name": guardian.name,
        "guardian_id_number": guardian.id_number,
        "document": "出生医学证明 A1",
        "paper": paper(),
        **more,
    }


def refused(client: Client, address: str, data: dict[str, object], field: str, words: str) -> None:
    page = client.post(reverse(address), data)
    assert page.status_code == 422, page.content.decode()[:300]
    assert words in str(page.context["form"].errors.get(field)), page.context["form"].errors


def sms(key: str) -> set[str]:
    """Telephones a text message of this kind goes to."""
    return {str(message.address) for message in Message.objects.filter(key=key, channel="sms")}


def stored() -> tuple[int, int]:
    with scoped(TEST):
        return Mandate.objects.count(), StoredFile.objects.count()


def test_a_mother_is_registered_until_the_child_is_eighteen_and_both_are_told(city: City, family: dict[str, Person]) -> None:
    child, mother = family["child"], family["mother"]
    account = citizen(mother, name=mother.name, phone="13800000002")
    clerk = client_of(city, "clerk")
    assert clerk.post(reverse("accounts_desk_guardian_new"), values(child, mother)).status_code == 303
    with scoped(TEST):
        mandate = Mandate.objects.get()
        file = StoredFile.objects.get(pk=mandate.evidence_file or "")
        told = sms("mandates.guardian")
        assert AuditEntry.objects.filter(action="accounts.guardian_registered", outcome="done").exists()
    born = child.birth_date
    assert born is not None and mandate.until == birthday_in(born, born.year + 18) - timedelta(days=1)
    assert (mandate.kind, mandate.ground, mandate.document) == ("guardian", "minor", "出生医学证明 A1")
    assert (file.level, file.party_id, file.content_type) == (4, child.pk, "application/pdf")
    assert told == {"13800000002"}, "the child has no telephone"
    assert actor_of(account).mandators == (child.pk,), "she acts for the child from now on"
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(account, backend="linli.foundation.accounts.queries.SessionBackend")
    page = browser.get(reverse("accounts_mandates")).content.decode()
    assert "王小丫" in page and "guardian of a minor" in page and "ended there as well" in page
    answer = browser.post(reverse("accounts_mandate_revoke", args=[mandate.pk]))
    assert answer.status_code == 403 and "service counter" in answer.content.decode()


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(city: City, family: dict[str, Person]) -> None:
    child, mother, old = family["child"], family["mother"], family["grandfather"]
    clerk, new = client_of(city, "clerk"), "accounts_desk_guardian_new"
    elsewhere = family["neighbour"]
    for data, field, words in (
        (values(elsewhere, mother), "ward_id_number", "outside your area"),
        (values(child, mother, ward_name="别人"), "ward_id_number", "do not belong together"),
        (values(child, mother, guardian_id_number="360599198503070048"), "guardian_id_number", "typing error"),
        (values(child, child), "guardian_id_number", "oneself"),
        (values(old, child, ground="incapable", until="2027-01-01"), "guardian_id_number", "full age"),
        (values(old, mother), "ground", "of full age"),
        (values(child, mother, ground="incapable", until="2027-01-01"), "ground", "is a minor"),
        (values(old, mother, ground="incapable", document="", until="2027-01-01"), "document", "decision"),
        (values(old, mother, ground="incapable", until=""), "until", "last day"),
        (values(old, mother, ground="incapable", until="2036-01-01"), "until", "three years"),
        (values(child, mother, paper=""), "paper", "required"),
        (values(child, mother, paper=paper("paper.pdf", b"MZ\x90\x00 not a paper")), "paper", "file"),
        (values(child, mother, paper=paper("paper.txt", b"just words")), "paper", "file"),
    ):
        refused(clerk, new, data, field, words)
    assert stored() == (0, 0)
    assert clerk.post(reverse(new), values(child, mother)).status_code == 303
    refused(clerk, new, values(child, mother), "__all__", "registered already")
    assert stored() == (1, 1)


def test_somebody_of_another_region_neither_registers_nor_sees_nor_ends(city: City, family: dict[str, Person]) -> None:
    child, mother = family["child"], family["mother"]
    assert client_of(city, "clerk").post(reverse("accounts_desk_guardian_new"), values(child, mother)).status_code == 303
    with scoped(TEST):
        mandate = Mandate.objects.get()
    stranger = client_of(city, "stranger")  # the clerk of the next community
    refused(stranger, "accounts_desk_guardian_new", values(child, family["grandfather"]), "ward_id_number", "outside your area")
    assert "王小丫" not in stranger.get(reverse("accounts_desk_mandates")).content.decode()
    ending = reverse("accounts_desk_mandate_end", args=[mandate.pk])
    assert stranger.post(ending, {"reason": "x"}).status_code == 404
    assert stranger.get(reverse("files_desk_download", args=[mandate.evidence_file])).status_code == 404
    reviewer = client_of(city, "reviewer")
    assert reviewer.get(reverse("accounts_desk_mandates")).status_code == 403, "not a task of that post"
    clerk = client_of(city, "clerk")
    assert "王小丫" in clerk.get(reverse("accounts_desk_mandates"), {"q": "王"}).content.decode()
    assert clerk.post(ending, {"reason": ""}).status_code == 422
    assert clerk.post(ending, {"reason": "adoption paper 3"}).status_code == 303
    assert clerk.post(ending, {"reason": "again"}).status_code == 422, "over already"
    assert actor_of(citizen(mother, phone="13800000002")).mandators == ()
    with scoped(TEST):
        assert AuditEntry.objects.get(action="accounts.mandate_ended", outcome="done").notes["reason"] == "adoption paper 3"


def test_an_adult_without_full_capacity_needs_the_courts_decision(city: City, family: dict[str, Person]) -> None:
    until = timezone.localdate() + timedelta(days=700)
    data = values(family["grandfather"], family["mother"], ground="incapable", document="（2026）赣0502民特3号", until=until.isoformat())
    assert client_of(city, "clerk").post(reverse("accounts_desk_guardian_new"), data).status_code == 303
    with scoped(TEST):
        mandate = Mandate.objects.get()
        assert (mandate.ground, mandate.until) == ("incapable", until)
        phones = sms("mandates.guardian")
    assert phones == {"13800000002", "13800000003"}


def body(person: Person, seat: Region, **more: object) -> dict[str, object]:
    return {
        "body_name": "北湖业余合唱团",
        "body_code": USCC,
        "region": str(seat.pk),
        "representative_name": person.name,
        "representative_id_number": person.id_number,
        "document": "",
        "paper": paper("licence.pdf"),
        "until": (timezone.localdate() + timedelta(days=365)).isoformat(),
        **more,
    }


def test_a_legal_representative_is_registered_with_the_licence(city: City, family: dict[str, Person]) -> None:
    clerk, mother, home = client_of(city, "clerk"), family["mother"], city.regions["home"]
    new = "accounts_desk_representative_new"
    for changes, field, words in (
        ({"body_code": "52360502MJ1234567K"}, "body_code", ""),
        ({"body_code": "x"}, "body_code", "18 characters"),
        ({"body_name": "x"}, "body_name", "licence"),
        ({"region": str(city.regions["other"].pk)}, "region", "valid choice"),
        ({"representative_name": "别人"}, "representative_id_number", "do not belong together"),
        ({"until": "2040-01-01"}, "until", "three years"),
        ({"paper": ""}, "paper", "required"),
    ):
        refused(clerk, new, body(mother, home, **changes), field, words)
    child = family["child"]
    refused(clerk, new, body(child, home), "representative_id_number", "full age")
    assert stored() == (0, 0)
    assert clerk.post(reverse(new), body(mother, home)).status_code == 303
    refused(clerk, new, body(mother, home), "__all__", "registered already")
    with scoped(TEST):
        mandate = Mandate.objects.get()
        assert sms("mandates.representative") == {"13800000002"}
    assert (mandate.kind, mandate.body_code, mandate.grantor_name) == ("legal", USCC, "北湖业余合唱团")
    account: User = citizen(mother, phone="13800000002")
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(account, backend="linli.foundation.accounts.queries.SessionBackend")
    assert USCC in browser.get(reverse("accounts_mandates")).content.decode()
    assert browser.get(reverse("files_download", args=[mandate.evidence_file])).status_code == 200, "she sees her own paper"
