"""Reading matters: what is on offer, and the parsed definition of a version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from linli.cases.catalogue.models import Matter, MatterVersion, VersionState
from linli.cases.catalogue.types import MatterSpec
from linli.cases.workflow.engine import ProcessSpec, load_spec
from linli.foundation.scope.queries import kept
from linli.lib.errors import NotFound
from linli.lib.remembered import remembered
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
    step_forms: Mapping[str, Form] = field(default_factory=dict)
    edition: int = 0  # 0: a draft
    published_at: datetime | None = None

    def form_of_step(self, step_id: str) -> tuple[str, Form] | None:
        """(name, form) of what the office fills in at a step; None where the step asks for none."""
        step = self.process.steps.get(step_id)
        name = step.form if step else None
        return (name, self.step_forms[name]) if name and name in self.step_forms else None


@lru_cache(maxsize=512)
def _parsed(version_id: UUID, digest: str, number: int) -> Definition:
    version = MatterVersion.objects.select_related("matter").get(pk=version_id)
    spec = MatterSpec.model_validate(version.spec)
    form, process = load_form(spec.form), load_spec(version.process)
    steps = {name: load_form(one) for name, one in spec.step_forms.items()}
    return Definition(version.id, version.matter.code, spec, form, process, dict(version.papers), steps, number, version.published_at)


def definition(version: MatterVersion) -> Definition:
    return _parsed(version.id, version.digest, version.number)


def definition_of(version_id: UUID) -> Definition:
    """The definition a case is locked to."""
    found = _version.first(version_id)
    if found is None:
        raise MatterVersion.DoesNotExist
    return definition(found)


@kept
def _version(key: UUID) -> QuerySet[MatterVersion]:
    return MatterVersion.objects.filter(pk=key).only("id", "digest", "number")


@kept
def _offered(code: str) -> QuerySet[Matter]:
    return Matter.objects.select_related("current").filter(code=code, open=True, current__state=VersionState.PUBLISHED)


def get_matter(code: str) -> Matter:
    """An open matter with a published version, or NotFound."""
    matter = _offered.first(code)
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


@remembered(seconds=10)
def names() -> tuple[tuple[str, str], ...]:
    """(code, name) of the open matters in the order of the catalogue: what lists are narrowed by."""
    rows = Matter.objects.filter(open=True, current__state=VersionState.PUBLISHED).order_by("order", "code")
    return tuple(rows.values_list("code", "name"))


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
