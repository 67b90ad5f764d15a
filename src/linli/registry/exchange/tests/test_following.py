"""No write escapes the log of changes: whoever makes it, however many rows, in the transaction of the write itself."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.db import connection, transaction

from linli.foundation.regions.models import Region
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.registry.bodies.models import Body
from linli.registry.exchange.engine.entities import ENTITIES
from linli.registry.exchange.models import Change
from linli.registry.exchange.models.following import FollowChanges
from linli.registry.exchange.tests.conftest import Office
from linli.registry.facilities.models import Facility
from linli.registry.households.models import Household, Membership
from linli.registry.people.models import Person
from linli.registry.premises.models import Premises

JOB = system_actor("test.exchange")


@pytest.fixture
def places(db: None) -> dict[str, Region]:
    found: dict[str, Region] = {}
    for code, name, level, path in (
        ("360500000000", "Xinyu", "city", "00001"),
        ("360502001001", "Beihu", "community", "00001000010000100001"),
        ("360502001002", "Donghu", "community", "00001000010000100002"),
    ):
        found[name] = Region(code=code, name=name, level=level, path=path)
        found[name].save()
    return found


def person(place: Region, name: str = "Wang", **values: Any) -> Person:
    made = Person(name=name, region=place, region_path=place.path, **values)
    made.save()
    return made


def told() -> list[tuple[str, str, list[str], str]]:
    return [(c.entity, c.op, sorted(c.fields), c.region_path[-5:]) for c in Change.objects.order_by("seq")]


def test_single_and_bulk_writes_are_told_with_the_items_that_changed(places: dict[str, Region]) -> None:
    with scoped(JOB):
        one, two = person(places["Beihu"]), person(places["Beihu"], "Li")
        assert [(op, place) for _, op, _, place in told()] == [("I", "00001"), ("I", "00001")]
        Change.objects.all().delete()
        Person.objects.filter(pk__in=[one.pk, two.pk]).update(live_address="Road 1", marital="20")
        assert told() == [("person", "U", ["live_address", "marital"], "00001")] * 2
        Change.objects.all().delete()
        one.delete()
        assert [(c.op, c.subject_id) for c in Change.objects.all()] == [("D", one.pk or c.subject_id) for c in Change.objects.all()]
        assert Change.objects.count() == 1


def test_what_is_not_published_or_not_changed_is_not_told(places: dict[str, Region]) -> None:
    with scoped(JOB):
        one = person(places["Beihu"], id_number="360599194503070027", id_index=b"1" * 16, bank_account="6222")
        Change.objects.all().delete()
        Person.objects.filter(pk=one.pk).update(name="Wang", bank_name="Bank", bank_account="6223")
        one.id_number = "360599194503070027"
        one.save(update_fields=["id_number"])  # the same number, other ciphertext
        assert told() == []
        Person.objects.filter(pk=one.pk).update(id_index=b"2" * 16)
        assert told() == [("person", "U", ["id_number"], "00001")]


def test_who_moves_is_told_in_both_places(places: dict[str, Region]) -> None:
    with scoped(JOB):
        one = person(places["Beihu"])
        Change.objects.all().delete()
        Person.objects.filter(pk=one.pk).update(region=places["Donghu"], region_path=places["Donghu"].path)
        assert sorted(told()) == [("person", "U", ["region", "region_path"], place) for place in ("00001", "00002")]


def test_households_memberships_and_premises_are_followed_too(places: dict[str, Region]) -> None:
    place: dict[str, Any] = {"region": places["Beihu"], "region_path": places["Beihu"].path}
    with scoped(JOB):
        home = Premises(addr_code="1", address="Road 1", **place)
        home.save()
        family = Household(number="1", **place)
        family.save()
        member = Membership(household=family, person=person(places["Beihu"]), relation="02", region_path=places["Beihu"].path)
        member.save()
        Change.objects.all().delete()
        Premises.objects.update(status="closed")
        Household.objects.update(premises=home)
        Membership.objects.update(until=date(2026, 1, 1))
    with scoped(JOB):
        assert told() == [
            ("premises", "U", ["status"], "00001"),
            ("household", "U", ["premises"], "00001"),
            ("membership", "U", ["until"], "00001"),
        ]


def test_organisations_and_facilities_are_followed_too(places: dict[str, Region]) -> None:
    place: dict[str, Any] = {"region": places["Beihu"], "region_path": places["Beihu"].path}
    with scoped(JOB):
        Body(name="Shop", uscc="91360500MA35TEST0X", kind="enterprise", **place).save()
        Facility(code="360502001001010001", kind="0101", name="Lamp", status_since=date(2026, 1, 1), **place).save()
        Body.objects.update(employees=4, hazard="x")
        Facility.objects.update(status="broken")
        assert [(entity, op, fields) for entity, op, fields, _ in told()] == [
            ("body", "I", []),
            ("facility", "I", []),
            ("body", "U", ["employees"]),
            ("facility", "U", ["status"]),
        ]


def test_every_item_of_the_catalogue_is_followed() -> None:
    """What may be given and is not followed would be told late or never."""
    found = {}
    for name in ("0001_initial", "0002_add_bodies_and_facilities"):
        for operation in import_module(f"linli.registry.exchange.migrations.{name}").Migration.operations:
            if isinstance(operation, FollowChanges):
                found[operation.entity] = set(operation.columns)
    wanted = {name: set(entity.items) for name, entity in ENTITIES.items()}
    assert {name: items - found.get(name, set()) for name, items in wanted.items() if items - found.get(name, set())} == {}


def test_a_write_that_is_undone_is_not_told(places: dict[str, Region]) -> None:
    with scoped(JOB):
        try:
            with transaction.atomic():
                person(places["Beihu"])
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass
        assert told() == []


def test_the_owners_load_of_a_city_writes_no_changes_and_later_ones_are_told(office: Office) -> None:
    from linli.registry.households.actions.loading import city_load, lines

    place = office.regions["Beihu"]
    columns = [str(f.column) for f in Person._meta.local_concrete_fields if not f.null or f.primary_key]
    key = "0190a000-0000-7000-8000-000000000001"
    values = {"id": key, "name": "Wang", "region_id": str(place.pk), "region_path": place.path}
    row = [values.get(c, "") for c in columns]
    with city_load(JOB, {"people_person": ",".join(columns)}) as load:
        load.take({"people_person": lines([row])})
    with scoped(JOB):
        assert Person.objects.count() == 1 and told() == []
        Person.objects.update(name="Li")
        assert told() == [("person", "U", ["name"], "00001")]


def test_the_application_cannot_silence_the_triggers(places: dict[str, Region]) -> None:
    with pytest.raises(Exception, match="must be owner"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE people_person DISABLE TRIGGER USER")
