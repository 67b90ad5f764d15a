"""A city with two communities, the national pack, and a data officer whose orders jobs carry out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from uuid import UUID

import pytest
from django.core.management import call_command

from linli.foundation.access.queries import actor_of
from linli.foundation.accounts.models import PostHolding, User
from linli.foundation.regions.models import Region
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.foundation.units.models import Post, Unit
from linli.lib.remembered import forget_all
from linli.registry.imports import queries
from linli.registry.imports.actions import check_on, follow_on, load_on, order_load, order_undo, undo_on, upload
from linli.registry.imports.models import Batch
from linli.registry.people.models import Person

JOB = system_actor("test.imports")
AS_OF = date(2026, 11, 1)


@dataclass
class Office:
    """What a data officer does, with the jobs run at once."""

    officer: User
    regions: dict[str, Region]

    @property
    def actor(self) -> Actor:
        return actor_of(self.officer)

    def bring(self, layout: str, path: Path, *, community: str = "") -> Batch:
        batch = upload(self.actor, file=BytesIO(path.read_bytes()), name=path.name, layout=layout, as_of=AS_OF, community=community)
        check_on(batch.pk)
        return self.again(batch)

    def load(self, batch: Batch) -> Batch:
        order_load(self.actor, batch_id=batch.pk)
        load_on(batch.pk)
        follow_on(batch.pk)  # households and deaths; nothing to do for most files
        return self.again(batch)

    def undo(self, batch: Batch) -> Batch:
        order_undo(self.actor, batch_id=batch.pk)
        undo_on(batch.pk)
        return self.again(batch)

    def again(self, batch: Batch) -> Batch:
        with scoped(self.actor):
            return queries.get_batch(self.actor, batch.pk)

    def person(self, pk: UUID) -> Person:
        with scoped(JOB):
            return Person.objects.get(pk=pk)

    def people(self) -> list[Person]:
        with scoped(JOB):
            return list(Person.objects.order_by("name", "id"))


@pytest.fixture
def office(db: None) -> Office:
    call_command("packs", "load", "--pack", "national", stdout=StringIO())
    regions: dict[str, Region] = {}
    for code, name, level, path in (
        ("360500000000", "新余市", "city", "00001"),
        ("360502000000", "渝水区", "county", "0000100001"),
        ("360502001000", "城南街道", "street", "000010000100001"),
        ("360502001001", "北湖社区", "community", "00001000010000100001"),
        ("360502001002", "东湖社区", "community", "00001000010000100002"),
    ):
        region = Region(
            code=code, name=name, level=level, path=path, parent=next((r for r in regions.values() if r.path == path[:-5]), None)
        )
        region.save()
        regions[name] = region
    unit = Unit(code="ZS", name="政务办", level="city", line="ZS", region=regions["新余市"], region_path="00001")
    unit.save()
    officer = User(username="data", name="数据管理员", kind="staff", password="!")
    officer.save()
    post = Post(unit=unit, title="数据管理岗", role_code="data_officer", everything=True)
    post.save()
    PostHolding(user=officer, post=post, since=date(2020, 1, 1)).save()
    forget_all()
    return Office(officer, regions)


@pytest.fixture
def csv_file(tmp_path: Path) -> Callable[..., Path]:
    """A file in the layout of the community: heading and rows of text."""

    def write(*rows: str, name: str = "rows.csv", heading: str = "姓名,身份证号,性别,出生日期,现住址,联系电话,社区") -> Path:
        path = tmp_path / name
        path.write_text("\n".join((heading, *rows)) + "\n", encoding="utf-8")
        return path

    return write
