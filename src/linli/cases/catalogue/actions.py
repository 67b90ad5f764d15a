"""Loading and publishing matters. A published version is never changed: an edit makes the next one."""
from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from django.utils import timezone

from linli.cases.catalogue.engine import check_complete, load_matter
from linli.cases.catalogue.models import Matter, MatterVersion, VersionState
from linli.cases.catalogue.types import MatterSpec
from linli.cases.workflow.engine import load_spec
from linli.foundation.actions.actions import action
from linli.foundation.types import Actor
from linli.lib.errors import Invalid
from linli.lib.names import initials, pinyin
from linli.records.forms.engine import load_form


def _digest(spec: dict[str, Any], process: str, papers: dict[str, str]) -> str:
    text = json.dumps([spec, process, papers], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _search_words(spec: MatterSpec) -> tuple[str, str]:
    names = [spec.name, spec.short, *spec.aliases]
    return " ".join(pinyin(n) for n in names)[:200], " ".join(initials(n) for n in names)[:40]


@action("catalogue.publish", audit="catalogue.version_published")
def publish(actor: Actor, *, spec: MatterSpec, papers: dict[str, str], order: int = 100) -> MatterVersion | None:
    """Publish a definition as the next version of its matter; None when the current version says exactly the same."""
    data = spec.model_dump(mode="json", exclude={"process_xml"})
    digest = _digest(data, spec.process_xml, papers)
    load_spec(spec.process_xml)
    load_form(spec.form)
    problems = check_complete(spec)
    if problems:
        raise Invalid("MATTER_INCOMPLETE", "The matter cannot be published: %(problems)s", field="spec", data={"problems": "; ".join(str(p) for p in problems)})
    words, short = _search_words(spec)
    matter = Matter.objects.select_for_update().filter(code=spec.code).first() or Matter(code=spec.code)
    matter.name, matter.line, matter.pinyin, matter.initials, matter.order = spec.name, spec.line, words, short, order
    matter.keywords, matter.audience = [*spec.aliases, *spec.keywords], list(spec.audience)
    current = matter.current
    if current is not None and current.digest == digest:
        return None
    matter.save()
    number = (current.number if current else 0) + 1
    version = MatterVersion(
        matter=matter, number=number, state=VersionState.PUBLISHED, spec=data, process=spec.process_xml, papers=papers,
        eligibility=spec.eligibility_table, digest=digest, published_at=timezone.now(), published_by=actor.user_id,
    )
    version.save(force_insert=True)
    if current is not None:
        current.state = VersionState.RETIRED
        current.save(update_fields=["state"])
    matter.current = version
    matter.save(update_fields=["current"])
    return version


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
