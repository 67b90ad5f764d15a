"""Random processes, random operations: the engine and the plain model must agree at every moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.cases.workflow import engine
from linli.cases.workflow.types import Progress
from linli.lib.errors import Conflict, Invalid

from .model import Block, Model, Occurrence, blocks

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Pair:
    """The engine and the model side by side."""

    def __init__(self, block: Block) -> None:
        self.model = Model(block)
        self.spec = engine.load_spec(self.model.xml)
        self.now = NOW
        self.tokens: dict[Occurrence, str] = {}
        self.seen: set[str] = set()
        self.progress: Progress = engine.start(self.spec, {}, self.now)
        self.compare()

    def compare(self) -> None:
        """Same ready elements, same finish; a token that stayed open kept its id, a new one has a new id."""
        open_ = {r.step_id: r.token_id for r in self.progress.ready if not r.added} | {
            w.event_id: w.token_id for w in self.progress.waiting
        }
        expected = {self.model.name(occurrence): occurrence for occurrence in self.model.ready()}
        assert set(open_) == set(expected)
        assert self.progress.finished == self.model.finished
        assert engine.ready(self.spec, self.progress.state) == self.progress.ready
        assert engine.waiting(self.spec, self.progress.state) == self.progress.waiting
        tokens = {occurrence: open_[name] for name, occurrence in expected.items()}
        for occurrence, token in tokens.items():
            if occurrence in self.tokens:
                assert token == self.tokens[occurrence]
            else:
                assert token not in self.seen
        self.tokens, self.seen = tokens, self.seen | set(tokens.values())

    def act(self, draw: st.DataObject) -> None:
        occurrence = draw.draw(st.sampled_from(sorted(self.model.ready(), key=str)))
        name, token, state = self.model.name(occurrence), self.tokens[occurrence], self.progress.state
        self.now += timedelta(minutes=1)
        if name in self.model.timers:
            self.progress = engine.fire_timer(self.spec, state, name, self.now)
            self.model.complete(occurrence, "")
            return
        targets = self.model.targets(occurrence)
        assert set(engine.returnable(self.spec, state, token)) == set(targets)
        what = draw.draw(st.sampled_from(["complete", "complete", "complete", "sign", "return"]))
        if what == "return":
            self.go_back(draw, token, targets)
            return
        if what == "sign":
            self.sign(token, name)
        outcome = draw.draw(st.sampled_from(self.model.outcomes[name]))
        self.progress = engine.complete(self.spec, self.progress.state, token, outcome, {}, self.now)
        self.model.complete(occurrence, outcome)

    def sign(self, token: str, name: str) -> None:
        self.progress = engine.add_signer(self.spec, self.progress.state, token, "wang")
        self.compare()
        assert [r.signer for r in self.progress.ready if r.added and r.step_id == name] == ["wang"]
        with pytest.raises(Conflict):
            engine.complete(self.spec, self.progress.state, token, self.model.outcomes[name][0], {}, self.now)
        self.progress = engine.sign(self.spec, self.progress.state, token, "wang")
        self.compare()

    def go_back(self, draw: st.DataObject, token: str, targets: dict[str, Occurrence]) -> None:
        strangers = sorted(set(self.model.outcomes) - set(targets))
        if strangers:
            with pytest.raises(Invalid):
                engine.return_to(self.spec, self.progress.state, token, strangers[0], self.now)
        if targets:
            target = draw.draw(st.sampled_from(sorted(targets)))
            self.progress = engine.return_to(self.spec, self.progress.state, token, target, self.now)
            self.model.go_back(targets[target])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(block=blocks(), draw=st.data(), moves=st.integers(1, 30))
def test_engine_agrees_with_the_model_on_random_processes(block: Block, draw: st.DataObject, moves: int) -> None:
    pair = Pair(block)
    for _ in range(moves):
        if pair.progress.finished:
            break
        pair.act(draw)
        pair.compare()
    before = pair.progress
    if before.ready:
        gone = engine.withdraw(pair.spec, before.state)
        assert gone.finished and gone.withdrawn and not gone.ready and not gone.waiting
        with pytest.raises(Conflict):
            engine.complete(pair.spec, gone.state, before.ready[0].token_id, "ok", {}, pair.now)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(block=blocks())
def test_every_random_process_can_be_drawn_and_still_means_the_same(block: Block) -> None:
    xml = Model(block).xml
    drawn = engine.add_layout(xml)
    assert engine.add_layout(drawn) == drawn
    assert engine.load_spec(drawn).graph.flows == engine.load_spec(xml).graph.flows
