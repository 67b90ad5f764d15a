"""What clerks do to a process, on small processes of each shape."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

import pytest

from linli.cases.workflow import engine
from linli.cases.workflow.types import InvariantError, Progress
from linli.lib.errors import Conflict, Invalid

from .model import Loop, Model, Or, Seq, Step
from .samples import LOOP, NESTED, PARALLEL, SEQUENCE, TIMERS, bpmn

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Walk:
    """One process, moved by step id."""

    def __init__(self, xml: str, **data: Any) -> None:
        self.spec = engine.load_spec(xml)
        self.at: Progress = engine.start(self.spec, data, NOW)

    @property
    def ready(self) -> list[str]:
        return [r.step_id for r in self.at.ready if not r.added]

    @property
    def timers(self) -> list[str]:
        return [w.event_id for w in self.at.waiting]

    def token(self, step: str) -> str:
        return next(r.token_id for r in self.at.ready if r.step_id == step and not r.added)

    def do(self, step: str, outcome: str = "ok", **data: Any) -> Walk:
        self.at = engine.complete(self.spec, self.at.state, self.token(step), outcome, data, NOW)
        return self

    def back(self, step: str, target: str) -> Walk:
        self.at = engine.return_to(self.spec, self.at.state, self.token(step), target, NOW)
        return self

    def fire(self, event: str) -> Walk:
        self.at = engine.fire_timer(self.spec, self.at.state, event, NOW)
        return self

    def sign(self, step: str, signer: str) -> Walk:
        self.at = engine.sign(self.spec, self.at.state, self.token(step), signer)
        return self


def test_a_sequence_runs_to_its_end_and_reads_its_steps() -> None:
    walk = Walk(SEQUENCE, age=81)
    step = walk.at.ready[0].spec
    assert (step.office, step.kind, step.outcomes, step.days, step.unit) == ("community", "accept", ("accept", "refuse"), 1.0, "W")
    assert walk.do("accept", "accept").ready == ["street_review"]
    assert walk.do("street_review", "agree").ready == ["decide"]
    walk.sign("decide", "li").sign("decide", "wang").do("decide", "agree")
    assert walk.at.finished and walk.at.data == {
        "age": 81,
        "outcome": "agree",
        "steps": {"accept": "accept", "street_review": "agree", "decide": "agree"},
    }
    last = engine.history(walk.spec, walk.at.state)[-1]
    assert (last.step_id, last.outcome, last.signed, last.at) == ("decide", "agree", ("li", "wang"), NOW)


def test_an_unknown_outcome_and_a_closed_token_are_refused() -> None:
    walk = Walk(SEQUENCE)
    token = walk.token("accept")
    with pytest.raises(Invalid) as refused:
        walk.do("accept", "maybe")
    assert refused.value.field == "outcome" and "accept, refuse" in refused.value.text()
    walk.do("accept", "accept")
    with pytest.raises(Conflict):
        engine.complete(walk.spec, walk.at.state, token, "accept", {}, NOW)


def test_a_loop_gives_each_round_a_token_of_its_own() -> None:
    walk = Walk(LOOP)
    first = walk.token("accept")
    assert walk.do("accept", "correct").ready == ["correct"]
    assert walk.do("correct", "done").ready == ["accept"]
    assert walk.token("accept") != first
    assert walk.do("accept", "accept").ready == ["decide"]


def test_a_return_in_a_loop_goes_to_the_latest_round() -> None:
    walk = Walk(LOOP).do("accept", "correct").do("correct", "done").do("accept", "accept")
    assert engine.returnable(walk.spec, walk.at.state, walk.token("decide")) == ("accept", "correct")
    assert walk.back("decide", "accept").ready == ["accept"]
    assert walk.at.data["steps"] == {"accept": "correct", "correct": "done"}
    assert walk.do("accept", "correct").ready == ["correct"]


def test_both_departments_must_answer_before_the_decision() -> None:
    walk = Walk(PARALLEL).do("accept")
    assert walk.ready == ["mz", "cl"]
    assert walk.do("cl", "disagree").ready == ["mz"]
    assert walk.do("mz", "agree").ready == ["decide"]
    assert walk.at.data["outcome"] == "agree" and walk.at.data["steps"]["cl"] == "disagree"


def test_a_return_into_a_finished_parallel_block_reopens_one_branch_and_the_join_waits_again() -> None:
    walk = Walk(PARALLEL).do("accept").do("mz", "agree").do("cl", "agree")
    decide, mz = walk.token("decide"), engine.history(walk.spec, walk.at.state)[1].token_id
    assert walk.back("decide", "mz").ready == ["mz"]
    assert walk.at.undone == (mz,)
    assert walk.do("mz", "disagree").ready == ["decide"]
    assert walk.token("decide") != decide
    assert walk.at.data["steps"] == {"accept": "ok", "mz": "disagree", "cl": "agree"}


def test_a_return_before_the_fork_takes_the_other_branch_along() -> None:
    walk = Walk(PARALLEL).do("accept").do("mz", "agree")
    assert walk.back("cl", "accept").ready == ["accept"]
    with pytest.raises(Invalid):
        walk.back("accept", "mz")
    assert walk.do("accept").ready == ["mz", "cl"]


def test_a_return_leaves_the_other_branch_its_token_and_its_signers() -> None:
    walk = Walk(NESTED).do("b").do("c")
    a = walk.token("a")
    walk.at = engine.add_signer(walk.spec, walk.at.state, a, "zhao")
    assert walk.back("d", "b").ready == ["a", "b"]
    assert walk.token("a") == a and [r.signer for r in walk.at.ready if r.added] == ["zhao"]
    assert walk.do("b").ready == ["a", "d"]


def test_history_keeps_what_a_return_took_back() -> None:
    walk = Walk(PARALLEL).do("accept").do("mz", "agree").do("cl", "agree").back("decide", "cl")
    entries = engine.history(walk.spec, walk.at.state)
    assert [(e.seq, e.kind, e.step_id, e.undone_by) for e in entries] == [
        (1, "step", "accept", None),
        (2, "step", "mz", None),
        (3, "step", "cl", 4),
        (4, "return", "decide", None),
    ]
    assert entries[-1].target == "cl"


def test_an_added_signer_holds_the_step_until_signed_or_taken_off() -> None:
    walk = Walk(LOOP)
    token = walk.token("accept")
    walk.at = engine.add_signer(walk.spec, walk.at.state, token, "zhao")
    turn = next(r for r in walk.at.ready if r.added)
    with pytest.raises(Conflict):
        walk.do("accept", "accept")
    with pytest.raises(Conflict):
        engine.add_signer(walk.spec, walk.at.state, token, "zhao")
    with pytest.raises(Conflict):
        walk.sign("accept", "somebody")
    freed = engine.remove_signer(walk.spec, walk.at.state, token, "zhao")
    assert [r.added for r in freed.ready] == [False]
    walk.at = engine.complete(walk.spec, walk.at.state, turn.token_id, "", {}, NOW)
    assert walk.ready == ["accept"] and engine.signing(walk.spec, walk.at.state, token).complete
    assert walk.do("accept", "accept").ready == ["decide"]


def test_a_countersigned_step_needs_different_people_and_added_signers_besides() -> None:
    walk = Walk(SEQUENCE).do("accept", "accept").do("street_review", "agree")
    walk.at = engine.add_signer(walk.spec, walk.at.state, walk.token("decide"), "zhao")
    walk.sign("decide", "li").sign("decide", "zhao")
    assert engine.signing(walk.spec, walk.at.state, walk.token("decide")).missing_people == 1
    with pytest.raises(Conflict):
        walk.sign("decide", "li")
    with pytest.raises(Conflict):
        walk.do("decide", "agree")
    assert walk.sign("decide", "sun").do("decide", "agree").at.finished


def test_timers_say_when_and_on_what_they_wait() -> None:
    walk = Walk(TIMERS)
    assert walk.do("publish").timers == ["shown"]
    assert walk.at.waiting[0].due == NOW + timedelta(days=7) and walk.at.waiting[0].since == NOW
    assert not walk.ready
    assert walk.fire("shown").ready == ["decide"]
    assert walk.timers == ["late", "nudge"] and walk.at.waiting[0].host == "decide"
    with pytest.raises(Conflict):
        walk.fire("shown")


def test_a_timer_that_ends_its_step_takes_over_and_one_beside_it_does_not() -> None:
    walk = Walk(TIMERS).do("publish").fire("shown").fire("nudge")
    assert walk.ready == ["decide", "nudged"] and walk.timers == ["late"]
    assert walk.fire("late").ready == ["escalated", "nudged"]
    assert not walk.timers
    assert walk.do("escalated").ready == ["nudged"]
    assert walk.do("nudged").at.finished


def test_completing_a_step_stops_the_timers_on_its_edge_and_a_return_starts_new_ones() -> None:
    walk = Walk(
        bpmn("""
        start s
        step a
        alarm late a <bpmn:timeDuration>PT12H</bpmn:timeDuration>
        step b
        end e
        end e2
        s -> a
        a -> b
        b -> e
        late -> e2
        """)
    )
    first = walk.at.waiting[0].token_id
    assert walk.do("a").timers == []
    walk.at = engine.return_to(walk.spec, walk.at.state, walk.token("b"), "a", NOW + timedelta(days=1))
    assert walk.at.waiting[0].due == NOW + timedelta(days=1, hours=12) and walk.at.waiting[0].token_id != first
    assert walk.fire("late").at.finished


def test_working_days_are_left_to_the_calendar_and_a_date_can_come_from_a_fact() -> None:
    text = "start s\nstep a\ntimer t {}\nend e\ns -> a\na -> t\nt -> e"
    fact = Walk(bpmn(text.format("<bpmn:timeDate>until</bpmn:timeDate>"))).do("a", until="2026-05-01T08:00:00+08:00")
    assert fact.at.waiting[0].due == datetime(2026, 5, 1, 0, tzinfo=UTC)
    working = bpmn(text.format("")).replace('Event id="t"', 'Event id="t" linli:days="5" linli:unit="W"')
    walk = Walk(working).do("a")
    assert (walk.at.waiting[0].due, walk.at.waiting[0].days, walk.at.waiting[0].unit) == (None, 5.0, "W")


@pytest.mark.parametrize(("answer", "parts"), [("o0", [0]), ("o1", [1]), ("both", [0, 1]), ("none", [2])])
def test_an_inclusive_gateway_opens_every_branch_that_holds_and_joins_just_those(answer: str, parts: list[int]) -> None:
    model = Model(Seq((Or((Step(), Step(), Step())), Step())))
    walk, after = Walk(model.xml), model.names[(1,)]
    branches = {model.names[(0, part)] for part in parts}
    assert set(walk.do(walk.ready[0], answer).ready) == branches
    while branches:
        assert after not in walk.ready
        walk.do(branches.pop())
    assert walk.ready == [after] and walk.do(after).at.finished


def test_two_inclusive_joins_in_a_loop_do_not_wait_for_each_other() -> None:
    model = Model(Loop(Or((Step(), Or((Step(), Step(), Step())), Step()))))
    walk = Walk(model.xml)
    for _ in range(3):
        walk.do(walk.ready[0], "both")
        inner = next(step for step in walk.ready if "both" in model.outcomes[step])
        walk.do(inner, "both")
        while len(walk.ready) > 1 or "again" not in model.outcomes[walk.ready[0]]:
            walk.do(walk.ready[0])
        walk.do(walk.ready[0], "again")
    assert walk.ready


CHOICE = bpmn("""
start s
step a
script count total = amount * 2; big = total > 100
xor g
step high
step low
end e
end e2
s -> a
a -> count
count -> g
g -> high [big and steps.a == "ok"]
g => low
high -> e
low -> e2
""")


@pytest.mark.parametrize(("amount", "step"), [(51, "high"), (50, "low")])
def test_scripts_compute_facts_that_conditions_use(amount: int, step: str) -> None:
    walk = Walk(CHOICE).do("a", amount=amount)
    assert walk.ready == [step] and walk.at.data["total"] == amount * 2


def test_a_missing_fact_refuses_the_step_and_names_the_element() -> None:
    walk = Walk(CHOICE)
    before = walk.at.state
    with pytest.raises(Invalid) as refused:
        walk.do("a")
    assert refused.value.field == "count" and "amount" in refused.value.text()
    assert walk.at.state == before and walk.do("a", amount=1).ready == ["low"]


def test_a_fact_written_on_one_branch_survives_an_older_copy_on_the_other() -> None:
    walk = Walk(PARALLEL, rent=1).do("accept").do("mz", "agree", rent=2).do("cl", "agree")
    assert walk.at.data["rent"] == 2
    assert walk.do("decide").at.data["rent"] == 2


@pytest.mark.parametrize("data", [{"outcome": "x"}, {"_x": 1}, {"a b": 1}, {"x": object()}, {"x": float("nan")}])
def test_facts_that_could_not_be_stored_or_named_are_refused(data: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        engine.start(engine.load_spec(PARALLEL), data, NOW)


def test_a_withdrawn_process_stays_withdrawn() -> None:
    walk = Walk(TIMERS).do("publish")
    gone = engine.withdraw(walk.spec, walk.at.state)
    assert gone.withdrawn and gone.finished and not gone.waiting and engine.ready(walk.spec, gone.state) == ()
    assert len(engine.history(walk.spec, gone.state)) == 1
    with pytest.raises(Conflict):
        engine.withdraw(walk.spec, gone.state)
    with pytest.raises(Conflict):
        engine.fire_timer(walk.spec, gone.state, "shown", NOW)


def test_a_state_that_was_tampered_with_is_not_opened() -> None:
    walk = Walk(PARALLEL).do("accept").do("mz", "agree")
    body = json.loads(walk.at.state)
    token = walk.token("cl")
    for change in (
        {"open": [*body["open"], {**body["open"][0], "t": "t9", "s": "decide"}]},
        {"log": body["log"][1:]},
        {"spec": "0" * 16},
        {"v": 99},
    ):
        with pytest.raises(InvariantError):
            engine.complete(walk.spec, json.dumps({**body, **change}), token, "agree", {}, NOW)


def test_six_steps_take_well_under_ten_milliseconds_each() -> None:
    steps = "\n".join(f"step a{n}" for n in range(6))
    flows = "\n".join(f"a{n} -> a{n + 1}" for n in range(5))
    spec = engine.load_spec(bpmn(f"start s\n{steps}\nend e\ns -> a0\n{flows}\na5 -> e"))
    best = 1.0
    for _ in range(5):
        at = engine.start(spec, {}, NOW)
        began = perf_counter()
        while not at.finished:
            at = engine.complete(spec, at.state, at.ready[0].token_id, "ok", {}, NOW)
        best = min(best, (perf_counter() - began) / 6)
    assert best < 0.010
