"""What the matter editor reads: matters, editions, a draft and its parts. Definitions are public (L1): the gate is the permission."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from linli.cases.catalogue.engine import Difference, Gap, check_complete, differences, part_values, stamp
from linli.cases.catalogue.models import Matter, MatterVersion, VersionState
from linli.cases.catalogue.types import MatterSpec
from linli.foundation.types import Actor
from linli.lib.errors import NotFound

EDIT = "catalogue.edit"
PUBLISH = "catalogue.publish"


@dataclass(frozen=True)
class MatterRow:
    """A line of the list: the matter, the edition in force, its draft, how many editions there are."""

    matter: Matter
    draft: MatterVersion | None
    editions: int


@dataclass(frozen=True)
class Draft:
    """A draft, read: what it says and what it is to replace."""

    matter: Matter
    version: MatterVersion
    spec: MatterSpec
    papers: Mapping[str, str]

    def stamp(self, part: str) -> str:
        """What a page that shows this part carries, to be told when somebody else saved it meanwhile."""
        return stamp(self.spec, self.papers, part)

    def values(self, part: str) -> dict[str, Any]:
        return part_values(self.spec, self.papers, part)


def spec_of(version: MatterVersion) -> MatterSpec:
    """The specification of any edition, with its process in it."""
    return MatterSpec.model_validate({**version.spec, "process_xml": version.process})


def matter_rows(actor: Actor, *, words: str = "", state: str = "") -> list[MatterRow]:
    """Every matter, also those not on offer; ``state`` is open, closed or draft."""
    rows = Matter.objects.select_related("current").order_by("order", "code")
    if words:
        rows = rows.filter(name__contains=words) | rows.filter(code__icontains=words)
    drafts: dict[Any, MatterVersion] = {}
    editions: dict[Any, int] = {}
    for version in MatterVersion.objects.defer("spec", "process", "papers", "eligibility"):
        if version.state == VersionState.DRAFT:
            drafts[version.matter_id] = version
        else:
            editions[version.matter_id] = editions.get(version.matter_id, 0) + 1
    found = [MatterRow(m, drafts.get(m.id), editions.get(m.id, 0)) for m in rows]
    keep = {"open": lambda r: on_offer(r.matter), "closed": lambda r: not on_offer(r.matter), "draft": lambda r: r.draft is not None}.get(
        state
    )
    return [r for r in found if keep is None or keep(r)]


def on_offer(matter: Matter) -> bool:
    """Whether residents can apply for it today."""
    return matter.open and matter.current is not None and matter.current.state == VersionState.PUBLISHED


def any_matter(actor: Actor, code: str, *, lock: bool = False) -> Matter:
    """A matter in any state; NotFound otherwise."""
    rows = Matter.objects.select_for_update(of=("self",)) if lock else Matter.objects.all()
    matter = rows.select_related("current").filter(code=code).first()
    if matter is None:
        raise NotFound("MATTER", gettext_noop("There is no such matter."), hint=gettext_noop("Choose one from the list of matters."))
    return matter


def editions_of(actor: Actor, matter: Matter) -> list[MatterVersion]:
    """Published and retired editions, the newest first."""
    return list(matter.versions.exclude(state=VersionState.DRAFT).defer("spec", "process", "papers", "eligibility").order_by("-number"))


def edition(actor: Actor, code: str, number: int) -> MatterVersion:
    """One edition by number, a draft having number 0."""
    version = MatterVersion.objects.select_related("matter").filter(matter__code=code, number=number).first()
    if version is None:
        raise NotFound(
            "MATTER_EDITION",
            gettext_noop("The matter has no such edition."),
            hint=gettext_noop("Open the matter and choose one of its editions."),
        )
    return version


def draft_version(actor: Actor, code: str, *, lock: bool = False) -> MatterVersion | None:
    """The draft of a matter, or None."""
    rows = MatterVersion.objects.select_for_update(of=("self",)) if lock else MatterVersion.objects.all()
    return rows.select_related("matter", "matter__current").filter(matter__code=code, state=VersionState.DRAFT).first()


def get_draft(actor: Actor, code: str, *, lock: bool = False) -> Draft:
    """The draft of a matter, read; NotFound says how to begin one."""
    version = draft_version(actor, code, lock=lock)
    if version is None:
        any_matter(actor, code)
        raise NotFound("MATTER_DRAFT", gettext_noop("This matter has no draft."), hint=gettext_noop("Open the matter and start a draft."))
    return Draft(version.matter, version, spec_of(version), version.papers)


def gaps_of(draft: Draft) -> tuple[Gap, ...]:
    """What still keeps the draft from being published, missing paper templates with it."""
    wanted = {*draft.spec.papers.values(), *(r.template for r in draft.spec.results if r.template)}
    missing = sorted(name for name in wanted if name not in draft.papers)
    lost = tuple(Gap("templates", gettext_noop("There is no template %(name)s."), {"name": name}) for name in missing)
    return (*check_complete(draft.spec), *lost)


def changes_of(draft: Draft) -> list[Difference]:
    """Everything the draft changes; for a matter that was never published nothing can be compared."""
    current = draft.matter.current
    if current is None:
        return []
    return differences(spec_of(current), current.papers, draft.spec, draft.papers)
