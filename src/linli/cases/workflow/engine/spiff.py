"""The one module that knows SpiffWorkflow.

A graph becomes a SpiffWorkflow specification made of the library's own task kinds, with three changes: the script engine is our expression
language; timers are manual tasks (the engine has no clock); joins count the tokens that wait at them, because the library's look at the
whole past and therefore mistake the rounds of a loop. A `Run` is a live process: it is built by replaying what was recorded, never
stored, so that a state can only be one that the process itself can reach.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow import TaskState  # type: ignore[import-untyped, unused-ignore]
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine  # type: ignore[import-untyped, unused-ignore]
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec  # type: ignore[import-untyped, unused-ignore]
from SpiffWorkflow.bpmn.specs.control import SimpleBpmnTask  # type: ignore[import-untyped, unused-ignore]
from SpiffWorkflow.bpmn.specs.defaults import ExclusiveGateway, ScriptTask, UserTask  # type: ignore[import-untyped, unused-ignore]
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow  # type: ignore[import-untyped, unused-ignore]
from SpiffWorkflow.specs.MultiChoice import MultiChoice  # type: ignore[import-untyped, unused-ignore]

from linli.lib.errors import Invalid

from ..types import InvariantError
from .bpmn import Graph, Node
from .expressions import ExpressionError, evaluate, execute
from .soundness import Marking, OrJoin, find_flow, or_joins

Written = dict[str, tuple[Any, int]]
"""Facts with the moment they were written: the later one wins where branches meet."""

_STAMP = 1_000
"""Moments within one recorded operation: the operation itself, then its scripts."""


class _Join:
    """Common to parallel and inclusive gateways: fires once for the tokens that wait at it, with the facts of all of them."""

    def _fire_or_wait(self, task: Any, may_fire: bool, arrivals: list[Any]) -> bool:
        if not may_fire:
            task._set_state(TaskState.WAITING)
            return False
        task.data = _merge([arrival.parent.data for arrival in arrivals])
        task.internal_data["arrivals"] = [arrival.id for arrival in arrivals]
        for arrival in arrivals:
            if arrival is not task:
                arrival.cancel()
        return True

    def _arrivals(self, task: Any) -> list[Any]:
        others = [t for t in task.workflow.tasks.values() if t.task_spec is self and t is not task and t.state == TaskState.WAITING]
        return [*others, task]


class _ParallelGateway(_Join, SimpleBpmnTask):  # type: ignore[misc]
    def _update_hook(self, task: Any) -> bool:
        arrivals = self._arrivals(task)
        return self._fire_or_wait(task, len({t.parent.task_spec.name for t in arrivals}) == len(self.inputs), arrivals)


class _InclusiveGateway(_Join, MultiChoice):  # type: ignore[misc]
    """Waits while a token that could still come to it is anywhere under way."""

    join: OrJoin

    def _update_hook(self, task: Any) -> bool:
        arrivals = self._arrivals(task)
        elsewhere = [_element(t) for t in _tokens(task.workflow) if t.task_spec is not self]
        came = {_element(arrival.parent) for arrival in arrivals}
        return self._fire_or_wait(task, self.join.may_fire(came, elsewhere), arrivals)

    def _run_hook(self, task: Any) -> bool:
        matches, defaults = self._get_matching_outputs(task)
        task._sync_children(matches or defaults, TaskState.FUTURE)
        for child in task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return True


class _Condition:
    """What the library asks of a condition on a path."""

    def __init__(self, element: str, source: str) -> None:
        self.element, self.source = element, source

    def _matches(self, task: Any) -> bool:
        try:
            return bool(evaluate(self.source, visible(task.data)))
        except ExpressionError as error:
            raise _not_computed(self.element, error) from error


class _Workflow(BpmnWorkflow):  # type: ignore[misc]
    """The library's workflow, looking for waiting tasks in its flat list: its walk through the tree costs a third of a replay."""

    def update_waiting_tasks(self) -> None:
        for task in [t for t in self.tasks.values() if t.state == TaskState.WAITING]:
            if task.state == TaskState.WAITING:
                task.task_spec._update(task)

    def settle(self) -> None:
        """Run everything that needs nobody: gateways, scripts, ends."""
        while batch := [t for t in self.tasks.values() if t.state == TaskState.READY and not t.task_spec.manual]:
            for task in batch:
                if task.state == TaskState.READY:
                    task.run()


class _ScriptEngine(PythonScriptEngine):  # type: ignore[misc]
    """Runs scripts in our language; the library's own `eval` and `exec` are out of reach."""

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> Any:
        return evaluate(expression, visible(task.data))

    def execute(self, task: Any, script: str, external_context: Any = None) -> bool:
        try:
            written = execute(script, visible(task.data))
        except ExpressionError as error:
            raise _not_computed(_element(task), error) from error
        run: Run = task.workflow.run
        run.write(task, written)
        return True


def _not_computed(element: str, error: ExpressionError) -> Invalid:
    return Invalid(
        "PROCESS_NOT_COMPUTED",
        "The process cannot go on at %(element)s: %(why)s.",
        field=element,
        data={"element": element, "why": str(error)},
        hint="A fact that the process asks for is missing or has the wrong type.",
    )


def build(graph: Graph) -> Any:
    """The SpiffWorkflow specification of a checked graph. Names are prefixed, so that no element can take a name of the library's."""
    spec = BpmnProcessSpec(name="process")
    joins = or_joins(graph)
    tasks = {node.id: _task(spec, node, joins) for node in graph.nodes.values()}
    entries = dict(tasks)
    for host, timers in graph.boundaries.items():
        if timers:
            entries[host] = split = SimpleBpmnTask(spec, f"split:{host}")
            for inner in (tasks[host], *(tasks[t.id] for t in timers)):
                split.connect(inner)
    spec.start.connect(tasks[graph.start.id])
    for flow in graph.flows:
        source, target = tasks[flow.source], entries[flow.target]
        if flow.condition is None:
            source.connect(target)
        else:
            source.connect_if(_Condition(flow.id, flow.condition), target)
    return spec


def _task(spec: Any, node: Node, joins: dict[str, OrJoin]) -> Any:
    name = f"e:{node.id}"
    if node.waits:
        task = UserTask(spec, name)
    elif node.kind == "script":
        task = ScriptTask(spec, name, node.script)
    elif node.kind == "exclusive":
        task = ExclusiveGateway(spec, name)
    elif node.kind == "parallel":
        task = _ParallelGateway(spec, name)
    elif node.kind == "inclusive":
        task = _InclusiveGateway(spec, name)
        task.join = joins[node.id]
    else:
        task = SimpleBpmnTask(spec, name)
    return task


@dataclass(frozen=True)
class Token:
    """A waiting element of a live process. `key` is the same in every replay: the element and the operations that led to it."""

    element: str
    causes: tuple[int, ...]
    task: Any

    @property
    def key(self) -> tuple[str, tuple[int, ...]]:
        return self.element, self.causes


class Run:
    """A live process: started, then moved by `complete`."""

    def __init__(self, graph: Graph, spec: Any, data: dict[str, Any]) -> None:
        self.graph = graph
        self.facts: dict[str, Written] = {"f": {name: (value, 0) for name, value in data.items()}, "s": {}}
        self._order = {element: number for number, element in enumerate(graph.nodes)}
        self._moment = 0
        self._workflow = _Workflow(spec, script_engine=_ScriptEngine())
        self._workflow.run = self
        self._workflow.task_tree.data = {"f": dict(self.facts["f"]), "s": {}}
        self._advance(0)

    def tokens(self) -> tuple[Token, ...]:
        """Steps and timers that wait, in the order of the document."""
        found = [t for t in self._workflow.tasks.values() if t.state == TaskState.READY]
        tokens = [Token(_element(task), self._causes(task), task) for task in found]
        return tuple(sorted(tokens, key=lambda token: (self._order[token.element], token.causes)))

    def complete(self, token: Token, seq: int, outcome: str, data: dict[str, Any]) -> None:
        """End a step or let a timer fire. `seq` is the number of the record that says so."""
        node = self.graph.nodes[token.element]
        task = token.task
        task.internal_data["seq"] = seq
        self._moment = seq * _STAMP
        self.write(task, data)
        if node.kind == "step":
            steps = {**task.data["s"], node.id: (outcome, self._moment)}
            task.data = {**task.data, "s": steps}
            self.facts["s"][node.id] = (outcome, self._moment)
        self._cancel_beside(node, task)
        task.run()
        self._advance(seq)

    def write(self, task: Any, values: dict[str, Any]) -> None:
        """Set facts on a branch; the run as a whole remembers the latest of each."""
        written: Written = {name: (value, self._moment) for name, value in values.items()}
        task.data = {**task.data, "f": {**task.data["f"], **written}}
        self.facts["f"].update(written)
        self._moment += 1

    def marking(self) -> Marking:
        """Where the tokens are, in the terms of `soundness`."""
        places: list[str] = []
        for task in _tokens(self._workflow):
            element = _element(task)
            if task.state == TaskState.READY and self.graph.nodes[element].waits:
                places.append(element)
            elif task.state == TaskState.WAITING:
                places.append(find_flow(self.graph, _element(task.parent), element).id)
            else:
                raise InvariantError(f"{element} is neither waiting nor done")
        if len(set(places)) != len(places):
            raise InvariantError(f"two tokens at one place: {sorted(places)}")
        return frozenset(places)

    def _advance(self, seq: int) -> None:
        self._moment = seq * _STAMP + 1
        self._workflow.settle()

    def _cancel_beside(self, node: Node, task: Any) -> None:
        """A step and the timers on its edge end one another, unless the timer is one that runs beside the step."""
        host = node.timer.host if node.timer and node.timer.host else node.id
        if (node.timer and not node.timer.interrupting) or not self.graph.boundaries.get(host):
            return
        for other in task.parent.children:
            if other is not task and other.state == TaskState.READY:
                other.cancel()

    def _causes(self, task: Any) -> tuple[int, ...]:
        """Numbers of the records that directly led to this task: the last one on every branch that flows into it."""
        found: set[int] = set()
        todo = [task.parent]
        while todo:
            past = todo.pop()
            if past is None:
                continue
            if "seq" in past.internal_data:
                found.add(past.internal_data["seq"])
            elif "arrivals" in past.internal_data:
                todo += [past.workflow.tasks[a].parent for a in past.internal_data["arrivals"]]
            else:
                todo.append(past.parent)
        return tuple(sorted(found))


def visible(data: dict[str, Written]) -> dict[str, Any]:
    """The names an expression can use: the facts, `outcome` of the last step on the way here, `steps` with the outcome of each."""
    steps = data.get("s", {})
    last = max(steps.values(), key=lambda written: written[1], default=("", 0))
    names = {name: value for name, (value, _) in data.get("f", {}).items()}
    return {**names, "outcome": last[0], "steps": {step: outcome for step, (outcome, _) in steps.items()}}


def _merge(branches: Iterable[dict[str, Written]]) -> dict[str, Written]:
    merged: dict[str, Written] = {"f": {}, "s": {}}
    for data in branches:
        for part, values in data.items():
            for name, written in values.items():
                if name not in merged[part] or merged[part][name][1] <= written[1]:
                    merged[part][name] = written
    return merged


def _tokens(workflow: Any) -> list[Any]:
    """Tasks that hold a token: not finished themselves, behind a finished one."""
    return [
        t
        for t in workflow.tasks.values()
        if not t.has_state(TaskState.FINISHED_MASK) and (t.parent is None or t.parent.state == TaskState.COMPLETED)
    ]


def _element(task: Any) -> str:
    """The element's id; for the library's own tasks and splits the step they stand for."""
    return str(task.task_spec.name).partition(":")[2]
