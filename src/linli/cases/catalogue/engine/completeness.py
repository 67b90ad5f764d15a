"""What a matter must have before it may be published (domain/services.md 2.1, completeness check; 2.4, node times)."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Any

from django.utils.translation import gettext_noop

from linli.cases.catalogue.types import MatterSpec

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
LINLI = "{https://linli.dev/bpmn}"
DECIDING = {"application": "decide", "complaint": "reply"}
_SOURCE_ROOTS = frozenset({"form", "verdict", "decision", "case"})


@dataclass(frozen=True)
class Gap:
    """One thing that is missing. `message` is an English msgid with `%(name)s` placeholders filled from `params`."""

    field: str
    message: str
    params: Mapping[str, Any] = attribute(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.field}: {self.message % self.params if self.params else self.message}"


def check_complete(spec: MatterSpec) -> tuple[Gap, ...]:
    """Everything that keeps the matter from being published; empty when it may be."""
    return (*_public_gaps(spec), *_material_gaps(spec), *_process_gaps(spec), *_eligibility_gaps(spec), *_effect_gaps(spec))


def _public_gaps(spec: MatterSpec) -> Iterator[Gap]:
    needed = {
        "legal_basis": (spec.legal_basis, gettext_noop("Name at least one legal basis.")),
        "results": (spec.results, gettext_noop("Name the result the applicant gets.")),
        "consult_tel": (spec.consult_tel, gettext_noop("Give a telephone number for questions.")),
        "complaint_tel": (spec.complaint_tel, gettext_noop("Give a telephone number for complaints.")),
        "accept_level": (spec.accept_level, gettext_noop("Say at which level it is accepted.")),
        "decide_level": (spec.decide_level, gettext_noop("Say at which level it is decided.")),
        "conditions": (spec.conditions, gettext_noop("Say in plain words who may apply.")),
        "steps_text": (spec.steps_text, gettext_noop("Describe the steps in plain words.")),
        "form": (spec.form.get("sections"), gettext_noop("Give the form at least one section.")),
    }
    for name, (value, message) in needed.items():
        if not value:
            yield Gap(name, message)
    if spec.shape == "application" and spec.remedy is None:
        yield Gap("remedy", gettext_noop("Say where an applicant may turn against the decision."))
    if all(basis.repealed for basis in spec.legal_basis) and spec.legal_basis:
        yield Gap("legal_basis", gettext_noop("Every legal basis is repealed; the matter must be reviewed."))
    if spec.remedy is not None and "decision" not in spec.papers and spec.handle_kind == "promised":
        yield Gap("papers", gettext_noop("Name the paper a decision is printed on."))


def _material_gaps(spec: MatterSpec) -> Iterator[Gap]:
    if bool(spec.materials) == spec.no_materials:
        yield Gap("materials", gettext_noop("List the materials, or say that none are needed."))
    for material in spec.materials:
        if material.category == "application" and not (material.sample or material.blank_form):
            yield Gap(f"materials.{material.key}", gettext_noop("Give an application form a blank form or a sample."))
        if material.source == "government" and not material.issuer:
            yield Gap(f"materials.{material.key}", gettext_noop("Say which office issues it."))
        if material.tolerate_days and material.tolerate_days > spec.promised.calendar_days_at_most():
            yield Gap(f"materials.{material.key}", gettext_noop("A material that may follow must arrive before the promised time ends."))


@dataclass(frozen=True)
class _Node:
    id: str
    kind: str
    days: float
    unit: str


def _process_gaps(spec: MatterSpec) -> Iterator[Gap]:
    if "<!DOCTYPE" in spec.process_xml or "<!ENTITY" in spec.process_xml:
        yield Gap("process", gettext_noop("The process declares a document type or entities, which are not allowed."))
        return
    try:
        root = ElementTree.fromstring(spec.process_xml)  # noqa: S314 - entities, the only danger of expat here, were refused above
    except ElementTree.ParseError as error:
        yield Gap("process", gettext_noop("The process cannot be read: %(why)s"), {"why": str(error)})
        return
    nodes = {
        task.get("id", ""): _Node(
            task.get("id", ""), task.get(f"{LINLI}kind", ""), float(task.get(f"{LINLI}days") or 0), task.get(f"{LINLI}unit") or "W"
        )
        for task in root.iter(f"{BPMN}userTask")
    }
    yield from _step_form_gaps(spec, {task.get(f"{LINLI}form", "") for task in root.iter(f"{BPMN}userTask")} - {""})
    kinds = {node.kind for node in nodes.values()}
    for kind in ("accept", DECIDING[spec.shape]):
        if kind not in kinds:
            yield Gap("process", gettext_noop("The process has no step of kind %(kind)s."), {"kind": kind})
    longest = _longest_working_days(root, nodes)
    if spec.promised.unit == "W" and longest > spec.promised.amount:
        yield Gap(
            "process",
            gettext_noop("The steps take %(steps)s working days, but %(promised)s are promised."),
            {"steps": f"{longest:g}", "promised": spec.promised.amount},
        )


def _step_form_gaps(spec: MatterSpec, named: set[str]) -> Iterator[Gap]:
    for name in sorted(named - spec.step_forms.keys()):
        yield Gap("process", gettext_noop("A step asks for the form %(name)s, which the matter does not have."), {"name": name})
    for name in sorted(spec.step_forms.keys() - named):
        yield Gap(f"step_forms.{name}", gettext_noop("No step of the process asks for this form."))


def _longest_working_days(root: ElementTree.Element, nodes: Mapping[str, _Node]) -> float:
    """Working days along the longest way from acceptance to the decision.

    Receipt and acceptance come before the clock, delivery after it; publicity in calendar days suspends it. Loops are walked once.
    """
    following: dict[str, list[str]] = {}
    for flow in root.iter(f"{BPMN}sequenceFlow"):
        following.setdefault(flow.get("sourceRef", ""), []).append(flow.get("targetRef", ""))
    accepted = [node.id for node in nodes.values() if node.kind == "accept"]

    def walk(here: str, seen: frozenset[str]) -> float:
        node = nodes.get(here)
        counted = node is not None and node.unit == "W" and node.kind not in ("accept", "deliver", "task")
        own = node.days if node is not None and counted else 0
        onward = [walk(target, seen | {here}) for target in following.get(here, ()) if target not in seen]
        return own + max(onward, default=0)

    return max((walk(start, frozenset()) for start in accepted), default=0)


def _eligibility_gaps(spec: MatterSpec) -> Iterator[Gap]:
    if spec.eligibility_table is None:
        return
    if not spec.facts:
        yield Gap("facts", gettext_noop("Say where each fact of the decision table comes from."))
    fields = _form_fields(spec.form)
    for fact in spec.facts:
        root, _, name = fact.source.partition(".")
        if root == "form" and name not in fields:
            yield Gap(f"facts.{fact.key}", gettext_noop("The form has no field %(name)s."), {"name": name})
    known = {entry.key for entry in spec.parameters}
    for node in spec.eligibility_table.get("nodes", []):
        for name in sorted(set(re.findall(r"params\.([a-z0-9_]+)", str(node.get("content", "")))) - known):
            yield Gap("parameters", gettext_noop("The decision table uses the parameter %(name)s, which has no value."), {"name": name})


def _effect_gaps(spec: MatterSpec) -> Iterator[Gap]:
    fields = _form_fields(spec.form)
    for effect in spec.effects:
        for value in (*effect.values.values(), effect.effective_from):
            root, _, name = value.partition(".")
            if root == "form" and name not in fields:
                yield Gap(f"effects.{effect.target}", gettext_noop("The form has no field %(name)s."), {"name": name})
            elif root not in _SOURCE_ROOTS and not (value.startswith("'") and value.endswith("'")):
                yield Gap(
                    f"effects.{effect.target}", gettext_noop("%(value)s is neither a field, a result nor a quoted text."), {"value": value}
                )


def _form_fields(form: Mapping[str, Any]) -> frozenset[str]:
    """Names a fact or effect may read: fields of plain sections, and the keys of repeating sections as a whole."""
    names: set[str] = set()
    for section in form.get("sections", []):
        if section.get("repeat"):
            names.add(section.get("key", ""))
        else:
            names.update(entry.get("key", "") for entry in section.get("fields", []))
    return frozenset(names)
