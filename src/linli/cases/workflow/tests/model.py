"""A plain-Python model of structured processes, to hold the engine against. It shares nothing with the engine but the BPMN it writes.

A process is a tree of blocks. What was done is a mapping from an occurrence (the way to a step in the tree, loop rounds counted) to its
outcome; where the process stands is computed from that alone. A return deletes one occurrence and all that can no longer be come by.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count, pairwise

from hypothesis import strategies as st

from .samples import bpmn

Occurrence = tuple[object, ...]


@dataclass(frozen=True)
class Step:
    pass


@dataclass(frozen=True)
class Timer:
    pass


@dataclass(frozen=True)
class Seq:
    parts: tuple[Block, ...]


@dataclass(frozen=True)
class Xor:
    parts: tuple[Block, ...]


@dataclass(frozen=True)
class Or:
    """A question with the answers o0, o1, both, none: the first two parts, either or both, or else the third."""

    parts: tuple[Block, Block, Block]


@dataclass(frozen=True)
class Par:
    parts: tuple[Block, ...]


@dataclass(frozen=True)
class Loop:
    body: Block


@dataclass(frozen=True)
class Alarmed:
    """A step with a timer on its edge that ends it; the handler then takes its place."""

    handler: Block


Block = Step | Timer | Seq | Xor | Or | Par | Loop | Alarmed


def blocks() -> st.SearchStrategy[Block]:
    leaves: st.SearchStrategy[Block] = st.sampled_from([Step(), Step(), Step(), Timer()])

    def wider(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
        parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
        three = st.tuples(inner, inner, inner)
        return st.one_of(parts.map(Seq), parts.map(Xor), parts.map(Par), three.map(Or), inner.map(Loop), inner.map(Alarmed))

    return st.recursive(leaves, wider, max_leaves=8)


@dataclass
class Model:
    """`names` gives the element id of each place in the tree; `done` the outcome of each completed occurrence, in order."""

    root: Block
    names: dict[Occurrence, str] = field(default_factory=dict)
    outcomes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    timers: set[str] = field(default_factory=set)
    done: dict[Occurrence, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    _count: count[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        first, last = self._emit(self.root, ())
        self.lines += ["start s", "end e", f"s -> {first}", f"{last} -> e"]

    @property
    def xml(self) -> str:
        return bpmn("\n".join(self.lines))

    def ready(self) -> set[Occurrence]:
        return self._stand(self.done)[0]

    @property
    def finished(self) -> bool:
        return not self.ready()

    def name(self, occurrence: Occurrence) -> str:
        return self.names[tuple(part for part in occurrence if not isinstance(part, str))]

    def complete(self, occurrence: Occurrence, outcome: str) -> None:
        assert occurrence in self.ready()
        self.done[occurrence] = outcome

    def targets(self, occurrence: Occurrence) -> dict[str, Occurrence]:
        """Steps one can go back to from a ready one: those without which it would not have been come by; the last of each name."""
        found: dict[str, Occurrence] = {}
        for past in self.done:
            without = {k: v for k, v in self.done.items() if k != past}
            if occurrence not in self._stand(without)[1] and self.name(past) not in self.timers:
                found[self.name(past)] = past
        return found

    def go_back(self, target: Occurrence) -> None:
        del self.done[target]
        visited = self._stand(self.done)[1]
        self.done = {k: v for k, v in self.done.items() if k in visited}

    def _stand(self, done: dict[Occurrence, str]) -> tuple[set[Occurrence], set[Occurrence]]:
        ready: set[Occurrence] = set()
        visited: set[Occurrence] = set()

        def leaf(at: Occurrence) -> bool:
            visited.add(at)
            if at not in done:
                ready.add(at)
            return at in done

        def walk(block: Block, at: Occurrence) -> bool:
            if isinstance(block, (Step, Timer)):
                return leaf(at)
            if isinstance(block, Seq):
                return all(walk(part, (*at, n)) for n, part in enumerate(block.parts))
            if isinstance(block, Par):
                finished = [walk(part, (*at, n)) for n, part in enumerate(block.parts)]
                return all(finished)
            if isinstance(block, Alarmed):
                if (*at, -2) in done:
                    visited.add((*at, -2))
                    return walk(block.handler, (*at, 0))
                if not (finished_in_time := leaf((*at, -1))):
                    leaf((*at, -2))
                return finished_in_time
            if isinstance(block, Loop):
                for turn in range(1_000):
                    here = (*at, f"turn {turn}")
                    if not walk(block.body, (*here, 0)) or not leaf((*here, -1)):
                        return False
                    if done[(*here, -1)] == "on":
                        return True
            assert isinstance(block, Xor | Or)
            if not leaf((*at, -1)):
                return False
            finished = [walk(block.parts[n], (*at, n)) for n in _chosen(done[(*at, -1)])]
            return all(finished)

        walk(self.root, ())
        return ready, visited

    def _leaf(self, at: Occurrence, outcomes: tuple[str, ...]) -> str:
        name = f"a{next(self._count)}"
        self.names[at], self.outcomes[name] = name, outcomes
        self.lines.append(f"step {name} outcomes={','.join(outcomes)}")
        return name

    def _timer(self, at: Occurrence, kind: str, host: str = "") -> str:
        name = f"t{next(self._count)}"
        self.names[at] = name
        self.timers.add(name)
        self.lines.append(f"{kind} {name} {host} <bpmn:timeDuration>P1D</bpmn:timeDuration>")
        return name

    def _gate(self, kind: str) -> str:
        name = f"g{next(self._count)}"
        self.lines.append(f"{kind} {name}")
        return name

    def _emit(self, block: Block, at: Occurrence) -> tuple[str, str]:
        """Write a block as BPMN; its first and its last element."""
        if isinstance(block, Step):
            return (name := self._leaf(at, ("ok", "no"))), name
        if isinstance(block, Timer):
            return (name := self._timer(at, "timer")), name
        if isinstance(block, Alarmed):
            return self._emit_alarmed(block, at)
        if isinstance(block, Loop):
            return self._emit_loop(block, at)
        ends = [self._emit(part, (*at, n)) for n, part in enumerate(block.parts)]
        if isinstance(block, Seq):
            self.lines += [f"{a[1]} -> {b[0]}" for a, b in pairwise(ends)]
            return ends[0][0], ends[-1][1]
        kind = {Par: "and", Xor: "xor", Or: "or"}[type(block)]
        split, join = self._gate(kind), self._gate(kind)
        self.lines += [f"{last} -> {join}" for _, last in ends]
        if isinstance(block, Par):
            self.lines += [f"{split} -> {first}" for first, _ in ends]
            return split, join
        answers = ("o0", "o1", "both", "none") if isinstance(block, Or) else tuple(f"o{n}" for n in range(len(ends)))
        question = self._leaf((*at, -1), answers)
        self.lines += [f"{question} -> {split}", f"{split} => {ends[-1][0]}"]
        for n, (first, _) in enumerate(ends[:-1]):
            self.lines.append(
                f'{split} -> {first} [outcome in ("o{n}", "both")]' if "both" in answers else f'{split} -> {first} [outcome == "o{n}"]'
            )
        return question, join

    def _emit_alarmed(self, block: Alarmed, at: Occurrence) -> tuple[str, str]:
        step = self._leaf((*at, -1), ("ok", "no"))
        alarm, leave = self._timer((*at, -2), "alarm", step), self._gate("xor")
        first, last = self._emit(block.handler, (*at, 0))
        self.lines += [f"{step} -> {leave}", f"{alarm} -> {first}", f"{last} -> {leave}"]
        return step, leave

    def _emit_loop(self, block: Loop, at: Occurrence) -> tuple[str, str]:
        enter, choose = self._gate("xor"), self._gate("xor")
        first, last = self._emit(block.body, (*at, 0))
        question = self._leaf((*at, -1), ("again", "on"))
        leave = self._gate("xor")
        self.lines += [f"{enter} -> {first}", f"{last} -> {question}", f"{question} -> {choose}"]
        self.lines += [f'{choose} -> {enter} [outcome == "again"]', f"{choose} => {leave}"]
        return enter, leave


def _chosen(answer: str) -> tuple[int, ...]:
    """Numbers of the parts that the answer to a question opens."""
    return {"both": (0, 1), "none": (2,)}.get(answer) or (int(answer[1:]),)
