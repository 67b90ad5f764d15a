"""Writing a draft, part by part. Whoever saves over something unseen is told who was first; nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from linli.cases.catalogue.actions.publishing import digest_of, name_matter, stored
from linli.cases.catalogue.engine import blank_spec, checked_spec, from_zip, merged
from linli.cases.catalogue.models import Matter, MatterVersion, VersionState
from linli.cases.catalogue.queries.editing import any_matter, draft_version, get_draft, spec_of
from linli.cases.catalogue.types import MatterSpec
from linli.foundation.actions.actions import action
from linli.foundation.types import Actor
from linli.lib.errors import Conflict


@action("catalogue.edit", audit="catalogue.draft_opened")
def open_draft(actor: Actor, *, code: str) -> MatterVersion:
    """The draft of a matter: the one there is, or a copy of the edition in force. Two who open it at once get the same one."""
    matter = any_matter(actor, code)
    known = draft_version(actor, code)
    if known is not None or matter.current is None:
        return known or get_draft(actor, code).version
    try:
        with transaction.atomic():
            return _new_draft(actor, matter, spec_of(matter.current), matter.current.papers, based_on=matter.current.number)
    except IntegrityError:  # somebody else opened it in the same moment: (matter, 0) is unique
        return get_draft(actor, code).version


@action("catalogue.edit", audit="catalogue.matter_begun")
def new_matter(actor: Actor, *, code: str, name: str, line: str, copy_from: str = "") -> MatterVersion:
    """A matter that is not on offer yet, with a draft: from nothing, or copied from another one."""
    _refuse_taken(code)
    papers: Mapping[str, str] = {}
    if copy_from:
        source = any_matter(actor, copy_from)
        model = source.current or get_draft(actor, copy_from).version
        spec, papers = spec_of(model), model.papers
        spec = checked_spec({**spec.model_dump(mode="json"), "code": code, "name": name, "short": name[:20], "line": line, "aliases": []})
    else:
        spec = blank_spec(
            code,
            name,
            line,
            {
                "applicant": gettext("Applicant"),
                "name": gettext("Full name"),
                "accept": gettext("Acceptance"),
                "decide": gettext("Decision"),
                "deliver": gettext("Delivery"),
            },
        )
    return _begin(actor, spec, papers)


@action("catalogue.edit", audit="catalogue.matter_imported")
def import_matter(actor: Actor, *, data: bytes) -> MatterVersion:
    """The matter of an exported folder as a draft: of a new matter, or replacing nothing of one that has no draft yet."""
    spec, papers = from_zip(data)
    checked_spec(spec.model_dump(mode="json"))
    matter = Matter.objects.select_related("current").filter(code=spec.code).first()
    if matter is None:
        return _begin(actor, spec, papers)
    if draft_version(actor, spec.code) is not None:
        raise Conflict(
            "DRAFT_EXISTS",
            gettext_noop("%(code)s already has a draft."),
            field="file",
            data={"code": spec.code},
            hint=gettext_noop("Publish or discard it first; an import never writes over somebody's work."),
        )
    shared = matter.current.papers if matter.current else {}
    return _new_draft(actor, matter, spec, {**shared, **papers}, based_on=matter.current.number if matter.current else None)


@action("catalogue.edit", audit="catalogue.draft_edited")
def save_part(actor: Actor, *, code: str, part: str, values: Mapping[str, Any], base: str) -> MatterVersion:
    """Replace one part of the draft. ``base`` is the stamp the page was drawn under; Conflict when the part has another one by now."""
    draft = get_draft(actor, code, lock=True)
    spec, papers = merged(draft.spec, draft.papers, part, values)
    if draft.stamp(part) != base:
        raise Conflict(
            "DRAFT_CHANGED",
            gettext_noop("%(who)s changed this part at %(when)s, after you opened it."),
            field=part,
            hint=gettext_noop("What you typed is below and was not saved. Compare it with what is stored now, then save again or leave."),
            data={
                "who": draft.version.edited_by_name or "?",
                "when": f"{timezone.localtime(draft.version.edited_at):%H:%M}" if draft.version.edited_at else "?",
            },
        )
    return _write(actor, draft.version, spec, papers)


@action("catalogue.edit", audit="catalogue.draft_discarded")
def discard_draft(actor: Actor, *, code: str) -> None:
    """Throw the draft away. A matter that was never published goes with it."""
    draft = get_draft(actor, code, lock=True)
    draft.version.delete()
    if draft.matter.current is None and not draft.matter.versions.exists():
        draft.matter.delete()


def _refuse_taken(code: str) -> None:
    if Matter.objects.filter(code=code).exists():
        raise Conflict(
            "MATTER_CODE_TAKEN",
            gettext_noop("There is a matter with the code %(code)s."),
            field="code",
            data={"code": code},
            hint=gettext_noop("Choose another number of the line."),
        )


def _begin(actor: Actor, spec: MatterSpec, papers: Mapping[str, str]) -> MatterVersion:
    matter = Matter(code=spec.code, open=True)
    name_matter(matter, spec)
    matter.save(force_insert=True)
    return _new_draft(actor, matter, spec, papers, based_on=None)


def _new_draft(actor: Actor, matter: Matter, spec: MatterSpec, papers: Mapping[str, str], *, based_on: int | None) -> MatterVersion:
    version = MatterVersion(matter=matter, number=MatterVersion.DRAFT_NUMBER, state=VersionState.DRAFT, based_on=based_on)
    return _write(actor, version, spec, papers)


def _write(actor: Actor, version: MatterVersion, spec: MatterSpec, papers: Mapping[str, str]) -> MatterVersion:
    version.spec, version.process, version.eligibility, version.papers = (
        stored(spec),
        spec.process_xml,
        spec.eligibility_table,
        dict(papers),
    )
    version.digest = digest_of(version.spec, version.process, version.papers)
    version.edited_at, version.edited_by_name = timezone.now(), actor.label[:80]
    version.save()
    return version
