"""Five offices' files, each dirty in its own way: in, reviewed, taken back, in again - and the register says the same."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest

from linli.foundation.scope.actions import scoped
from linli.registry.households.models import Household, Membership
from linli.registry.imports import queries
from linli.registry.imports.actions import decide_doubt
from linli.registry.imports.models import Batch
from linli.registry.imports.tests.conftest import JOB, Office
from linli.registry.imports.tests.five_files import write_five
from linli.registry.imports.tests.known import number
from linli.registry.people.models import Person
from linli.registry.people.queries import origins_about, text_of
from linli.registry.people.types import ATTRIBUTES

pytestmark = pytest.mark.django_db
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈褚卫", ("建国", "秀兰", "志强", "桂英", "海燕", "国庆", "丽华", "永康", "晓东", "春梅")
ORDER = ("police", "family", "civil", "social", "self")


def people() -> list[dict[str, str]]:
    """Sixty people of two communities; two of them have one name."""
    made = []
    for n in range(60):
        birth = f"{1940 + n}-{n % 12 + 1:02d}-{n % 27 + 1:02d}"
        made.append(
            {
                "name": SURNAMES[n % 12] + GIVEN[n % 10] if n != 59 else SURNAMES[0] + GIVEN[0],
                "sex": "1" if n % 2 else "2",
                "birth_date": birth,
                "id_number": number(birth, 100 + n),
                "phone": f"154{n:08d}",
                "region": "北湖社区" if n % 3 else "东湖社区",
                "live_address": f"新余市渝水区城南街道北湖社区抱石大道{n + 1}号幸福苑{n % 9 + 1}幢1单元{n % 20 + 101}室",
                "hukou_address": "新余市渝水区城南街道北湖社区",
                "ethnicity": "01",
                "marital": "20",
                "education": "70",
                "household_number": f"H{n // 3:05d}",
                "relation": "02" if n % 3 == 0 else "98",
                "residence_status": "1",
                "employment": "employed",
                "assistance": "dibao" if n % 20 == 0 else "",
            }
        )
    return made


def checksum(office: Office) -> str:
    """Of what is logically there: values and whose word stands, without keys."""
    with scoped(JOB):
        rows = list(Person.objects.order_by("name", "birth_date", "region_path"))
        said = origins_about(JOB, rows)
        lines = []
        for row in rows:
            origin = said.get(row.pk, {})
            values = [(name, text_of(row, name)) for name in ATTRIBUTES]
            lines.append(
                "|".join(f"{n}={v}:{origin[n].source}@{origin[n].as_of}" for n, v in values if v and n in origin) + row.region_path
            )
        for m in Membership.objects.filter(until=None).select_related("person", "household"):
            members = Membership.objects.filter(household=m.household, until=None, relation="02").select_related("person")
            lines.append(f"{m.person.name}|{m.person.birth_date}|{m.relation}|{m.since}|{[head.person.name for head in members]}")
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def review(office: Office) -> int:
    """The likeliest candidate is the right one here: the files hold no two people of one number."""
    decided = 0
    while True:
        with scoped(office.actor):
            doubt = queries.open_doubts(office.actor).first()
        if doubt is None:
            return decided
        decide_doubt(office.actor, doubt_id=doubt.pk, person_id=UUID(doubt.candidates[0]["person"]))
        decided += 1


def load_all(office: Office, paths: dict[str, Path]) -> list[Batch]:
    return [office.load(office.bring(layout, paths[layout])) for layout in ORDER]


def test_five_dirty_files_make_one_register_and_can_be_taken_back(office: Office, tmp_path: Path) -> None:
    known = people()
    paths = write_five(tmp_path, known, seed=1)
    batches = load_all(office, paths)
    assert {batch.state for batch in batches} == {"loaded"}
    verdicts = Counter[str]()
    for batch in batches:
        verdicts.update(batch.loaded)
    assert verdicts["new"] == 60, "the police bring everybody, the others speak of the same people"
    review(office)
    assert len(office.people()) == 60
    first = checksum(office)
    with scoped(JOB):
        assert (Household.objects.count(), Membership.objects.filter(until=None).count()) == (20, 60)
    by_name = {(p.name, p.birth_date.isoformat() if p.birth_date else ""): p for p in office.people()}
    assert set(by_name) == {(one["name"], one["birth_date"]) for one in known}
    for batch in reversed(batches):
        assert office.undo(batch).state == "undone"
    assert office.people() == []
    with scoped(JOB):
        assert not Household.objects.exists()
    load_all(office, paths)
    review(office)
    assert checksum(office) == first
