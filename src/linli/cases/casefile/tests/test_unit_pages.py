"""Units and posts edited by the system administrator, over HTTP: what works, what is refused beside its field, what is on the trail."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from linli.cases.casefile import actions
from linli.cases.casefile.models import Case, Task
from linli.cases.casefile.tests.desk import city, client_of, handed_in
from linli.cases.casefile.tests.factories import City, _staff
from linli.foundation.access import queries as access
from linli.foundation.access.models import Role
from linli.foundation.accounts.models import PostHolding, User
from linli.foundation.audit.models import AuditEntry
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.foundation.units.models import Post, Unit

__all__ = ["city"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(city: City) -> Client:
    Role(code="system_admin", name="System", permissions=["admin.units", "admin.accounts"], level=1, business=False).save()
    city.users["admin"] = _staff("admin", city.units["city"], "system_admin")
    access.forget_roles()
    return client_of(city, "admin")


def at(name: str, unit: Unit, *more: object) -> str:
    return reverse(f"units_desk_{name}", args=[unit.pk, *more])


def refused(client: Client, address: str, data: dict[str, Any], field: str | None, words: str) -> None:
    """The page comes back with what was typed and the sentence beside the field (or on top)."""
    page = client.post(address, data)
    assert page.status_code == 422, page.content.decode()[:400]
    errors = (page.context.get("form") or page.context["sent"]).errors
    assert words in str(errors[field or "__all__"]), errors


def test_a_unit_is_added_renamed_and_moved(city: City, admin: Client) -> None:
    new = {"code": "xx-1", "name": "Office X", "region": "360502001000", "line": "mz", "parent": "county"}
    for wrong, field, words in (
        ({"code": "a b"}, "code", "capital letters"),
        ({"code": "x"}, "code", "capital letters"),
        ({"name": "x"}, "name", "2 to 80"),
        ({"region": "360502009000"}, "region", "no such region"),
        ({"line": "m-zzzzzz"}, "line", "short code"),
        ({"parent": "nowhere"}, "parent", "no unit of this code"),
        ({"parent": "home"}, "parent", "another region"),
    ):
        refused(admin, reverse("units_desk_new"), {**new, **wrong}, field, words)
    assert admin.post(reverse("units_desk_new"), new).status_code == 303
    unit = Unit.objects.get(code="XX-1")
    assert (unit.level, unit.line, unit.region_path, unit.edited) == ("street", "MZ", city.regions["street"].path, True)
    refused(admin, reverse("units_desk_new"), new, "code", "Another unit")
    refused(admin, at("change", unit), {"name": " "}, "name", "required")
    assert admin.post(at("change", unit), {"name": "Office Y", "phone": "0790-1"}).status_code == 303
    refused(admin, at("move", unit), {"parent": "XX-1"}, "parent", "itself")
    refused(admin, at("move", unit), {"parent": "county"}, "parent", "already")
    assert admin.post(at("move", unit), {"parent": "street"}).status_code == 303
    refused(admin, at("move", city.units["street"]), {"parent": "XX-1"}, "parent", "itself")
    unit.refresh_from_db()
    assert (unit.name, unit.phone, unit.parent_id) == ("Office Y", "0790-1", city.units["street"].pk)
    assert "Office Y" in admin.get(reverse("units_desk_list"), {"q": "Office"}).content.decode()
    with scoped(system_actor("test")):
        done = AuditEntry.objects.filter(action__startswith="units.", outcome="done").values_list("action", flat=True)
        assert set(done) >= {"units.unit_added", "units.unit_changed", "units.unit_moved"}


def test_a_unit_with_people_or_work_is_not_closed_and_says_what_to_do(city: City, admin: Client) -> None:
    _, case = handed_in(city)
    home = city.units["home"]
    shown = admin.get(at("unit", home)).content.decode()
    assert "People who hold posts in it: 2." in shown and "Open tasks that wait in it: 1." in shown and "under Staff accounts" in shown
    refused(admin, at("close", home), {}, None, "People who hold posts")
    PostHolding.objects.filter(post__unit=home).delete()
    refused(admin, at("close", home), {}, None, "Open tasks that wait")
    refused(admin, at("hand_over", home), {"to": "other"}, "to", "does not serve this region")
    refused(admin, at("hand_over", home), {"to": "county_cl"}, "to", "another line")
    refused(admin, at("hand_over", home), {"to": "nowhere"}, "to", "no unit of this code")
    assert admin.post(at("hand_over", home), {"to": "street"}).status_code == 303
    with scoped(system_actor("test")):
        assert Task.objects.get(case=case, state="open").unit_name == "unit street"
    assert admin.post(at("close", home)).status_code == 303
    home.refresh_from_db()
    assert home.valid_to is not None and not home.posts.filter(valid_to=None).exists()
    assert home.name not in admin.get(reverse("units_desk_list")).content.decode()
    assert home.name in admin.get(reverse("units_desk_list"), {"closed": "1"}).content.decode()
    refused(admin, at("close", home), {}, None, "closed")
    refused(admin, at("change", home), {"name": "Other"}, None, "closed")
    refused(admin, at("add_post", home), {"title": "T", "role": "clerk"}, None, "closed")
    with scoped(system_actor("test")):
        row = Case.objects.get(pk=case.pk)
        assert row.region_path == case.region_path and row.number == case.number
    actions.accept_case(city.actor("reviewer"), case_id=case.pk)


def test_a_unit_with_units_below_is_not_closed(city: City, admin: Client) -> None:
    child = city.units["street_ga"]
    Unit.objects.filter(pk=child.pk).update(parent=city.units["county"])
    refused(admin, at("close", city.units["county"]), {}, None, "Units that belong")


def test_a_post_is_added_and_closed_but_not_under_somebody(city: City, admin: Client) -> None:
    street = city.units["street"]
    refused(admin, at("add_post", street), {"title": "", "role": "clerk"}, "title", "required")
    refused(admin, at("add_post", street), {"title": "T", "role": "king"}, "role", "valid choice")
    assert admin.post(at("add_post", street), {"title": "T", "role": "clerk", "everything": "on"}).status_code == 303
    refused(admin, at("add_post", street), {"title": "T", "role": "clerk"}, "title", "already")
    post = Post.objects.get(unit=street, title="T")
    assert post.everything
    assert admin.post(at("close_post", street, post.pk)).status_code == 303
    held = Post.objects.filter(unit=street, holdings__isnull=False).first()
    assert held is not None
    refused(admin, at("close_post", street, held.pk), {}, None, "hold posts")
    assert not Post.objects.get(pk=held.pk).valid_to
    assert User.objects.filter(holdings__post=held).exists()


def test_only_the_system_administrator_changes_units(city: City, admin: Client) -> None:
    home = city.units["home"]
    for who in ("clerk", "supervisor"):
        other = client_of(city, who)
        assert other.get(at("unit", home)).status_code == 403
        for name in ("change", "move", "close", "add_post", "hand_over"):
            assert other.post(at(name, home), {"name": "x"}).status_code == 403
