"""Mergers and moves are ordered on the page and carried out by a job: once, wholly or not at all, under the rights of who ordered them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.cases.casefile.models import Case
from linli.cases.casefile.tests.desk import city, client_of, handed_in
from linli.cases.casefile.tests.factories import City, _region, _staff
from linli.cases.casefile.tests.region_orders import SYSTEM, ordered, queued, run, tell, work
from linli.foundation.access import queries as access
from linli.foundation.access.models import Role
from linli.foundation.accounts.models import PostHolding
from linli.foundation.audit.models import AuditEntry
from linli.foundation.messages.actions import load_templates
from linli.foundation.messages.models import Message
from linli.foundation.regions.actions import changes
from linli.foundation.regions.actions.loading import renew_code
from linli.foundation.regions.models import Region, RegionChange, RegionOrder
from linli.foundation.scope.actions import scoped
from linli.foundation.types import ANONYMOUS
from linli.lib.remembered import forget_all

__all__ = ["city"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(city: City) -> Client:
    Role(code="system_admin", name="System", permissions=["admin.units"], level=1, business=False).save()
    for name in ("admin", "admin2"):
        city.users[name] = _staff(name, city.units["city"], "system_admin")
    access.forget_roles()
    for region in city.regions.values():
        renew_code(region, date(2020, 1, 1))
    with scoped(SYSTEM):
        load_templates(SYSTEM, folder=Path(settings.PACKS_DIR) / "national" / "messages")
    return client_of(city, "admin")


def at(kind: str, region: Region) -> str:
    return reverse(f"regions_desk_{kind}", args=[region.pk])


def merger(city: City, key: str = "k1", **other: Any) -> dict[str, Any]:
    home, into = city.regions["home"], city.regions["other"]
    said = {"on": timezone.localdate().isoformat(), "document": "YF 12", "region_ids": [str(home.id)], "into_id": str(into.id)}
    return {**said, "confirmed": key, **other}


def text(page: Any) -> str:
    return str(page.content.decode())


def messages() -> list[tuple[str, str]]:
    with scoped(SYSTEM):
        return [(m.key, m.link) for m in Message.objects.order_by("created_at")]


def trail(action: str) -> list[tuple[str, str]]:
    with scoped(SYSTEM):
        return list(AuditEntry.objects.filter(action=action).order_by("seq").values_list("outcome", "actor_label"))


def untouched(city: City, case: Case) -> None:
    with scoped(SYSTEM):
        assert Case.objects.get(pk=case.pk).region_path == city.regions["home"].path
    assert not RegionChange.objects.exists() and Region.objects.get(pk=city.regions["home"].pk).valid_to is None


def test_an_order_is_shown_until_it_is_done_and_who_ordered_is_told(city: City, admin: Client) -> None:
    _, case = handed_in(city)
    home, other, street = (city.regions[name] for name in ("home", "other", "street"))
    where = admin.post(at("merge", home), merger(city)).headers["Location"]
    (order,) = ordered()
    assert where == reverse("regions_desk_order", args=[order.pk]) and order.state == "waiting"
    shown = text(admin.get(where))
    assert "is being carried out" in shown and 'hx-trigger="every 3s"' in shown and f'href="{where}"' in shown, "with and without a script"
    assert admin.get(where, {"part": "state"}).status_code == 204, "nothing new is not told again"
    for region in (home, other, street):
        assert where in text(admin.get(at("region", region))), "everybody who looks at a region it touches sees it"
    untouched(city, case)
    assert work() == 1
    part = admin.get(where, {"part": "state"})
    assert part.status_code == 200 and "hx-get" not in text(part) and at("region", other) in text(part) and "<html" not in text(part)
    assert "The regions are merged" in text(admin.get(where))
    assert where not in text(admin.get(at("region", other))), "what is done does not wait"
    with scoped(SYSTEM):
        assert Case.objects.get(pk=case.pk).region_path == other.path
    assert trail("regions.change_ordered") == trail("regions.merged") == [("done", city.users["admin"].name)]
    tell()
    assert messages() == [("regions.order_done", where)]
    with scoped(SYSTEM):
        assert Message.objects.get().user_id == city.users["admin"].pk and "YF 12" in Message.objects.get().body


def test_confirmed_twice_it_is_ordered_once(city: City, admin: Client) -> None:
    home = city.regions["home"]
    first = admin.post(at("merge", home), merger(city)).headers["Location"]
    assert admin.post(at("merge", home), merger(city)).headers["Location"] == first
    other = admin.post(at("merge", home), merger(city, document="YF 13"))
    assert other.status_code == 409 and "Something else was ordered from this page" in text(other)
    assert len(ordered()) == len(queued()) == 1
    assert [outcome for outcome, _ in trail("regions.change_ordered")] == ["done", "refused"]
    (job,) = queued()
    run(job)
    run(job)
    assert admin.post(at("merge", home), merger(city)).headers["Location"] == first, "nor after it is done"
    assert RegionChange.objects.count() == 1 and [outcome for outcome, _ in trail("regions.merged")] == ["done"]


def test_nothing_else_is_changed_where_an_order_waits(city: City, admin: Client) -> None:
    home, other, street = (city.regions[name] for name in ("home", "other", "street"))
    near = _region("360502002000", "Chengnan", "street", "000010000100002", city.regions["county"])
    far = _region("360502002001", "Nanhu", "community", near.path + "00001", near)
    admin.post(at("merge", home), merger(city))
    second, day = client_of(city, "admin2"), {"on": timezone.localdate().isoformat(), "document": "YF 14"}
    part = {"rows": "1", "code_1": "360502001009", "name_1": "Xinhu"}
    for kind, region, said in (
        ("merge", home, merger(city, key="k2")),
        ("move", other, {"parent_id": str(near.id)}),
        ("rename", home, {"name": "Xihu", "code": home.code}),
        ("rename", street, {"name": "Chengdong", "code": street.code}),
        ("split", home, part),
    ):
        for confirmed in ({}, {"confirmed": "k2"}):
            page = second.post(at(kind, region), {**day, **{k: v for k, v in said.items() if k != "confirmed"}, **confirmed})
            assert page.status_code == 409 and "by YF 12, is being carried out" in text(page), (kind, region.name)
        assert second.get(at(kind, region)).status_code == 409
    assert second.post(at("rename", far), {**day, "name": "Xinan", "code": far.code, "confirmed": "k3"}).status_code == 303, (
        "elsewhere work goes on"
    )
    assert len(ordered()) == 1 and [c.kind for c in RegionChange.objects.all()] == ["rename"]
    work()
    assert second.post(at("rename", other), {**day, "name": "Dahu", "code": other.code, "confirmed": "k4"}).status_code == 303


def test_a_refusal_of_the_job_is_told_with_its_reason(city: City, admin: Client) -> None:
    """The region is merged away between the order and the job, which asks everything again."""
    _, case = handed_in(city)
    home = city.regions["home"]
    where = admin.post(at("merge", home), merger(city)).headers["Location"]
    Region.objects.filter(pk=city.regions["other"].pk).update(valid_to=date(2026, 1, 1))
    assert work() == 1, "what is refused is not tried again"
    shown = text(admin.get(where))
    assert "nothing was changed" in shown and "The region no longer exists. Choose its successor." in shown and at("region", home) in shown
    untouched(city, case)
    assert messages() == [("regions.order_refused", where)]
    assert [outcome for outcome, _ in trail("regions.merged")] == ["refused"]


@pytest.mark.parametrize("closed", [True, False], ids=["account closed", "post lost"])
def test_the_job_has_the_rights_its_orderer_has_now(closed: bool, city: City, admin: Client) -> None:
    _, case = handed_in(city)
    admin.post(at("merge", city.regions["home"]), merger(city))
    user = city.users["admin"]
    if closed:
        user.is_active = False
        user.save()
    else:
        PostHolding.objects.filter(user=user).delete()
    forget_all()
    work()
    assert ordered()[0].state == "refused" and ordered()[0].reason["code"] == "NO_PERMISSION"
    untouched(city, case)
    assert "Your post does not include this task" in text(
        client_of(city, "admin2").get(reverse("regions_desk_order", args=[ordered()[0].pk]))
    )


def test_a_try_that_breaks_off_leaves_nothing_half_done_and_is_repeated(city: City, admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    _, case = handed_in(city)
    where = admin.post(at("merge", city.regions["home"]), merger(city)).headers["Location"]
    original, breaks = changes._close, iter([True, True, False])

    def close(region: Region, on: date) -> None:
        original(region, on)
        if next(breaks):
            raise RuntimeError("the disk is full")

    monkeypatch.setattr(changes, "_close", close)
    (job,) = queued()
    with pytest.raises(RuntimeError):
        run(job)
    assert ordered()[0].state == "waiting"
    untouched(city, case)
    assert work() == 2, "one more breaks off, the next is done"
    assert ordered()[0].state == "done" and messages() == [("regions.order_done", where)]
    assert [outcome for outcome, _ in trail("regions.merged")] == ["failed", "failed", "done"]


def test_after_the_last_try_it_has_failed_and_is_never_called_done(city: City, admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    _, case = handed_in(city)
    where = admin.post(at("merge", city.regions["home"]), merger(city)).headers["Location"]

    def full(old: str, new: str) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(changes, "_rewrite_rows", full)
    assert work() == 5
    order = ordered()[0]
    assert order.state == "failed"
    shown = text(admin.get(where))
    assert "A fault kept it from being carried out; nothing was changed" in shown and str(order.pk) in shown
    untouched(city, case)
    assert messages() == [("regions.order_failed", where)]
    monkeypatch.undo()
    assert admin.post(at("merge", city.regions["home"]), merger(city, key="k2")).status_code == 303, "it can be ordered again"
    assert work() == 1 and [o.state for o in ordered()] == ["failed", "done"]


def test_a_job_whose_worker_dies_at_every_try_ends_too(city: City, admin: Client) -> None:
    """A killed worker's job comes back with one attempt more each time, and no exception is ever seen."""
    _, case = handed_in(city)
    admin.post(at("merge", city.regions["home"]), merger(city))
    (job,) = queued()
    run(job, attempts=5)
    assert ordered()[0].state == "failed"
    run(job)
    assert ordered()[0].state == "failed", "and stays so"
    untouched(city, case)


def test_orders_are_seen_by_the_system_administrator_only(city: City, admin: Client) -> None:
    where = admin.post(at("merge", city.regions["home"]), merger(city)).headers["Location"]
    for who in ("clerk", "supervisor"):
        assert client_of(city, who).get(where).status_code == 403
    assert client_of(city, "admin2").get(where).status_code == 200
    for actor in (ANONYMOUS, city.actor("clerk"), city.actor("supervisor")):
        with scoped(actor):
            assert not RegionOrder.objects.exists(), "row-level security"
    assert admin.get(where.replace(str(ordered()[0].pk), str(city.regions["home"].pk))).status_code == 404
