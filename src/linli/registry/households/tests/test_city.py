"""The synthetic city: valid, lifelike, and the same whenever the arguments are the same."""

import json
from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from shapely.geometry import Point

from linli.foundation.access.models import Appointment, RoleDraft
from linli.foundation.accounts.models import Mandate, PostHolding, User
from linli.foundation.regions.engine import shape_of
from linli.foundation.regions.models import Region
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.engine import blind_index
from linli.foundation.types import system_actor
from linli.lib.bankcard import parse_bank_card
from linli.lib.contact import parse_phone
from linli.lib.idcard import age, parse_id_number
from linli.registry.households.models import Household, Membership, Occupancy
from linli.registry.matching.actions.city import DECIDED, EVERY
from linli.registry.people.models import Person
from linli.registry.premises.models import Premises

AS_OF = "2026-11-23"
PEOPLE = 2_000
LIVED = 60  # who may have died or moved away in the demo's life events
SUMS: dict[int, dict[str, str]] = {}


def build(workers: int) -> dict[str, str]:
    call_command("packs", "load", stdout=StringIO())
    call_command("city", people=PEOPLE, cases=0, seed=7, as_of=date.fromisoformat(AS_OF), workers=workers, stdout=StringIO())
    out = StringIO()
    call_command("city", "--checksum", "--json", stdout=out)
    found: dict[str, str] = json.loads(out.getvalue())
    return found


@pytest.mark.parametrize(("workers", "owner"), [(1, False), (2, True)])
def test_equal_arguments_give_an_equal_city_whatever_the_workers_and_whoever_loads_it(
    fresh_database: str, workers: int, owner: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not owner:
        monkeypatch.delenv("LINLI_OWNER_DATABASE_URL")
    monkeypatch.setattr("linli.registry.households.actions.city.BATCH", 700)
    SUMS[workers] = build(workers)
    parts = {name for one in SUMS.values() for name in one}
    differing = sorted(name for name in parts if len({one.get(name) for one in SUMS.values()}) > 1)
    assert not differing, f"of different checksum: {differing}"
    if workers == 1:
        check_people()
        check_households()
        check_staff_and_residents()
        check_positions()
        with pytest.raises(CommandError, match="people already"):
            call_command("city", people=10, cases=0, stdout=StringIO())


def check_positions() -> None:
    """Every division has an outline; every home lies inside the outline of its grid; one building stands in one place."""
    assert not Region.objects.filter(level__in=("street", "community", "grid"), valid_to=None, outline=None).exists()
    outlines = {pk: shape_of(outline) for pk, outline in Region.objects.filter(level="grid").values_list("pk", "outline")}
    with scoped(system_actor("test")):
        homes = list(Premises.objects.values_list("addr_code", "region_id", "longitude", "latitude"))
    assert homes and not [home for home in homes if None in home]
    assert all(outlines[region].covers(Point(x or 0, y or 0)) for _, region, x, y in homes)
    buildings = {(code[:19], region): (x, y) for code, region, x, y in homes}
    assert all(buildings[code[:19], region] == (x, y) for code, region, x, y in homes)


def check_people() -> None:
    on = date.fromisoformat(AS_OF)
    with scoped(system_actor("test")):
        people = list(Person.objects.exclude(id_index=None))
        twice = Person.objects.filter(id_index=None).count()
    assert len(people) == PEOPLE
    assert twice == PEOPLE // EVERY - DECIDED, "whom the register has twice, without their numbers"
    parsed = [parse_id_number(str(p.id_number), today=on) for p in people]
    assert all(n.number.startswith("360599") and not n.warnings for n in parsed)
    assert len({n.number for n in parsed}) == PEOPLE
    assert all(bytes(p.id_index or b"") == blind_index(str(p.id_number), "id_number") for p in people[:50])
    assert all(parse_phone(str(p.phone)) for p in people if p.phone)
    assert all(parse_bank_card(str(p.bank_account)) and p.bank_name for p in people if p.bank_account)
    ages = [age(n.birth_date, on) for n in parsed]
    assert 0.13 < sum(a < 15 for a in ages) / PEOPLE < 0.25
    assert 0.14 < sum(a >= 60 for a in ages) / PEOPLE < 0.26
    assert 0.01 < sum(a >= 80 for a in ages) / PEOPLE < 0.05
    assert max(ages) < 107
    assert 0.47 < sum(p.sex == "1" for p in people) / PEOPLE < 0.54
    assert 0.03 < sum(bool(p.disability) for p in people) / PEOPLE < 0.09
    names = Counter(p.name for p in people)
    assert names.most_common(1)[0][1] <= 6
    assert len(names) > 0.9 * PEOPLE
    assert any(p.residence_status == "3" and p.hukou_region_id is None for p in people)
    assert all(p.pinyin.startswith(p.initials[0]) for p in people)


def check_households() -> None:
    with scoped(system_actor("test")):
        heads = Membership.objects.filter(relation="02").count()
        sizes = Counter(Membership.objects.values_list("household_id", flat=True))
        spouses = Membership.objects.filter(relation__in=["11", "12"]).select_related("person")
        assert heads == Household.objects.count() == len(sizes)
        present = Membership.objects.filter(until=None).count()
        assert PEOPLE - LIVED <= present <= PEOPLE <= Occupancy.objects.count(), "nobody twice; what has happened since is history"
        assert all((m.relation == "11") == (m.person.sex == "1") for m in spouses[:300])
    assert 2.4 < PEOPLE / heads < 3.5
    assert Region.objects.filter(level="grid").count() >= 511
    assert not Region.objects.filter(level="community", outline=None).exists()


def check_staff_and_residents() -> None:
    assert User.objects.filter(kind="staff").count() == PostHolding.objects.count() > 1100
    clerk = User.objects.filter(username__endswith="-clerk1").first()
    assert clerk is not None
    assert clerk.check_password("Linli@2026")
    with scoped(system_actor("test")):
        mandate = Mandate.objects.get(kind="family")
        mother = Person.objects.get(pk=mandate.grantor_id)
        assert mother.birth_date is not None
        assert age(mother.birth_date, date.fromisoformat(AS_OF)) == 81
        assert User.objects.filter(person_id=mandate.grantee_id, assurance=2).exists()
        assert (Appointment.objects.filter(state="open").count(), RoleDraft.objects.count()) == (2, 1), "something waits on each desk"
        guardians = list(Mandate.objects.filter(kind="guardian"))
        wards = {p.id: p for p in Person.objects.filter(pk__in=[m.grantor_id for m in guardians])}
        assert len(guardians) == 8 and all(m.evidence_file and m.document for m in guardians)
        assert all(age(wards[m.grantor_id].birth_date or date.min, m.until) == 17 for m in guardians), "until the day before the birthday"
    out = StringIO()
    call_command("demo_accounts", stdout=out)
    assert mother.name in out.getvalue()
    assert "sysadmin" in out.getvalue()
