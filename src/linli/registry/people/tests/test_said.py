"""Who says what of a value, on its page; and the community says otherwise, with a reason that stays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from linli.foundation.access.queries import actor_of
from linli.foundation.audit.models import AuditEntry
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.lib.errors import Invalid
from linli.registry.imports.tests.conftest import Office, csv_file, office  # noqa: F401 - fixtures
from linli.registry.imports.tests.known import number
from linli.registry.people.actions import apply_value, create_person, overrule
from linli.registry.people.models import Person
from linli.registry.people.queries import heard_of

pytestmark = pytest.mark.django_db
JOB = system_actor("test.said")
ZHANG = number("1985-03-02", 11)


@pytest.fixture
def person(office: Office) -> Person:  # noqa: F811
    made = create_person(
        office.actor, region_id=office.regions["北湖社区"].id, name="张伟", id_number=ZHANG, values={"phone": "15400001111"}
    )
    apply_value(JOB, person_id=made.pk, attribute="marital", value="20", source="shared", as_of=date(2024, 1, 1))
    return made


def test_a_decision_stands_against_files_until_its_lock_ends(office: Office, person: Person, csv_file: object) -> None:  # noqa: F811
    overrule(office.actor, person_id=person.pk, attribute="name", value="张玮", reason="shown the household book")
    path = csv_file(f"张伟,{ZHANG},男,,,,北湖社区")  # type: ignore[operator]
    office.load(office.bring("self", path))
    again = office.person(person.pk)
    assert again.name == "张玮" and again.pinyin == "zhangwei"
    with scoped(office.actor):
        best = heard_of(office.actor, again, "name")[0]
    assert best.stands and best.offer.verified
    assert best.offer.locked_until == timezone.localdate() + timedelta(days=365)
    with scoped(system_actor("test.reader", permissions=["audit.view"])):
        entry = AuditEntry.objects.get(action="people.value_overruled")
    assert entry.notes["reason"] == "shown the household book"


def test_what_is_overruled_is_still_heard(office: Office, person: Person) -> None:  # noqa: F811
    overrule(office.actor, person_id=person.pk, attribute="marital", value="40", reason="seen on the spot")
    with scoped(office.actor):
        heard = heard_of(office.actor, office.person(person.pk), "marital")
    assert [(one.offer.value, one.offer.source, one.stands) for one in heard] == [("40", "collected", True), ("20", "shared", False)]


def test_a_reason_and_a_fitting_value_are_asked_for(office: Office, person: Person) -> None:  # noqa: F811
    with pytest.raises(Invalid, match="REASON_MISSING"):
        overrule(office.actor, person_id=person.pk, attribute="marital", value="40", reason=" ")
    with pytest.raises(Invalid, match="CODE_UNKNOWN"):
        overrule(office.actor, person_id=person.pk, attribute="marital", value="nonsense", reason="seen")
    with pytest.raises(Invalid, match="ATTRIBUTE_UNKNOWN"):
        overrule(office.actor, person_id=person.pk, attribute="id_number", value=ZHANG, reason="seen")


def test_the_page_shows_masked_values_and_takes_a_decision(office: Office, person: Person) -> None:  # noqa: F811
    client = Client()
    client.force_login(office.officer, backend="linli.foundation.accounts.queries.SessionBackend")
    address = f"/desk/people/{person.pk}/values/phone/"
    page = client.get(address).content.decode()
    assert "15400001111" not in page and "1111" in page
    assert client.post(address, {"value": "12", "reason": "called her"}).status_code in (400, 422)
    assert client.post(address, {"value": "15400002222", "reason": "called her"}).status_code == 303
    assert office.person(person.pk).phone == "15400002222"
    assert client.get(f"/desk/people/{person.pk}/values/nothing/").status_code == 404
    assert "/values/phone/" in client.get(f"/desk/people/{person.pk}/").content.decode()
    assert actor_of(office.officer).may("people.edit")
