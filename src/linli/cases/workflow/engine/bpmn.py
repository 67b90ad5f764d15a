"""Reads BPMN 2.0 XML into a small graph, refusing everything the house does not run.

Hardened: no document type, no entities, no network, bounded size. A refusal is `Invalid("PROCESS_INVALID")` whose `field` is the element's
id and whose message says in plain words what is wrong with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Literal

from lxml import etree

from linli.lib.errors import Invalid

from ..types import OFFICES, UNITS, StepSpec, TimerSpec, Unit
from .expressions import ExpressionError, check_expression, check_script

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
LINLI = "https://linli.dev/bpmn"
MAX_BYTES = 1_000_000
MAX_NODES = 400

NodeKind = Literal["start", "end", "step", "timer", "boundary", "script", "exclusive", "parallel", "inclusive"]

_KINDS: dict[str, NodeKind] = {
    "startEvent": "start",
    "endEvent": "end",
    "userTask": "step",
    "intermediateCatchEvent": "timer",
    "boundaryEvent": "boundary",
    "scriptTask": "script",
    "exclusiveGateway": "exclusive",
    "parallelGateway": "parallel",
    "inclusiveGateway": "inclusive",
}
# Drawing aids and notes: they carry no meaning for the engine.
_IGNORED = frozenset({"documentation", "extensionElements", "textAnnotation", "association", "laneSet", "group"})
_INNER = frozenset({"incoming", "outgoing", "documentation", "extensionElements", "timerEventDefinition", "script"})
_DURATION = re.compile(r"P(?:(?P<w>\d+)W)?(?:(?P<d>\d+)D)?(?:T(?:(?P<h>\d+)H)?(?:(?P<m>\d+)M)?)?")
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,99}")
_WORD = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class Flow:
    id: str
    source: str
    target: str
    condition: str | None
    default: bool


@dataclass(frozen=True, slots=True)
class Node:
    id: str
    name: str
    kind: NodeKind
    step: StepSpec | None = None
    timer: TimerSpec | None = None
    script: str | None = None

    @property
    def waits(self) -> bool:
        return self.kind in ("step", "timer", "boundary")


@dataclass(frozen=True)
class Graph:
    """One executable process. Nodes and flows keep the order of the document."""

    id: str
    name: str
    nodes: dict[str, Node]
    flows: tuple[Flow, ...]

    @cached_property
    def outgoing(self) -> dict[str, tuple[Flow, ...]]:
        return {node: tuple(f for f in self.flows if f.source == node) for node in self.nodes}

    @cached_property
    def incoming(self) -> dict[str, tuple[Flow, ...]]:
        return {node: tuple(f for f in self.flows if f.target == node) for node in self.nodes}

    @cached_property
    def boundaries(self) -> dict[str, tuple[Node, ...]]:
        """Timer events on the edge of each step."""
        timers = [n for n in self.nodes.values() if n.kind == "boundary"]
        return {step: tuple(n for n in timers if n.timer and n.timer.host == step) for step in self.nodes}

    @property
    def start(self) -> Node:
        return next(n for n in self.nodes.values() if n.kind == "start")


def fault(element: str, reason: str, **data: object) -> Invalid:
    """The refusal of a process: `reason` is an English msgid that may name `%(element)s` and other data."""
    return Invalid("PROCESS_INVALID", reason, field=element, data={"element": element, **data})


def parse_document(xml: str) -> etree._Element:
    """The root element. Refuses document types, entities and texts over `MAX_BYTES` before any parser sees them."""
    raw = xml.encode("utf-8")
    if len(raw) > MAX_BYTES:
        raise fault("definitions", "The process file is larger than %(limit)s bytes.", limit=MAX_BYTES)
    if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw:
        raise fault("definitions", "The process file must not hold a document type or entities.")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        raise fault("definitions", "The process file is not well-formed XML: %(why)s", why=str(error)) from error


def read_process(xml: str) -> Graph:
    """The one executable process of a file, every element and attribute checked; how its paths join up is not checked here."""
    root = parse_document(xml)
    processes = [p for p in root.iter(f"{{{BPMN}}}process") if p.get("isExecutable") == "true"]
    if root.tag != f"{{{BPMN}}}definitions" or len(processes) != 1:
        raise fault("definitions", "The file must hold exactly one executable process; it holds %(count)s.", count=len(processes))
    process = processes[0]
    elements = [child for child in process if _local(child) not in _IGNORED]
    flows = [e for e in elements if _local(e) == "sequenceFlow"]
    nodes = [_node(e) for e in elements if _local(e) != "sequenceFlow"]
    if len(nodes) > MAX_NODES:
        raise fault(_id(process), "The process has more than %(limit)s elements.", limit=MAX_NODES)
    seen: set[str] = set()
    for ident in [n.id for n in nodes] + [_id(f) for f in flows]:
        if ident in seen:
            raise fault(ident, "Two elements have the id %(element)s.")
        seen.add(ident)
    by_id = {n.id: n for n in nodes}
    defaults = {e.get("default") for e in elements if e.get("default")}
    graph = Graph(_id(process), process.get("name", ""), by_id, tuple(_flow(f, by_id, defaults) for f in flows))
    if missing := defaults - {f.id for f in graph.flows}:
        raise fault(str(min(map(str, missing))), "The default path %(element)s does not exist.")
    return graph


def _local(element: etree._Element) -> str:
    name = etree.QName(element)
    return name.localname if name.namespace == BPMN else f"{{{name.namespace}}}{name.localname}"


def _id(element: etree._Element) -> str:
    ident = element.get("id", "")
    if not _ID.fullmatch(ident):
        raise fault(
            ident or _local(element), "An element of kind %(kind)s has no usable id: letters, digits, _ . - only.", kind=_local(element)
        )
    return ident


def _node(element: etree._Element) -> Node:
    local, ident = _local(element), _id(element)
    kind = _KINDS.get(local)
    if kind is None:
        raise fault(ident, "%(element)s is a %(kind)s, which this platform does not run.", kind=local)
    for child in element:
        inner = _local(child)
        if inner not in _INNER or (
            (inner == "timerEventDefinition") != (kind in ("timer", "boundary")) and inner == "timerEventDefinition"
        ):
            raise fault(ident, "%(element)s holds a %(kind)s, which this platform does not run.", kind=inner)
    name = element.get("name", "")
    if kind == "step":
        return Node(ident, name, kind, step=_step(element))
    if kind in ("timer", "boundary"):
        return Node(ident, name, kind, timer=_timer(element, kind == "boundary"))
    if kind == "script":
        return Node(ident, name, kind, script=_script(element))
    return Node(ident, name, kind)


def _linli(element: etree._Element, name: str) -> str:
    return (element.get(f"{{{LINLI}}}{name}") or "").strip()


def _step(element: etree._Element) -> StepSpec:
    ident = _id(element)
    office, kind = _linli(element, "office"), _linli(element, "kind")
    if office not in OFFICES:
        raise fault(ident, "Step %(element)s must name its office, one of: %(allowed)s.", allowed=", ".join(OFFICES))
    if not _WORD.fullmatch(kind):
        raise fault(ident, "Step %(element)s must name its kind, such as review or decide.")
    outcomes = tuple(part.strip() for part in _linli(element, "outcomes").split(",") if part.strip())
    if any(not _WORD.fullmatch(o) for o in outcomes) or len(set(outcomes)) != len(outcomes):
        raise fault(ident, "The outcomes of step %(element)s must be different lower-case words, separated by commas.")
    days = _days(element, ident)
    people = _linli(element, "people") or "1"
    if not people.isascii() or not people.isdigit() or not 1 <= int(people) <= 20:
        raise fault(ident, "Step %(element)s: people must be a number from 1 to 20.")
    multi = _linli(element, "multi") or "false"
    if multi not in ("true", "false"):
        raise fault(ident, "Step %(element)s: multi must be true or false.")
    return StepSpec(
        id=ident,
        name=element.get("name", "") or ident,
        office=office,
        kind=kind,
        line=_linli(element, "line"),
        days=days,
        unit=_unit(element, ident, "W"),
        outcomes=outcomes,
        form=_linli(element, "form") or None,
        people=int(people),
        multi=multi == "true",
    )


def _days(element: etree._Element, ident: str) -> float | None:
    text = _linli(element, "days")
    if not text:
        return None
    if not re.fullmatch(r"\d{1,4}(\.\d{1,3})?", text, re.ASCII):
        raise fault(ident, "%(element)s: days must be a number.")
    return float(text)


def _unit(element: etree._Element, ident: str, default: Unit) -> Unit:
    unit = _linli(element, "unit") or default
    if unit not in UNITS:
        raise fault(ident, "%(element)s: unit must be one of: %(allowed)s.", allowed=", ".join(UNITS))
    return unit


def _timer(element: etree._Element, boundary: bool) -> TimerSpec:
    ident = _id(element)
    definitions = element.findall(f"{{{BPMN}}}timerEventDefinition")
    if len(definitions) != 1:
        raise fault(ident, "Event %(element)s must be a timer.")
    days, unit, date = _days(element, ident), _unit(element, ident, "N"), None
    for child in definitions[0]:
        text = (child.text or "").strip().strip("\"'")
        if _local(child) == "timeDuration" and days is None:
            days, unit = _duration(ident, text)
        elif _local(child) == "timeDate" and days is None:
            date = _date(ident, (child.text or "").strip())
        elif _local(child) not in ("timeDuration", "timeDate"):
            raise fault(ident, "Timer %(element)s: %(kind)s is not supported.", kind=_local(child))
    if days is None and date is None:
        raise fault(ident, "Timer %(element)s must say how long it waits.")
    host = element.get("attachedToRef") if boundary else None
    if boundary and not host:
        raise fault(ident, "Timer %(element)s is not attached to a step.")
    interrupting = element.get("cancelActivity", "true") != "false"
    return TimerSpec(ident, element.get("name", ""), days, unit, date, host, interrupting)


def _duration(ident: str, text: str) -> tuple[float, Unit]:
    match = _DURATION.fullmatch(text)
    parts = {k: int(v) for k, v in match.groupdict().items() if v} if match else {}
    if not parts:
        raise fault(ident, "Timer %(element)s: write the duration as P7D or PT12H.")
    days = parts.get("w", 0) * 7 + parts.get("d", 0)
    if "h" in parts or "m" in parts:
        return days * 24 + parts.get("h", 0) + parts.get("m", 0) / 60, "H"
    return float(days), "N"


def _date(ident: str, text: str) -> str:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        try:
            check_expression(text)
        except ExpressionError as error:
            raise fault(ident, "The date of timer %(element)s cannot be read: %(why)s.", why=str(error)) from error
    return text


def _script(element: etree._Element) -> str:
    ident = _id(element)
    scripts = element.findall(f"{{{BPMN}}}script")
    text = (scripts[0].text or "") if len(scripts) == 1 else ""
    try:
        check_script(text)
    except ExpressionError as error:
        raise fault(ident, "The script of %(element)s cannot be used: %(why)s.", why=str(error)) from error
    return text


def _flow(element: etree._Element, nodes: dict[str, Node], defaults: set[Any]) -> Flow:
    ident = _id(element)
    source, target = element.get("sourceRef", ""), element.get("targetRef", "")
    if source not in nodes or target not in nodes:
        raise fault(ident, "Path %(element)s does not join two elements of the process.")
    conditions = element.findall(f"{{{BPMN}}}conditionExpression")
    condition = (conditions[0].text or "").strip() if conditions else None
    if condition is not None:
        try:
            check_expression(condition)
        except ExpressionError as error:
            raise fault(ident, "The condition of path %(element)s cannot be used: %(why)s.", why=str(error)) from error
    return Flow(ident, source, target, condition, ident in defaults)
