"""Accounts of residents: a few well-known ones (the households that open the first urban community), and two of five telephones."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection

from linli.foundation.accounts.models import Mandate, User, UserKind
from linli.foundation.accounts.queries import id_tail_digest
from linli.foundation.actions.actions import action
from linli.foundation.actions.engine import CityContext
from linli.foundation.scope.engine import blind_index
from linli.foundation.types import Actor, system_actor
from linli.lib.uuid7 import uuid7
from linli.registry.households.actions.staff import demo_password
from linli.registry.households.models import Household
from linli.registry.households.queries import members_of
from linli.registry.people.engine.population import FEATURED
from linli.registry.people.models import Person

HEAD, WIFE = "02", "12"
SHARE = 40  # of a hundred telephones whose owner has signed in and was matched with the register
SIGNED_IN = """INSERT INTO accounts_user (id, password, name, kind, email, phone, phone_index, assurance, person_id, is_active,
        must_change_password, failed_sign_ins, created_at)
    SELECT md5('account' || id)::uuid, '!', name, 'citizen', '', phone, phone_index, 1, id, true, false, 0, now()
    FROM people_person WHERE phone_index IS NOT NULL AND died_on IS NULL AND birth_date <= %s AND abs(hashtext(id::text)) %% 100 < %s
    ON CONFLICT DO NOTHING"""
"""By the person's key, so that the same city has the same accounts; nobody knows their passwords, residents sign in by code."""


def build_residents(city: CityContext) -> None:
    actor = system_actor("city.residents")
    made = open_accounts(actor, city=city) + open_many_accounts(actor, city=city)
    city.say(f"{made:,} residents with accounts")


@action("admin.accounts", audit="accounts.demo_residents_made")
def open_accounts(actor: Actor, *, city: CityContext) -> int:
    """Accounts (assurance L2) for the featured residents, and the mandate the mother gave her daughter; nothing in too small a city."""
    people = featured_residents(actor)
    if not people:
        return 0
    password = demo_password()
    for person in people.values():
        if User.objects.filter(person_id=person.id).exists():
            continue
        user = User(
            id=uuid7(),
            name=person.name,
            kind=UserKind.CITIZEN,
            phone=person.phone,
            phone_index=blind_index(str(person.phone), "phone"),
            person_id=person.id,
            assurance=2,
            password=password,
        )
        user.id_tail = id_tail_digest(user.id, str(person.id_number))
        user.save(force_insert=True)
    _give_mandate(people["mother"], people["daughter"], city)
    return len(people)


@action("admin.accounts", audit="accounts.demo_accounts_made")
def open_many_accounts(actor: Actor, *, city: CityContext) -> int:
    """Accounts (assurance L1) of grown-ups all over the city, so that part of its cases came in over the portal; how many are new."""
    with connection.cursor() as cursor:
        cursor.execute(SIGNED_IN, [city.as_of.replace(year=city.as_of.year - 18, day=1), SHARE])
        return int(cursor.rowcount)


def _give_mandate(mother: Person, daughter: Person, city: CityContext) -> None:
    if Mandate.objects.filter(grantor_id=mother.id, grantee_id=daughter.id).exists():
        return
    Mandate(
        grantor_id=mother.id,
        grantor_name=mother.name,
        grantee_id=daughter.id,
        grantee_name=daughter.name,
        region_path=mother.region_path,
        kind="family",
        since=city.as_of - timedelta(days=40),
        until=city.as_of + timedelta(days=1095),
    ).save(force_insert=True)


def featured_residents(actor: Actor) -> dict[str, Person]:
    """Part played -> person; empty when the city has no featured households. The daughter is the wife of the second household."""
    first = Household.objects.order_by("number").filter(number__endswith="H000001").values_list("number", flat=True)
    for number in first:
        found: dict[str, Person] = {}
        for index, part in enumerate(FEATURED, start=1):
            home = Household.objects.filter(number=f"{number[:12]}H{index:06d}").first()
            members = {m.relation: m.person for m in members_of(actor, household_id=home.id)} if home else {}
            person = members.get(WIFE if part == "daughter" else HEAD)
            if person is not None and person.phone:
                found[part] = person
        if len(found) == len(FEATURED) and found["jobless"].employment == "unemployed" and found["disabled"].disability:
            return found
    return {}
