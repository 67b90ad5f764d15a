"""Publishing editions of matters, from packs and from drafts. A published edition is never changed: an edit makes the next one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.cases.catalogue.engine import check_complete, load_matter
from linli.cases.catalogue.models import Matter, MatterVersion, VersionState
from linli.cases.catalogue.queries.editing import any_matter, gaps_of, get_draft
from linli.cases.catalogue.types import MatterSpec
from linli.cases.workflow.engine import load_spec
from linli.foundation.actions.actions import action
from linli.foundation.topics.actions import emit
from linli.foundation.types import Actor
from linli.lib.errors import Conflict, Invalid
from linli.lib.names import initials, pinyin
from linli.records.forms.engine import load_form

PUBLISHED = "catalogue.published"


def digest_of(spec: Mapping[str, Any], process: str, papers: Mapping[str, str]) -> str:
    """Of everything an edition says: the same pack is loaded only once, and what was read of a draft is read again after an edit."""
    text = json.dumps([spec, process, papers], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def stored(spec: MatterSpec) -> dict[str, Any]:
    """The specification as a row keeps it; the process has a column of its own."""
    return spec.model_dump(mode="json", exclude={"process_xml"})


def name_matter(matter: Matter, spec: MatterSpec) -> None:
    """Repeat on the matter what lists and searches need."""
    names = [spec.name, spec.short, *spec.aliases]
    matter.name, matter.line = spec.name, spec.line
    matter.pinyin, matter.initials = " ".join(pinyin(n) for n in names)[:200], " ".join(initials(n) for n in names)[:40]
    matter.keywords, matter.audience = [*spec.aliases, *spec.keywords], list(spec.audience)


def _incomplete(problems: tuple[Any, ...]) -> Invalid:
    return Invalid(
        "MATTER_INCOMPLETE",
        gettext_noop("The matter cannot be published: %(problems)s"),
        field="spec",
        hint=gettext_noop("Fill the gaps that the check lists, then publish again."),
        data={"problems": "; ".join(str(p) for p in problems)},
    )


def _next_number(matter: Matter) -> int:
    return int(matter.versions.aggregate(most=Max("number"))["most"] or 0) + 1


def _last_loaded(matter: Matter) -> str:
    """Digest of the last edition that came from a pack; those made on the desk carry the time of their last edit."""
    return str(matter.versions.filter(edited_at=None).order_by("-number").values_list("digest", flat=True).first() or "")


def _put_in_force(matter: Matter, version: MatterVersion) -> None:
    """Make ``version`` the one new cases are made under; the one before is retired, its cases keep it."""
    former = matter.current
    matter.current = version
    matter.save()
    if former is not None and former.state == VersionState.PUBLISHED:
        former.state = VersionState.RETIRED
        former.save(update_fields=["state"])
    emit(PUBLISHED, code=matter.code)


@action("catalogue.publish", audit="catalogue.version_published")
def publish(actor: Actor, *, spec: MatterSpec, papers: dict[str, str], order: int = 100) -> MatterVersion | None:
    """Publish a pack's definition as the next edition of its matter.

    None when the pack says what it said the last time: an edition made on the desk since then stays in force until the pack changes.
    """
    data = stored(spec)
    digest = digest_of(data, spec.process_xml, papers)
    load_spec(spec.process_xml)
    load_form(spec.form)
    if problems := check_complete(spec):
        raise _incomplete(problems)
    matter = Matter.objects.select_for_update().filter(code=spec.code).first() or Matter(code=spec.code)
    if matter.current is not None and _last_loaded(matter) == digest:
        return None
    name_matter(matter, spec)
    matter.order = order
    matter.save()
    version = MatterVersion(
        matter=matter,
        number=_next_number(matter),
        state=VersionState.PUBLISHED,
        spec=data,
        process=spec.process_xml,
        papers=papers,
        eligibility=spec.eligibility_table,
        digest=digest,
        published_at=timezone.now(),
        published_by=actor.user_id,
    )
    version.save(force_insert=True)
    _put_in_force(matter, version)
    return version


@action("catalogue.publish", audit="catalogue.draft_published")
def publish_draft(actor: Actor, *, code: str, digest: str) -> MatterVersion:
    """Make the draft the next edition. ``digest`` is that of the draft the publisher read: one edited since is not published unread."""
    matter = any_matter(actor, code, lock=True)
    draft = get_draft(actor, code, lock=True)
    if draft.version.digest != digest:
        raise Conflict(
            "DRAFT_CHANGED",
            gettext_noop("%(who)s changed the draft since you opened this page."),
            data={"who": draft.version.edited_by_name or "?"},
            hint=gettext_noop("Read what has changed, then publish again."),
        )
    if problems := gaps_of(draft):
        raise _incomplete(problems)
    version = draft.version
    version.number, version.state = _next_number(matter), VersionState.PUBLISHED
    version.published_at, version.published_by = timezone.now(), actor.user_id
    version.save()
    name_matter(matter, draft.spec)
    _put_in_force(matter, version)
    return version


@action("catalogue.publish", audit="catalogue.matter_suspended")
def suspend_matter(actor: Actor, *, code: str) -> Matter:
    """Take no new applications for a while; running cases go on."""
    return _set_open(any_matter(actor, code, lock=True), open_=False)


@action("catalogue.publish", audit="catalogue.matter_reopened")
def reopen_matter(actor: Actor, *, code: str) -> Matter:
    """Offer the matter again. One that was retired comes back with its last edition."""
    matter = any_matter(actor, code, lock=True)
    version = matter.current
    if version is None:
        raise Conflict("MATTER_UNPUBLISHED", gettext_noop("The matter has never been published."), hint=gettext_noop("Publish its draft."))
    if version.state != VersionState.PUBLISHED:
        version.state = VersionState.PUBLISHED
        version.save(update_fields=["state"])
    return _set_open(matter, open_=True)


@action("catalogue.publish", audit="catalogue.matter_retired")
def retire_matter(actor: Actor, *, code: str) -> Matter:
    """Take the matter off the catalogue; its editions stay for the cases made under them."""
    matter = any_matter(actor, code, lock=True)
    version = matter.current
    if version is not None and version.state == VersionState.PUBLISHED:
        version.state = VersionState.RETIRED
        version.save(update_fields=["state"])
    return _set_open(matter, open_=False)


def _set_open(matter: Matter, *, open_: bool) -> Matter:
    matter.open = open_
    matter.save(update_fields=["open"])
    emit(PUBLISHED, code=matter.code)
    return matter


def load_matters(folder: Path, actor: Actor) -> tuple[int, int]:
    """Publish every matter of a pack that changed; returns (changed, unchanged). Raises with file and reason on the first mistake."""
    changed = unchanged = 0
    papers_folder = folder / "papers"
    for place in sorted(p for p in (folder / "matters").glob("*") if (p / "matter.yaml").exists()):
        spec = load_matter(place)
        papers = _papers(place, papers_folder, set(spec.papers.values()))
        if publish(actor, spec=spec, papers=papers):
            changed += 1
        else:
            unchanged += 1
    return changed, unchanged


def _papers(place: Path, shared: Path, names: set[str]) -> dict[str, str]:
    """The templates of a version and the page, voucher, seal and style sheet they build on: a paper printed again looks as it did."""
    wanted = names | {p.name for p in shared.glob("*") if p.name in ("paper.html", "voucher.html", "seal.svg.html", "paper.css")}
    return {name: ((place / name) if (place / name).exists() else shared / name).read_text(encoding="utf-8") for name in sorted(wanted)}
