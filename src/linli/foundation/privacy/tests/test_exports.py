"""Exports: what needs whose yes, what stands in the file, and that it ends."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import openpyxl
import pytest
import pyzipper
import yaml
from django.conf import LazySettings, settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.cases.casefile.tests.factories import City, _staff, resident, small_city
from linli.cases.casefile.tests.visitors import BACKEND, id_number
from linli.foundation.access.models import Role
from linli.foundation.audit.models import AuditEntry
from linli.foundation.privacy.actions import exports as actions
from linli.foundation.privacy.engine.exportables import EXPORTABLES, approvers_needed
from linli.foundation.privacy.engine.writing import PROPERTY
from linli.foundation.privacy.models import Export
from linli.foundation.privacy.queries import exports as queries
from linli.foundation.privacy.types import Column
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Level, system_actor
from linli.lib.errors import Conflict, Invalid, NotFound, Refused
from linli.lib.remembered import forget_all
from linli.registry.people.models import Person
from linli.registry.people.queries import looks_at

pytestmark = pytest.mark.django_db
JOB = system_actor("test.exports")
STAFF = {"a clerk": ("home", "community_clerk"), "a stranger": ("other", "community_clerk"), "an officer": ("city", "data_officer")}
STAFF |= {"first head": ("city", "dept_head"), "second head": ("city", "dept_head")}


@pytest.fixture
def city(settings: LazySettings, tmp_path: Path) -> City:
    settings.STATE_DIR = tmp_path
    found = small_city()
    for role in yaml.safe_load((Path(settings.PACKS_DIR) / "national/roles.yaml").read_text(encoding="utf-8"))["roles"]:
        values = {"name": role["name"], "permissions": role["permissions"], "level": role["level"], "business": role.get("business", True)}
        Role.objects.update_or_create(code=role["code"], defaults=values)
    for name, (unit, role) in STAFF.items():
        found.users[name] = _staff(name, found.units[unit], role, everything=unit == "city")
    forget_all()
    return found


@pytest.fixture
def people(city: City) -> dict[str, Person]:
    return {
        name: resident(city, name=name, id_number=id_number(f"3605991960010{n}002"), home=home, phone=f"1390000000{n}")
        for n, (name, home) in enumerate((("王小明", "home"), ("=1+1", "home"), ("李外人", "other")))
    }


def ordered(city: City, who: str, *columns: str, full: bool = False, form: str = "xlsx", place: str = "home", **filters: str) -> Export:
    filters["region"] = city.regions[place].path
    actor = city.actor(who)
    return actions.ask(actor, exportable="people", columns=columns, filters=filters, full=full, form=form, purpose="checking the register")


def opened(city: City, who: str, export_id: UUID) -> bytes:
    """What the password that was shown once opens."""
    password = actions.show_password(city.actor(who), export_id=export_id)
    export, path = actions.fetch(city.actor(who), export_id=export_id)
    with pyzipper.AESZipFile(path) as archive:
        archive.setpassword(password.encode())
        return bytes(archive.read(f"{export.number}.{export.form}"))


def test_a_short_masked_list_of_the_own_area_is_written_at_once(city: City, people: dict[str, Person]) -> None:
    export = ordered(city, "a clerk", "name", "id_number", "phone")
    assert (export.state, export.needed) == ("approved", 0)
    actions.build(export.pk)
    book = openpyxl.load_workbook(io.BytesIO(opened(city, "a clerk", export.pk)))
    [sheet] = book.worksheets
    rows = [[str(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    numbers = {str(p.id_number) for p in people.values()}
    assert sorted(row[0] for row in rows[2:]) == ["=**1", "王*明"], "masked, only of the own area"
    assert all(row[1][6:14] == "*" * 8 and row[1] not in numbers for row in rows[2:])
    mark = rows[0][0]
    assert "a clerk" in mark and export.number in mark and str(timezone.localdate().year) in mark
    printed = [place.center.text for place in (sheet.oddHeader, sheet.oddFooter, sheet.evenHeader, sheet.evenFooter) if place]
    assert printed == [mark] * 4
    assert {p.name: p.value for p in book.custom_doc_props.props} == {PROPERTY: mark}  # type: ignore[attr-defined]


def test_what_somebody_typed_is_never_a_formula_and_csv_begins_with_the_mark(city: City, people: dict[str, Person]) -> None:
    export = ordered(city, "an officer", "name", "phone", full=True, form="csv")
    assert export.needed == 1
    actions.approve(city.actor("first head"), export_id=export.pk)
    actions.build(export.pk)
    text = opened(city, "an officer", export.pk).decode("utf-8-sig")
    first, *rest = text.splitlines()
    assert first.startswith("# an officer") and export.number in first
    rows = list(csv.reader(rest))[1:]
    assert {row[0] for row in rows} == {"王小明", "'=1+1"} and "13900000000" in {row[1] for row in rows}
    book = ordered(city, "an officer", "name", full=True)
    actions.approve(city.actor("first head"), export_id=book.pk)
    actions.build(book.pk)
    sheet = openpyxl.load_workbook(io.BytesIO(opened(city, "an officer", book.pk))).worksheets[0]
    assert {(cell.value, cell.data_type) for row in sheet.iter_rows(min_row=3) for cell in row} == {("王小明", "s"), ("=1+1", "s")}


def test_the_file_opens_with_its_password_only_and_that_is_shown_once(city: City, people: dict[str, Person]) -> None:
    export = ordered(city, "a clerk", "name")
    actions.build(export.pk)
    path = queries.place_of(export)
    assert path.stat().st_mode & 0o777 == 0o600
    with pyzipper.AESZipFile(path) as archive:
        archive.setpassword(b"another")
        with pytest.raises(RuntimeError, match=r"[Pp]assword"):
            archive.read(archive.namelist()[0])
    opened(city, "a clerk", export.pk)
    with pytest.raises(Conflict, match="EXPORT_PASSWORD_GONE"):
        actions.show_password(city.actor("a clerk"), export_id=export.pk)
    with scoped(JOB):
        assert AuditEntry.objects.filter(action="privacy.export_fetched", outcome="done").count() == 1


def test_sensitive_columns_need_two_people_and_none_of_them_is_the_orderer(city: City, people: dict[str, Person]) -> None:
    export = ordered(city, "first head", "name", "disability")
    assert (export.state, export.needed) == ("waiting", 2)
    with pytest.raises(NotFound):
        actions.approve(city.actor("first head"), export_id=export.pk)
    actions.approve(city.actor("second head"), export_id=export.pk)
    with pytest.raises(Refused, match="EXPORT_OWN"):
        actions.approve(city.actor("second head"), export_id=export.pk)
    actions.build(export.pk)
    with pytest.raises(Conflict, match="EXPORT_OVER"):
        actions.fetch(city.actor("first head"), export_id=export.pk)
    city.users["third head"] = _staff("third head", city.units["city"], "dept_head", everything=True)
    actions.approve(city.actor("third head"), export_id=export.pk)
    actions.build(export.pk)
    assert opened(city, "first head", export.pk)


def test_how_many_must_agree() -> None:
    plain, sensitive = Column("a", "a", Level.INTERNAL), Column("b", "b", Level.SENSITIVE, lambda value: "*")
    assert [approvers_needed(n, [plain], full=False) for n in (1, 1000, 1001)] == [0, 0, 2]
    assert [approvers_needed(n, [plain], full=True) for n in (1, 1000, 1001)] == [1, 1, 2]
    assert approvers_needed(1, [plain, sensitive], full=False) == 2
    with pytest.raises(ValueError, match="level 5 is never exported"):
        Column("c", "c", Level.SPECIAL, str)
    with pytest.raises(ValueError, match="how it is masked"):
        Column("c", "c", Level.PERSONAL)
    assert all(one.level < Level.SPECIAL for exportable in EXPORTABLES.values() for one in exportable.columns)


def test_a_refusal_says_why_and_ends_the_order(city: City, people: dict[str, Person]) -> None:
    export = ordered(city, "an officer", "name", full=True)
    with pytest.raises(Invalid, match="EXPORT_REASON"):
        actions.refuse(city.actor("first head"), export_id=export.pk, reason=" ")
    actions.refuse(city.actor("first head"), export_id=export.pk, reason="masked is enough")
    with pytest.raises(Conflict, match="EXPORT_STATE"):
        actions.approve(city.actor("second head"), export_id=export.pk)
    with scoped(officer := city.actor("an officer")):
        assert queries.my_export(officer, export.pk).reason == "masked is enough"


def test_neither_another_area_nor_another_persons_file(city: City, people: dict[str, Person]) -> None:
    with pytest.raises(Invalid, match="EXPORT_REGION"):
        ordered(city, "a clerk", "name", place="other")
    export = ordered(city, "a clerk", "name")
    actions.build(export.pk)
    for who in ("a stranger", "first head"):
        with pytest.raises((NotFound, Refused)):
            actions.fetch(city.actor(who), export_id=export.pk)
    with pytest.raises(NotFound):
        actions.approve(city.actor("first head").but(ranges=()), export_id=export.pk)


def test_whose_rights_have_ended_gets_no_file(city: City, people: dict[str, Person]) -> None:
    export = ordered(city, "an officer", "name", full=True)
    actions.approve(city.actor("first head"), export_id=export.pk)
    type(city.users["an officer"]).objects.filter(pk=city.users["an officer"].pk).update(is_active=False)
    actions.build(export.pk)
    with scoped(JOB):
        assert Export.objects.get(pk=export.pk).state == "failed"
    assert not queries.place_of(export).exists()


def test_after_a_day_the_file_is_gone(city: City, people: dict[str, Person]) -> None:
    export = ordered(city, "a clerk", "name")
    actions.build(export.pk)
    with scoped(JOB):
        Export.objects.filter(pk=export.pk).update(ends_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(Conflict, match="EXPORT_OVER"):
        actions.fetch(city.actor("a clerk"), export_id=export.pk)
    assert actions.remove_over(actions.JOB) == 1
    assert not queries.place_of(export).exists()
    with scoped(clerk := city.actor("a clerk")):
        assert queries.my_export(clerk, export.pk).state == "gone"


def test_she_reads_that_her_data_was_in_an_export(city: City, people: dict[str, Person]) -> None:
    export = ordered(city, "a clerk", "name")
    actions.build(export.pk)
    with scoped(clerk := city.actor("a clerk")):
        looks = looks_at(clerk, people["王小明"].pk)
    assert [(look.who, look.purpose) for look in looks] == [(city.units["home"].name, "checking the register")]


def test_the_pages_from_order_to_file(city: City, people: dict[str, Person]) -> None:
    officer, head = Client(), Client()
    officer.force_login(city.users["an officer"], backend=BACKEND)
    head.force_login(city.users["first head"], backend=BACKEND)
    page = officer.get(reverse("privacy_desk_ask", args=["people"]))
    assert page.status_code == 200
    said = {"region": city.regions["home"].path, "columns": ["name", "phone"], "full": "1", "form": "xlsx", "purpose": "a check"}
    answer = officer.post(reverse("privacy_desk_ask", args=["people"]), {**said, "purpose": "x"})
    assert answer.status_code == 422 and answer.context["form"].errors["purpose"]
    answer = officer.post(reverse("privacy_desk_ask", args=["people"]), said)
    own = answer["Location"]
    with scoped(JOB):
        export = Export.objects.get()
    assert export.number in head.get(reverse("privacy_desk_queue")).content.decode()
    decide = reverse("privacy_desk_decide", args=[export.pk])
    seen = head.get(decide).content.decode()
    assert "a check" in seen and "王小明" not in seen and "13900000000" not in seen
    assert head.post(decide, {"answer": "no", "reason": ""}).status_code == 422
    assert head.post(decide, {"answer": "yes"}).status_code == 303
    actions.build(export.pk)
    assert head.get(own).status_code == 404
    once = officer.post(reverse("privacy_desk_password", args=[export.pk]))
    assert once.context["password"] and once.context["password"] in once.content.decode()
    assert once.context["password"] not in officer.get(own).content.decode()
    file = officer.get(reverse("privacy_desk_file", args=[export.pk]))
    assert file["Content-Disposition"].endswith(f'"{export.number}.zip"') and b"".join(file.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    assert export.number in officer.get(reverse("privacy_desk_exports")).content.decode()


def test_the_administrator_sees_numbers_of_the_keys(city: City) -> None:
    client = Client()
    client.force_login(_staff("an administrator", city.units["city"], "system_admin"), backend=BACKEND)
    page = client.get(reverse("privacy_desk_keys"))
    assert page.status_code == 200 and settings.KEYS_FILE not in page.content.decode()
