"""Proves before a process is used that it can be run: no dead step, no deadlock, no doubled token, an end always within reach.

The process is played as a token game. Between two waits (steps and timers) everything runs at once, so a position - a `Marking` - is the
set of waiting elements plus the paths on which a token waits for others at a join. All positions that any answers can lead to are
listed; the adapter later checks every state of every case against this list.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from itertools import combinations

from .bpmn import Flow, Graph, Node, fault
from .expressions import outcome_literals

MAX_MARKINGS = 20_000
MAX_BRANCHES = 6

Marking = frozenset[str]
"""Ids of waiting elements (steps, timers) and of paths that hold a token at a join. Ids are unique over both."""


@dataclass(frozen=True)
class OrJoin:
    """When an inclusive gateway fires (BPMN 2.0, its semantics of gateways): for each path into it, what can still send a token there.

    A token elsewhere holds the join back if it can come to an incoming path that is still empty and to none that already has its token;
    the second half is what keeps two joins in a loop from waiting for each other.
    """

    sources: dict[str, frozenset[str]]

    def may_fire(self, came: Set[str], elsewhere: Iterable[str]) -> bool:
        """`came`: elements whose path into the join holds a token; `elsewhere`: elements at which all other tokens are."""
        return not any(self._holds_back(element, came) for element in elsewhere)

    def _holds_back(self, element: str, came: Set[str]) -> bool:
        paths = {source for source, reached in self.sources.items() if element in reached}
        return bool(paths) and paths.isdisjoint(came)


def check(graph: Graph) -> frozenset[Marking]:
    """All positions of a sound process. Raises `Invalid` naming the element that makes it unsound."""
    _check_shape(graph)
    _check_gateways(graph)
    _check_waits(graph)
    return _explore(graph)


def or_joins(graph: Graph) -> dict[str, OrJoin]:
    gates = [n.id for n in graph.nodes.values() if n.kind == "inclusive"]
    return {gate: OrJoin({f.source: _sources_of(graph, gate, f.source) for f in graph.incoming[gate]}) for gate in gates}


def _sources_of(graph: Graph, gate: str, last: str) -> frozenset[str]:
    """`last` and the elements with a path to it that does not pass through `gate`."""
    found: set[str] = set()
    todo = [last]
    while todo:
        node = todo.pop()
        if node in found or node == gate:
            continue
        found.add(node)
        todo += [f.source for f in graph.incoming[node]]
        timer = graph.nodes[node].timer
        if timer and timer.host:
            todo.append(timer.host)
    return frozenset(found)


def _check_shape(graph: Graph) -> None:
    starts = [n for n in graph.nodes.values() if n.kind == "start"]
    if len(starts) != 1:
        raise fault(graph.id, "The process must have exactly one start; it has %(count)s.", count=len(starts))
    if not any(n.kind == "end" for n in graph.nodes.values()):
        raise fault(graph.id, "The process has no end.")
    pairs: set[tuple[str, str]] = set()
    for flow in graph.flows:
        if (flow.source, flow.target) in pairs:
            raise fault(flow.id, "Path %(element)s joins two elements that are already joined.")
        pairs.add((flow.source, flow.target))
    for node in graph.nodes.values():
        _check_ends(graph, node)


def _check_ends(graph: Graph, node: Node) -> None:
    came, leave = len(graph.incoming[node.id]), len(graph.outgoing[node.id])
    if came == 0 and node.kind not in ("start", "boundary"):
        raise fault(node.id, "Nothing leads to %(element)s.")
    if came and node.kind in ("start", "boundary"):
        raise fault(node.id, "No path may lead to %(element)s.")
    if leave == 0 and node.kind != "end":
        raise fault(node.id, "Nothing follows %(element)s.")
    if leave and node.kind == "end":
        raise fault(node.id, "Nothing may follow the end %(element)s.")
    if leave > 1 and node.kind not in ("exclusive", "parallel", "inclusive"):
        raise fault(node.id, "%(element)s has several ways on; put a gateway after it.")
    if node.timer and node.timer.host is not None:
        host = graph.nodes.get(node.timer.host)
        if host is None or host.kind != "step":
            raise fault(node.id, "Timer %(element)s must be attached to a step.")


def _check_gateways(graph: Graph) -> None:
    outcomes = [set(n.step.outcomes) for n in graph.nodes.values() if n.step]
    known = set().union(*outcomes) if all(outcomes) else None
    for flow in graph.flows:
        choosing = graph.nodes[flow.source].kind in ("exclusive", "inclusive") and len(graph.outgoing[flow.source]) > 1
        if flow.condition is not None and (not choosing or flow.default):
            raise fault(flow.id, "Path %(element)s has a condition that would never be asked.")
        if choosing and not flow.default and flow.condition is None:
            raise fault(flow.id, "Path %(element)s leaves a choice and needs a condition, or must be its default.")
        if flow.condition is not None and known is not None and (wrong := outcome_literals(flow.condition) - known):
            raise fault(flow.id, "Path %(element)s asks for the outcome %(wrong)s, which no step has.", wrong=", ".join(sorted(wrong)))
    for node in graph.nodes.values():
        leave = graph.outgoing[node.id]
        if node.kind in ("exclusive", "inclusive") and len(leave) > 1 and not any(f.default for f in leave):
            raise fault(node.id, "Gateway %(element)s needs a default path for the case that no condition holds.")
        if node.kind == "inclusive" and len(leave) > MAX_BRANCHES:
            raise fault(node.id, "Gateway %(element)s has more than %(limit)s branches.", limit=MAX_BRANCHES)


def _check_waits(graph: Graph) -> None:
    """Every loop must pass a step or a timer, or the engine could turn in it for ever."""
    state: dict[str, int] = {}
    for root in graph.nodes:
        stack: list[tuple[str, bool]] = [(root, False)]
        while stack:
            node, leaving = stack.pop()
            if leaving:
                state[node] = 2
                continue
            if state.get(node) or graph.nodes[node].waits:
                continue
            state[node] = 1
            stack.append((node, True))
            for flow in graph.outgoing[node]:
                if state.get(flow.target) == 1:
                    raise fault(flow.target, "The loop through %(element)s has no step in it.")
                stack.append((flow.target, False))


class _Game:
    """The token game. A position under way is (waiting elements and join tokens, paths not yet walked)."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.flows = {f.id: f for f in graph.flows}
        self.or_joins = or_joins(graph)

    def first(self) -> set[Marking]:
        return self.settle(frozenset(), [f.id for f in self.graph.outgoing[self.graph.start.id]])

    def after(self, marking: Marking, element: str) -> set[Marking]:
        """Positions that follow when a step is completed or a timer fires."""
        node = self.graph.nodes[element]
        host = node.timer.host if node.timer and node.timer.host else node.id
        gone = {element}
        if node.kind == "step" or (node.timer and node.timer.interrupting):
            gone |= {host, *(b.id for b in self.graph.boundaries.get(host, ()))}
        return self.settle(marking - gone, [f.id for f in self.graph.outgoing[element]])

    def settle(self, waiting: Marking, moving: list[str]) -> set[Marking]:
        results: set[Marking] = set()
        todo: list[tuple[Marking, list[str]]] = [(waiting, moving)]
        while todo:
            held, paths = todo.pop()
            if paths:
                todo += self._walk(held, paths[0], paths[1:])
            elif fired := self._late_joins(held):
                todo += fired
            else:
                results.add(held)
            if len(todo) > MAX_MARKINGS:
                raise fault(self.graph.id, "The process has too many branches side by side to be checked.")
        return results

    def _walk(self, held: Marking, path: str, rest: list[str]) -> Iterator[tuple[Marking, list[str]]]:
        node = self.graph.nodes[self.flows[path].target]
        if path in held or node.id in held:
            raise fault(node.id, "Two branches can meet at %(element)s without being joined; put a parallel gateway before it.")
        leave = [f.id for f in self.graph.outgoing[node.id]]
        if node.kind == "end":
            yield held, rest
        elif node.waits:
            yield held | {node.id} | {b.id for b in self.graph.boundaries[node.id]}, rest
        elif node.kind == "exclusive":
            for way in leave:
                yield held, [*rest, way]
        elif node.kind == "script":
            yield held, [*rest, *leave]
        else:
            yield from self._arrive(held | {path}, node, rest)

    def _arrive(self, held: Marking, node: Node, rest: list[str]) -> Iterator[tuple[Marking, list[str]]]:
        came = {f.id for f in self.graph.incoming[node.id]}
        if node.kind == "inclusive" and len(came) > 1:
            yield held, rest
        elif came <= held:
            for ways in self._ways(node):
                yield held - came, [*rest, *ways]
        else:
            yield held, rest

    def _ways(self, node: Node) -> list[list[str]]:
        leave = self.graph.outgoing[node.id]
        if node.kind == "parallel" or len(leave) == 1:
            return [[f.id for f in leave]]
        asked = [f.id for f in leave if not f.default]
        some = [list(c) for n in range(1, len(asked) + 1) for c in combinations(asked, n)]
        return [*some, [f.id for f in leave if f.default]]

    def _late_joins(self, held: Marking) -> list[tuple[Marking, list[str]]]:
        """Inclusive joins are asked last, when every other token has come to rest."""
        for gate, join in self.or_joins.items():
            came = {f.id for f in self.graph.incoming[gate]} & held
            if came and join.may_fire({self.flows[f].source for f in came}, [self._place(token) for token in held - came]):
                return [(held - came, ways) for ways in self._ways(self.graph.nodes[gate])]
        return []

    def _place(self, token: str) -> str:
        return self.flows[token].target if token in self.flows else token


def _explore(graph: Graph) -> frozenset[Marking]:
    game = _Game(graph)
    before: dict[Marking, set[Marking]] = {}
    todo: deque[Marking] = deque()

    def note(found: set[Marking], origin: Marking | None) -> None:
        for marking in found:
            if marking not in before:
                before[marking] = set()
                todo.append(marking)
                if len(before) > MAX_MARKINGS:
                    raise fault(graph.id, "The process has too many branches side by side to be checked.")
            if origin is not None:
                before[marking].add(origin)

    note(game.first(), None)
    while todo:
        marking = todo.popleft()
        waiting = [element for element in marking if element in graph.nodes]
        if marking and not waiting:
            raise fault(_gate(graph, marking), "%(element)s can wait for a branch that never comes.")
        for element in sorted(waiting):
            note(game.after(marking, element), marking)
    _check_finish(graph, before)
    return frozenset(before)


def _check_finish(graph: Graph, before: dict[Marking, set[Marking]]) -> None:
    seen = set().union(*before)
    for node in graph.nodes.values():
        if node.waits and node.id not in seen:
            raise fault(node.id, "%(element)s can never be reached.")
    can_finish: set[Marking] = set()
    todo = [m for m in before if not m]
    while todo:
        marking = todo.pop()
        if marking not in can_finish:
            can_finish.add(marking)
            todo += before[marking]
    for marking in before:
        if marking not in can_finish:
            raise fault(_gate(graph, marking), "From %(element)s the process can no longer come to an end.")


def _gate(graph: Graph, marking: Marking) -> str:
    """The element to blame: the join at which a token waits, or any waiting element."""
    targets = [f.target for f in graph.flows if f.id in marking]
    return targets[0] if targets else min(marking, default=graph.id)


def find_flow(graph: Graph, source: str, target: str) -> Flow:
    """The one path between two neighbours; `check` allows no second."""
    return next(f for f in graph.outgoing[source] if f.target == target)
