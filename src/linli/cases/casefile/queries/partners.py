"""What a partner system is told: whom it applies for, as far as it says so itself, and how a case stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from linli.cases.casefile.engine.applying import PAPER, split, with_papers
from linli.cases.casefile.models import Case, TimelineEntry
from linli.cases.casefile.queries.cases import case_by_number, get_case, timeline
from linli.cases.casefile.queries.known import known_answers
from linli.cases.catalogue.queries import Definition
from linli.foundation.files.queries import files_of
from linli.foundation.regions.models import Region, RegionLevel
from linli.foundation.regions.queries import by_code
from linli.foundation.types import Actor
from linli.lib.contact import parse_phone
from linli.lib.errors import Conflict, Invalid, NotFound
from linli.lib.idcard import parse_id_number
from linli.lib.names import parse_person_name
from linli.records.forms.engine import FormErrors, bind
from linli.records.forms.types import Field, FieldType, FileInfo, Form, Prefilled

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


def partner_form(definition: Definition) -> Form:
    """The form as the portal asks it, its papers among the questions; Conflict when the matter is not online."""
    if "online" not in definition.spec.handle_forms:
        raise Conflict("NOT_ONLINE", gettext_noop("This matter is taken in at counters only."))
    return with_papers(definition.form, definition.spec, title=gettext("Materials"))


def upload_field(definition: Definition, key: str) -> Field:
    """The question a file is meant for: a material by its key, or a file field of the form. FILE_FIELD."""
    form = partner_form(definition)
    found = form.field(_path(form, key))
    if found is None or found.type is not FieldType.FILE:
        raise Invalid(
            "FILE_FIELD",
            gettext_noop("The matter asks for no file of this name."),
            field="field",
            hint=gettext_noop("Name a material, or a field of type file, as the matter lists them; what is shared is not asked for."),
        )
    return found


def _path(form: Form, key: str) -> str:
    return f"{PAPER}{key}" if form.field(f"{PAPER}{key}") else key


def checked_answers(
    actor: Actor, definition: Definition, said: Mapping[str, Any], person: NamedPerson, files: Mapping[str, list[UUID]]
) -> tuple[dict[str, Any], dict[str, list[UUID]]]:
    """(answers, files by material) as a case keeps them, judged by the very form a resident fills in. FormErrors; Conflict when not online.

    Who the applicant is stands outside the form: questions about her identity are answered by it, and cannot say something else. A file
    that is not the partner's own, or that another application has, is not known.
    """
    form = partner_form(definition)
    paths = {key: _path(form, key) for key in files}
    identity = dict(zip(IDENTITY, (person.name, person.id_number, person.phone), strict=True))
    known = known_answers(form, {source: Prefilled(value, gettext("the partner system")) for source, value in identity.items()})
    own = files_of(actor, ids={one for ids in files.values() for one in ids})
    infos = {str(row.id): FileInfo(str(row.id), row.name, row.size, row.content_type) for row in own if row.case_id is None}
    given = {paths[key]: [str(one) for one in ids] for key, ids in files.items()}
    try:
        return split(form, bind(form, {**said, **given}, known, files=infos).clean())
    except FormErrors as error:
        back = {path: f"files.{key}" for key, path in paths.items()}
        raise FormErrors(tuple(replace(e, path=_of_api(e.path, back)) for e in error.errors)) from error


def _of_api(path: str, given: Mapping[str, str]) -> str:
    """Papers lie in `files` here, not among the answers."""
    return given.get(path) or (f"files.{path.removeprefix(PAPER)}" if path.startswith(PAPER) else path)


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
