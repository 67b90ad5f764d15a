"""What a draft changes against the edition in force: names of the specification, the form, the steps of the process, the templates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from linli.cases.catalogue.types import MatterSpec
from linli.cases.workflow.engine import ProcessSpec, load_spec
from linli.records.forms.engine import diff as form_diff
from linli.records.forms.engine import load_form

_ELSEWHERE = frozenset({"form", "process_xml", "process", "eligibility", "eligibility_table"})


@dataclass(frozen=True)
class Difference:
    """One change. `area` is spec, form, process, decision or papers; `kind` added, removed, changed or moved."""

    area: str
    path: str
    kind: str
    old: str = ""
    new: str = ""


def differences(old: MatterSpec, old_papers: Mapping[str, str], new: MatterSpec, new_papers: Mapping[str, str]) -> list[Difference]:
    """All changes in the order a reviewer reads them; empty when both say the same."""
    before = old.model_dump(mode="json", exclude=set(_ELSEWHERE))
    after = new.model_dump(mode="json", exclude=set(_ELSEWHERE))
    found = [*_walk("spec", "", before, after)]
    found += [Difference("form", c.path, c.kind, _said(c.old), _said(c.new)) for c in form_diff(load_form(old.form), load_form(new.form))]
    found += _process(old, new)
    found += _walk("decision", "", old.eligibility_table or {}, new.eligibility_table or {})
    found += _walk("papers", "", dict(old_papers), dict(new_papers))
    return found


def _process(old: MatterSpec, new: MatterSpec) -> Iterator[Difference]:
    if old.process_xml == new.process_xml:
        return
    steps = list(_walk("process", "", _drawing(load_spec(old.process_xml)), _drawing(load_spec(new.process_xml))))
    yield from steps or [Difference("process", "drawing", "changed")]


def _drawing(process: ProcessSpec) -> dict[str, Any]:
    """Everything of a process that has a meaning, without where it is drawn."""
    steps = {key: {**asdict(step), "outcomes": ", ".join(step.outcomes)} for key, step in process.steps.items()}
    timers = {key: asdict(timer) for key, timer in process.timers.items()}
    scripts = {n.id: n.script for n in process.graph.nodes.values() if n.script}
    flows = {
        f.id: f"{f.source} > {f.target}" + (f" if {f.condition}" if f.condition else "") + (" (default)" if f.default else "")
        for f in process.graph.flows
    }
    return {**steps, **timers, **scripts, **flows}


def _walk(area: str, path: str, old: Any, new: Any) -> Iterator[Difference]:
    if old == new:
        return
    if isinstance(old, list) and isinstance(new, list) and all(isinstance(i, dict) for i in [*old, *new]):
        old, new = _keyed(old), _keyed(new)
        if list(old) != list(new) and set(old) == set(new):
            yield Difference(area, path, "moved", ", ".join(old), ", ".join(new))
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*new, *(key for key in old if key not in new)]:
            place = f"{path}.{key}" if path else str(key)
            if key not in old:
                yield Difference(area, place, "added", "", _said(new[key]))
            elif key not in new:
                yield Difference(area, place, "removed", _said(old[key]), "")
            else:
                yield from _walk(area, place, old[key], new[key])
        return
    yield Difference(area, path, "changed", _said(old), _said(new))


def _keyed(items: list[dict[str, Any]]) -> dict[str, Any]:
    """Entries by their own key, so that one put in between does not make all later ones look changed."""
    found: dict[str, Any] = {}
    for number, item in enumerate(items, 1):
        own = str(
            item.get("key")
            or item.get("id")
            or item.get("_id")
            or item.get("title")
            or item.get("question")
            or item.get("target")
            or number
        )
        found[own if own not in found else f"{own} ({number})"] = item
    return found


def _said(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_said(entry)}" for key, entry in value.items() if entry not in (None, "", [], {}))
    if isinstance(value, list):
        return ", ".join(_said(entry) for entry in value)
    return str(value)


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """What differs between two states of one part: for whoever was told that somebody else saved first."""
    return list(_walk("spec", "", dict(old), dict(new)))
