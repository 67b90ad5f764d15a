"""What a partner system is told: whom it applies for, as far as it says so itself, and how a case stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from linli.cases.casefile.models import Case, TimelineEntry
from linli.cases.casefile.queries.cases import case_by_number, get_case, timeline
from linli.cases.catalogue.queries import Definition
from linli.foundation.regions.models import Region, RegionLevel
from linli.foundation.regions.queries import by_code
from linli.foundation.types import Actor
from linli.lib.contact import parse_phone
from linli.lib.errors import Conflict, Invalid, NotFound
from linli.lib.idcard import parse_id_number
from linli.lib.names import parse_person_name
from linli.records.forms.engine import bind
from linli.records.forms.types import Prefilled

IDENTITY = ("person.name", "person.id_number", "person.phone")


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """A person as the partner names her, checked for form; nothing of it comes from the register."""

    name: str
    id_number: str
    phone: str
    region: Region


def named_person(*, name: str, id_number: str, phone: str, region_code: str) -> NamedPerson:
    """Check what a partner says of the applicant. `Invalid` with the field (`applicant.name` ...)."""
    return NamedPerson(
        name=parse_person_name(name, field="applicant.name"),
        id_number=parse_id_number(id_number, today=timezone.localdate(), field="applicant.id_number").number,
        phone=parse_phone(phone, field="applicant.phone").number,
        region=_home(region_code),
    )


def _home(code: str) -> Region:
    """The community a person lives in."""
    try:
        region = by_code(code)
    except NotFound:
        region = None
    if region is None or region.level not in (RegionLevel.COMMUNITY, RegionLevel.GRID) or region.valid_to is not None:
        raise Invalid("REGION", gettext_noop("Name the community by its 12-digit code."), field="applicant.region")
    return region


def checked_answers(definition: Definition, answers: Mapping[str, Any], person: NamedPerson) -> dict[str, Any]:
    """The answers as a case keeps them, judged by the very form a resident fills in. FormErrors; Conflict when the matter is not online.

    Who the applicant is stands outside the form: questions about her identity are answered by it, and cannot say something else.
    """
    if "online" not in definition.spec.handle_forms:
        raise Conflict("NOT_ONLINE", gettext_noop("This matter is taken in at counters only."))
    said = dict(zip(IDENTITY, (person.name, person.id_number, person.phone), strict=True))
    known = {
        item.key: Prefilled(said[item.source], gettext("the partner system"))
        for section in definition.form.sections
        if section.repeat is None
        for item in section.fields
        if item.source in said
    }
    return bind(definition.form, answers, known).clean()


@dataclass(frozen=True, slots=True)
class Progress:
    """A case and what may be read of its course. Nothing about the person."""

    case: Case
    story: list[TimelineEntry]


def progress_by_number(actor: Actor, number: str) -> Progress:
    """A case the actor handed in; NotFound for any other."""
    case = case_by_number(actor, number)
    return Progress(case, timeline(case, public_only=True))


def progress_of(actor: Actor, case_id: UUID) -> Progress:
    """The one case the actor has opened."""
    case = get_case(actor, case_id)
    return Progress(case, timeline(case, public_only=True))
