"""People, posts and a code sender for the tests of accounts; the hooks are filled for the length of one test."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from linli.foundation.accounts.engine import APPOINTERS, CODE_SENDERS, PEOPLE, ROLES, TASK_MOVERS, VERIFIERS
from linli.foundation.accounts.models import PostHolding, User, UserKind
from linli.foundation.accounts.types import KnownPerson
from linli.foundation.regions.models import Region
from linli.foundation.types import ANONYMOUS, Actor, ActorKind
from linli.foundation.units.models import Post, Unit
from linli.lib.idcard import check_digit
from linli.lib.registry import Registry

OUTSIDE = ANONYMOUS.but(address="192.0.2.7", request_id="r1")
PHONE = "13800000001"
PASSWORD = "Right-horse-7"


def id_number(serial: int) -> str:
    body = f"36059919800101{serial:03d}"
    return body + check_digit(body)


@pytest.fixture
def bare_doors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shells without what the channels registered: the tests' site mounts three apps only."""
    monkeypatch.setattr("linli.ui.engine.links._links", {})
    monkeypatch.setattr("linli.ui.engine.menu._items", {})


class Outbox(list[tuple[str, str, str]]):
    """(phone, code, purpose) of every code that was sent."""

    def code(self) -> str:
        return self[-1][1]


def _swap(registry: Registry[Any], item: object) -> dict[str, Any]:
    before = dict(registry._items)
    registry._items = {"test": item}
    return before


@pytest.fixture
def outbox() -> Iterator[Outbox]:
    box = Outbox()
    before = _swap(CODE_SENDERS, lambda actor, phone, code, purpose: box.append((phone, code, purpose)))
    yield box
    CODE_SENDERS._items = before


@pytest.fixture
def register() -> Iterator[dict[str, UUID]]:
    """A register of three people by ID number."""
    people = {id_number(1): ("王小明", uuid4()), id_number(2): ("李大山", uuid4()), id_number(3): ("赵云", uuid4())}
    by_id = {pk: KnownPerson(pk, name, "0010200301") for name, pk in people.values()}
    hooks: tuple[tuple[Registry[Any], object], ...] = (
        (VERIFIERS, lambda name, number: people[number][1] if number in people and people[number][0] == name else None),
        (PEOPLE, by_id.get),
    )
    before = [_swap(registry, hook) for registry, hook in hooks]
    yield dict(people.values())
    for (registry, _), items in zip(hooks, before, strict=True):
        registry._items = items


@pytest.fixture
def roles() -> Iterator[None]:
    before = _swap(ROLES, lambda: {"clerk": True, "reviewer": True, "security_admin": False, "system_admin": False})
    granting = _swap(APPOINTERS, lambda actor, user, post, since: False)  # posts at once; that they wait for a grant is access's test
    yield
    ROLES._items, APPOINTERS._items = before, granting


@pytest.fixture
def movers() -> Iterator[list[tuple[UUID, UUID]]]:
    moved: list[tuple[UUID, UUID]] = []

    def move(actor: Actor, old: UUID, new: UUID) -> int:
        moved.append((old, new))
        return 3

    before = _swap(TASK_MOVERS, move)
    yield moved
    TASK_MOVERS._items = before


def make_staff(username: str, *, name: str = "陈工", must_change: bool = False) -> User:
    user = User(username=username, name=name, kind=UserKind.STAFF, must_change_password=must_change)
    user.set_password(PASSWORD)
    user.save(force_insert=True)
    return user


def make_unit(code: str = "CS-001") -> Unit:
    region = Region.objects.filter(code="360502001001").first()
    if region is None:
        region = Region(code="360502001001", name="城东社区", level="community", path="0010200301")
        region.save(force_insert=True)
    unit = Unit(code=code, name="便民服务中心", level="community", region=region, region_path=region.path)
    unit.save(force_insert=True)
    return unit


def give_post(user: User, unit: Unit, title: str = "窗口", role: str = "clerk") -> PostHolding:
    post, _ = Post.objects.get_or_create(unit=unit, title=title, role_code=role)
    holding = PostHolding(user=user, post=post, since=date(2026, 1, 1))
    holding.save(force_insert=True)
    return holding


def actor_for(user: User, *permissions: str, **more: object) -> Actor:
    kind = ActorKind.STAFF if user.kind == UserKind.STAFF else ActorKind.CITIZEN
    party = user.person_id if user.assurance else None
    return Actor(kind, user_id=user.id, label=user.name, party_id=party, assurance=user.assurance, permissions=frozenset(permissions)).but(
        **more
    )
