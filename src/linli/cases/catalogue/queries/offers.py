"""Reading matters: what is on offer, and the parsed definition of a version."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_noop

from linli.cases.catalogue.models import Matter, MatterVersion, VersionState
from linli.cases.catalogue.types import MatterSpec
from linli.cases.workflow.engine import ProcessSpec, load_spec
from linli.lib.errors import NotFound
from linli.records.forms.engine import load_form
from linli.records.forms.types import Form


@dataclass(frozen=True)
class Definition:
    """A version, parsed once per process: published versions never change, drafts get a new digest with each edit."""

    version_id: UUID
    matter_code: str
    spec: MatterSpec
    form: Form
    process: ProcessSpec
    papers: dict[str, str]


@lru_cache(maxsize=512)
def _parsed(version_id: UUID, digest: str) -> Definition:
    version = MatterVersion.objects.select_related("matter").get(pk=version_id)
    spec = MatterSpec.model_validate(version.spec)
    return Definition(version.id, version.matter.code, spec, load_form(spec.form), load_spec(version.process), dict(version.papers))


def definition(version: MatterVersion) -> Definition:
    return _parsed(version.id, version.digest)


def definition_of(version_id: UUID) -> Definition:
    """The definition a case is locked to."""
    return definition(MatterVersion.objects.only("id", "digest").get(pk=version_id))


def get_matter(code: str) -> Matter:
    """An open matter with a published version, or NotFound."""
    matter = Matter.objects.select_related("current").filter(code=code, open=True, current__state=VersionState.PUBLISHED).first()
    if matter is None:
        raise NotFound(
            "MATTER",
            gettext_noop("There is no such matter, or it is not offered at present."),
            hint=gettext_noop("Search for it by name, or ask at your community's counter."),
        )
    return matter


def published(code: str) -> MatterVersion:
    """The version of an open matter that new cases are made under."""
    version = get_matter(code).current
    if version is None:  # an open matter has one; said for the type checker
        raise NotFound("MATTER", gettext_noop("There is no such matter, or it is not offered at present."))
    return version


def current_definition(code: str) -> Definition:
    return definition(published(code))


def matters(*, audience: str = "", line: str = "") -> list[Matter]:
    """All open matters in the order of the catalogue."""
    rows = Matter.objects.filter(open=True, current__state=VersionState.PUBLISHED).select_related("current")
    if line:
        rows = rows.filter(line=line)
    found = list(rows.order_by("order", "code"))
    return [m for m in found if not audience or audience in m.audience]


def search(text: str) -> list[Matter]:
    """Matters by Chinese name or key word, by pinyin, or by initials; the name's own hits first."""
    text = text.strip()
    if not text:
        return matters()
    low = text.lower().replace(" ", "")
    rows = Matter.objects.filter(open=True, current__state=VersionState.PUBLISHED).select_related("current")
    found = list(
        rows.filter(
            Q(name__contains=text)
            | Q(pinyin__contains=low)
            | Q(initials__contains=low)
            | Q(code__iexact=text)
            | Q(keywords__icontains=text)
        )
    )
    return sorted(found, key=lambda m: (text not in m.name, m.order, m.code))
