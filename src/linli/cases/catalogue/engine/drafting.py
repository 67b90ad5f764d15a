"""A draft of a matter as parts that are saved one by one: which part holds what, its stamp, and what a new matter starts from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

import yaml
from pydantic import ValidationError

from linli.cases.catalogue.types import MatterSpec
from linli.cases.workflow.engine import load_spec
from linli.foundation.rules.engine import check_table
from linli.lib.errors import Invalid
from linli.records.forms.engine import load_form

from .papers import check_paper
from .tables import tables

PARTS: Final[dict[str, tuple[str, ...]]] = {
    "basics": (
        "name",
        "short",
        "sub_item",
        "aliases",
        "keywords",
        "summary",
        "note",
        "line",
        "item_type",
        "shape",
        "audience",
        "service_object",
        "life_events",
        "accept_level",
        "review_level",
        "decide_level",
        "handle_forms",
        "deliver_forms",
        "visit_times",
        "visit_reason",
        "online_depth",
        "address",
        "office_hours",
        "fee",
        "quantity_limit",
        "prefill",
        "guide",
    ),
    "conditions": ("conditions", "legal_basis"),
    "materials": ("materials", "no_materials"),
    "form": ("form",),
    "step_forms": ("step_forms",),
    "process": ("process", "process_xml"),
    "decision": ("eligibility", "eligibility_table"),
    "facts": ("facts", "parameters"),
    "limits": ("handle_kind", "statutory", "promised", "publicity", "special_procedures", "steps_text"),
    "results": ("results", "papers"),
    "templates": ("paper_sources",),
    "effects": ("effects",),
    "service": ("consult_tel", "complaint_tel", "remedy", "faq", "evaluation_tags"),
}
"""Part of a draft -> names of the specification it holds. Two people may change different parts at once; `code` is never changed."""
_UNORDERED: Final = frozenset({"audience", "accept_level", "review_level", "decide_level", "handle_forms", "deliver_forms"})
"""Boxes that are ticked: their order on the page must not look like a change."""
MAX_YAML: Final = 200_000
MAX_DEPTH: Final = 20
Values = dict[str, Any]

_BLANK_PROCESS: Final = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:linli="https://linli.dev/bpmn" id="definitions_1"
    targetNamespace="https://linli.dev/packs">
  <bpmn:process id="process_1" isExecutable="true">
    <bpmn:startEvent id="start" />
    <bpmn:userTask id="accept" name="%(accept)s"
        linli:office="community" linli:kind="accept" linli:days="1" linli:unit="W" linli:outcomes="accept" />
    <bpmn:userTask id="decide" name="%(decide)s"
        linli:office="county" linli:kind="decide" linli:days="3" linli:unit="W" linli:outcomes="agree,disagree" />
    <bpmn:userTask id="deliver" name="%(deliver)s"
        linli:office="community" linli:kind="deliver" linli:days="10" linli:unit="W" linli:outcomes="delivered" />
    <bpmn:endEvent id="end" />
    <bpmn:sequenceFlow id="flow_1" sourceRef="start" targetRef="accept" />
    <bpmn:sequenceFlow id="flow_2" sourceRef="accept" targetRef="decide" />
    <bpmn:sequenceFlow id="flow_3" sourceRef="decide" targetRef="deliver" />
    <bpmn:sequenceFlow id="flow_4" sourceRef="deliver" targetRef="end" />
  </bpmn:process>
</bpmn:definitions>
"""


class DraftError(Invalid):
    """A part of a draft breaks a rule. `problems` are (path, sentence) pairs; nothing was stored."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            "DRAFT_INVALID",
            "This cannot be saved: %(problems)s",
            field=problems[0][0] if problems else None,
            hint="Correct it and save again; what you typed is still on the page.",
            data={"problems": "; ".join(f"{path}: {text}" if path else text for path, text in problems)},
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return DraftError, (list(self.problems),)


def blank_spec(code: str, name: str, line: str, words: Mapping[str, str]) -> MatterSpec:
    """What a matter made from nothing starts with: one question, three steps, no claim about law. `words` are its few titles."""
    form = {
        "sections": [
            {
                "key": "applicant",
                "title": words["applicant"],
                "fields": [
                    {"key": "applicant_name", "type": "person_name", "label": words["name"], "required": True, "source": "person.name"}
                ],
            }
        ]
    }
    process = _BLANK_PROCESS % {key: _escaped(words[key]) for key in ("accept", "decide", "deliver")}
    return checked_spec(
        {
            "code": code,
            "name": name,
            "short": name[:20],
            "line": line,
            "item_type": "20",
            "handle_kind": "promised",
            "accept_level": ["community"],
            "decide_level": ["county"],
            "statutory": {"amount": 20, "unit": "W"},
            "promised": {"amount": 5, "unit": "W"},
            "fee": {"charged": False},
            "form": form,
            "process_xml": process,
        }
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def part_values(spec: MatterSpec, papers: Mapping[str, str], part: str) -> Values:
    """What a part holds now, JSON-safe."""
    whole = {**spec.model_dump(mode="json"), "paper_sources": dict(papers)}
    return {name: whole[name] for name in PARTS[part]}


def stamp(spec: MatterSpec, papers: Mapping[str, str], part: str) -> str:
    """Changes whenever the part does: a page carries the stamp it was drawn under and saves only over that."""
    text = json.dumps(part_values(spec, papers, part), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def merged(spec: MatterSpec, papers: Mapping[str, str], part: str, values: Mapping[str, Any]) -> tuple[MatterSpec, dict[str, str]]:
    """The draft with a part replaced, every rule checked. Raises DraftError, or what the form, process or table itself says."""
    if stray := sorted(values.keys() - set(PARTS[part])):
        raise DraftError([(name, "this does not belong to this part") for name in stray])
    before = spec.model_dump(mode="json")
    whole = {**before, **{name: value for name, value in values.items() if name != "paper_sources"}}
    for name in _UNORDERED & values.keys():
        whole[name] = [v for v in before[name] if v in values[name]] + [v for v in values[name] if v not in before[name]]
    sources = {str(k): str(v) for k, v in values.get("paper_sources", papers).items()}
    new = checked_spec(whole)
    if "paper_sources" in values:
        for name in sources:
            check_paper(sources, name)
    return new, sources


def checked_spec(values: Mapping[str, Any]) -> MatterSpec:
    """The specification with its form, process and table checked each by its own engine; it may still lack what publishing asks for."""
    try:
        spec = MatterSpec.model_validate(dict(values))
    except ValidationError as error:
        raise DraftError([_problem(item) for item in error.errors()]) from error
    for form in (spec.form, *spec.step_forms.values()):
        load_form(form)
    load_spec(spec.process_xml)
    if spec.eligibility_table is not None:
        try:
            check_table(spec.eligibility_table)
            tables(spec.eligibility_table)
        except (KeyError, TypeError, AttributeError, RecursionError) as error:
            raise DraftError(
                [("eligibility_table", "this is no decision document: nodes, columns or rows have the wrong shape")]
            ) from error
    return spec


def _problem(item: Any) -> tuple[str, str]:
    return ".".join(str(part + 1 if isinstance(part, int) else part) for part in item["loc"]), str(item["msg"]).removeprefix(
        "Value error, "
    )


def parse_yaml(text: str) -> dict[str, Any]:
    """A mapping written as YAML: plain data only, no tags, no anchors (an alias can blow up a small text), bounded in size and depth."""
    if len(text) > MAX_YAML:
        raise DraftError([("", f"the text is longer than {MAX_YAML} characters")])
    try:
        depth = 0
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            place = f"line {event.start_mark.line + 1}" if event.start_mark else ""
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise DraftError([(place, "anchors and aliases are not allowed; write the value out")])
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise DraftError([(place, "the text is nested too deeply")])
        value = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise DraftError([(f"line {line}", f"not valid YAML: {error.problem or error}")]) from error
    except (yaml.YAMLError, ValueError) as error:
        raise DraftError([("", f"not valid YAML: {error}")]) from error
    if not isinstance(value, dict):
        raise DraftError([("", "this must be a mapping of names to values")])
    return value


def to_yaml(value: Any) -> str:
    """YAML that a person reads and git compares: order kept, one entry a line, no aliases."""

    class Plain(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
            super().increase_indent(flow, False)

    def text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)

    Plain.add_representer(str, text)
    return yaml.dump(value, Dumper=Plain, allow_unicode=True, sort_keys=False, width=140)
