"""Two pairs of eyes: who asks, who grants, and that nobody comes to business rights alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from linli.cases.casefile.tests.desk import city, client_of
from linli.cases.casefile.tests.factories import City, _staff
from linli.foundation.access import actions
from linli.foundation.access import queries as access
from linli.foundation.access.models import Appointment, Role, RoleDraft
from linli.foundation.access.queries import actor_of
from linli.foundation.accounts.models import PostHolding, User
from linli.foundation.audit.models import AuditEntry
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.foundation.units.models import Post
from linli.lib.errors import Conflict, Invalid, LinliError, NotFound, Refused

__all__ = ["city"]
pytestmark = pytest.mark.django_db
THREE = {"sysadmin": ["admin.accounts", "admin.units"], "secadmin": ["admin.roles"], "auditor": ["audit.view"]}


@pytest.fixture
def three(city: City) -> City:
    """The city with its three administrators, and somebody without a post."""
    for code, permissions in THREE.items():
        Role(code=code, name=code, permissions=permissions, level=1, business=False).save()
        city.users[code] = _staff(code, city.units["city"], code)
    city.users["newcomer"] = User(username="newcomer", name="Newcomer", kind="staff", password="!")
    city.users["newcomer"].save()
    access.forget_roles()
    return city


def post_of(city: City, unit: str) -> Post:
    post = Post.objects.filter(unit=city.units[unit]).first()
    assert post is not None
    return post


def ask(city: City, who: str = "newcomer", unit: str = "street", **more: Any) -> Appointment:
    values = {"since": timezone.localdate(), "reason": "retirement of a colleague", **more}
    return actions.ask_appointment(city.actor("sysadmin"), user_id=city.users[who].pk, post_id=post_of(city, unit).pk, **values)


def test_a_post_opens_nothing_before_another_administrator_grants_it(three: City) -> None:
    system, security = client_of(three, "sysadmin"), client_of(three, "secadmin")
    post = post_of(three, "street")
    address = reverse("access_desk_appoint", args=[post.pk])
    assert "Approve" not in system.get(address).content.decode()
    good = {"username": "newcomer", "since": timezone.localdate().isoformat(), "reason": "needed"}
    for wrong, field, words in (
        ({"username": "nobody"}, "username", "no account"),
        ({"since": "2020-01-01"}, "since", "today or within a year"),
        ({"reason": ""}, "reason", "required"),
    ):
        page = system.post(address, {**good, **wrong})
        assert page.status_code == 422 and words in str(page.context["form"].errors[field])
    assert system.post(address, good).status_code == 303
    assert system.post(address, good).status_code == 422, "asked once"
    assert actor_of(three.users["newcomer"]).permissions == frozenset()
    asked = Appointment.objects.get()
    assert "newcomer" in security.get(reverse("access_desk_appointments")).content.decode()
    decide = reverse("access_desk_decide_appointment", args=[asked.pk])
    assert system.post(decide, {"verdict": "grant"}).status_code == 403, "who asks does not grant"
    assert security.get(address).status_code == 403, "who grants does not ask"
    page = security.post(decide, {"verdict": "refuse"})
    assert page.status_code == 422 and "needs its reason" in page.content.decode()
    assert security.post(decide, {"verdict": "grant"}).status_code == 303
    assert actor_of(three.users["newcomer"]).may("cases.review")
    assert security.post(decide, {"verdict": "grant"}).status_code == 422, "decided already"
    assert PostHolding.objects.filter(user=three.users["newcomer"]).count() == 1
    with scoped(system_actor("test")):
        names = set(AuditEntry.objects.filter(outcome="done", action__startswith="access.").values_list("action", flat=True))
        assert names >= {"access.appointment_asked", "access.appointment_decided"}


def test_no_administrator_comes_to_business_rights(three: City) -> None:
    def codes(call: Any) -> str:
        with pytest.raises(LinliError) as caught:
            call()
        return caught.value.code

    assert codes(lambda: ask(three, "sysadmin")) == "OWN_ACCOUNT"
    assert codes(lambda: ask(three, "secadmin")) == "ROLES_APART", "an administrator holds no second role, whoever asks"
    asked = ask(three)
    assert codes(lambda: actions.decide_appointment(three.actor("sysadmin"), appointment_id=asked.pk, grant=True)) == "NO_PERMISSION"
    both = three.actor("sysadmin").but(permissions=frozenset({"admin.accounts", "admin.roles"}))
    assert codes(lambda: actions.decide_appointment(both, appointment_id=asked.pk, grant=True)) == "OWN_ACCOUNT"
    own = Role.objects.get(code="secadmin")
    values: dict[str, Any] = {"code": "", "name": "x", "level": 3, "reason": "because"}

    def draft(**more: Any) -> RoleDraft:
        return actions.draft_role(three.actor("secadmin"), **{**values, **more})

    assert codes(lambda: draft(role_id=own.pk, permissions=["cases.view"])) == "ROLE_ADMINISTRATOR"
    assert codes(lambda: draft(code="trick", permissions=["cases.view", "admin.roles"])) == "ROLE_PERMISSIONS"
    assert codes(lambda: draft(code="trick", permissions=["cases.view"], level=5)) == "ROLE_LEVEL"
    assert not RoleDraft.objects.exists()
    assert Appointment.objects.get().state == "open"


def test_a_staff_list_gives_accounts_but_posts_wait(three: City) -> None:
    values = {"username": "liu.y", "name": "刘洋", "phone": "13700000001", "unit_code": "home", "post": "clerk", "role": "clerk"}
    page = client_of(three, "sysadmin").post("/desk/admin/accounts/new/", values)
    assert page.status_code == 200 and "opens nothing before" in page.content.decode()
    user = User.objects.get(username="liu.y")
    assert actor_of(user).permissions == frozenset() and Appointment.objects.get(user=user).state == "open"
    assert "Waiting for the security administrator" in client_of(three, "sysadmin").get(f"/desk/admin/accounts/{user.pk}/").content.decode()
    actions.decide_appointment(three.actor("secadmin"), appointment_id=Appointment.objects.get().pk, grant=True)
    assert actor_of(user).may("cases.accept")


def test_what_is_checked_when_asking_is_checked_again_when_granting(three: City) -> None:
    asked = ask(three)
    Post.objects.filter(pk=asked.post_id).update(valid_to=timezone.localdate())
    with pytest.raises(Conflict, match="POST_CLOSED"):
        actions.decide_appointment(three.actor("secadmin"), appointment_id=asked.pk, grant=True)
    Post.objects.filter(pk=asked.post_id).update(valid_to=None)
    PostHolding(user=three.users["newcomer"], post=post_of(three, "city"), since=timezone.localdate()).save()
    auditor = Post.objects.get(role_code="auditor")
    PostHolding(user=three.users["newcomer"], post=auditor, since=timezone.localdate()).save()
    with pytest.raises(Invalid, match="ROLES_APART"):
        actions.decide_appointment(three.actor("secadmin"), appointment_id=asked.pk, grant=True)
    actions.decide_appointment(three.actor("secadmin"), appointment_id=asked.pk, grant=False, remark="holds another post")
    assert not PostHolding.objects.filter(user=three.users["newcomer"], post_id=asked.post_id).exists()


def test_an_appointment_is_withdrawn_and_a_post_is_taken_away(three: City) -> None:
    asked = ask(three)
    assert client_of(three, "sysadmin").post(reverse("access_desk_withdraw_appointment", args=[asked.pk])).status_code == 303
    with pytest.raises(Conflict):
        actions.decide_appointment(three.actor("secadmin"), appointment_id=asked.pk, grant=True)
    holding, security = PostHolding.objects.get(user=three.users["clerk2"]), client_of(three, "secadmin")
    address = reverse("access_desk_revoke", args=["clerk", holding.pk])
    yesterday = timezone.localdate() - timedelta(days=1)
    assert security.post(address, {"last_day": (yesterday - timedelta(days=1)).isoformat()}).status_code == 422
    assert security.post(address, {"last_day": ""}).status_code == 422
    assert security.post(address, {"last_day": yesterday.isoformat()}).status_code == 303
    assert actor_of(three.users["clerk2"]).permissions == frozenset()
    own = PostHolding.objects.get(user=three.users["secadmin"])
    with pytest.raises(Refused):
        actions.end_post(three.actor("secadmin"), holding_id=own.pk, last_day=timezone.localdate())
    assert client_of(three, "auditor").post(address, {"last_day": yesterday.isoformat()}).status_code == 403


def test_a_role_is_drafted_by_one_and_put_in_force_by_another(three: City) -> None:
    security, system = client_of(three, "secadmin"), client_of(three, "sysadmin")
    new = {
        "code": "window_only",
        "name": "Window",
        "level": "3",
        "permissions": ["cases.view", "cases.submit_counter"],
        "reason": "a small counter",
    }
    for wrong, field, words in (
        ({"code": "X Y"}, "code", "small letters"),
        ({"code": "clerk"}, "code", "Another role"),
        ({"name": ""}, "name", "required"),
        ({"permissions": []}, "permissions", "required"),
        ({"permissions": ["admin.roles"]}, "permissions", "valid choice"),
        ({"level": "5"}, "level", "valid choice"),
        ({"reason": ""}, "reason", "required"),
    ):
        page = security.post(reverse("access_desk_new_role"), {**new, **wrong})
        assert page.status_code == 422 and words in str(page.context["form"].errors[field]), wrong
    assert security.post(reverse("access_desk_new_role"), new).status_code == 303
    assert not Role.objects.filter(code="window_only").exists()
    draft = RoleDraft.objects.get()
    decide = reverse("access_desk_decide_role", args=[draft.pk])
    assert security.post(decide, {"verdict": "grant"}).status_code == 403
    shown = system.get(reverse("access_desk_role_requests")).content.decode()
    assert "Take in applications at the counter" in shown and "a small counter" in shown
    assert system.post(decide, {"verdict": "refuse", "remark": ""}).status_code == 422
    assert system.post(decide, {"verdict": "grant"}).status_code == 303
    role = Role.objects.get(code="window_only")
    assert (role.business, role.edited, role.permissions) == (True, True, ["cases.submit_counter", "cases.view"])
    assert "See the cases of the own area and line" in security.get(reverse("access_desk_role", args=["window_only"])).content.decode()


def test_a_change_of_a_role_reaches_its_holders_at_once_and_a_pack_does_not_undo_it(three: City) -> None:
    role = Role.objects.get(code="clerk")
    assert actor_of(three.users["clerk"]).may("cases.accept")
    address, security = reverse("access_desk_change_role", args=["clerk"]), client_of(three, "secadmin")
    kept = [p for p in role.permissions if p != "cases.accept"]
    values = {"name": role.name, "level": "4", "permissions": role.permissions, "reason": "less"}
    assert security.post(address, values).status_code == 422, "nothing would change"
    assert security.post(address, {**values, "permissions": kept}).status_code == 303
    assert security.post(address, {**values, "permissions": kept}).status_code == 422, "one draft at a time"
    actions.decide_role(three.actor("sysadmin"), draft_id=RoleDraft.objects.get().pk, grant=True)
    assert not actor_of(three.users["clerk"]).may("cases.accept")
    assert security.get(reverse("access_desk_change_role", args=["secadmin"])).status_code == 404
    with pytest.raises(NotFound):
        actions.decide_role(three.actor("sysadmin"), draft_id=role.pk, grant=True)


def test_what_waits_is_counted_before_a_unit_is_closed(three: City) -> None:
    ask(three, unit="street")
    shown = client_of(three, "sysadmin").get(reverse("units_desk_unit", args=[three.units["street"].pk])).content.decode()
    assert "Appointments to it that wait for a decision: 1." in shown
