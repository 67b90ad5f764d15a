"""What the register can give: entities, their items and where each is found. The catalogue names them; it cannot invent others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models

from linli.foundation.scope.models import Protection
from linli.registry.bodies.models import Body
from linli.registry.bodies.policy import bodies
from linli.registry.facilities.models import Facility
from linli.registry.facilities.policy import facilities
from linli.registry.households.models import Household, Membership
from linli.registry.households.policy import households, memberships
from linli.registry.people.models import Person
from linli.registry.people.policy import people
from linli.registry.premises.models import Premises
from linli.registry.premises.policy import premises


@dataclass(frozen=True)
class Entity:
    """``items``: item of the catalogue -> Django lookup of its value; ``person``: lookup of the person a row is about, "" where it is about none."""

    model: type[models.Model]
    protection: Protection
    items: Mapping[str, str]
    person: str = ""


def _same(words: str) -> dict[str, str]:
    return {name: name for name in words.split()}


ENTITIES: dict[str, Entity] = {
    "person": Entity(
        Person,
        people,
        _same(
            "name sex birth_date id_type id_number phone ethnicity marital education politics live_address hukou_address "
            "lives_here_since residence_status employment disability assistance died_on"
        )
        | {"region": "region__code", "hukou_region": "hukou_region__code", "premises": "premises_id"},
        person="id",
    ),
    "household": Entity(Household, households, _same("number kind") | {"region": "region__code", "premises": "premises_id"}),
    "membership": Entity(
        Membership,
        memberships,
        _same("relation since until") | {"household": "household_id", "person": "person_id"},
        person="person_id",
    ),
    "premises": Entity(
        Premises,
        premises,
        _same("addr_code road door_no estate building unit room address longitude latitude status") | {"region": "region__code"},
    ),
    "body": Entity(
        Body,
        bodies,
        _same(
            "name uscc own_code kind authority status status_since representative address industry capital employees "
            "established_on licence_until phone"
        )
        | {"region": "region__code", "premises": "premises_id"},
    ),
    "facility": Entity(
        Facility,
        facilities,
        _same("code kind name address longitude latitude status status_since opening_hours capacity phone")
        | {"region": "region__code", "premises": "premises_id"},
    ),
}
