"""What can be done to a process: each function takes a state (text) and gives the next one in a `Progress`, or raises and changes nothing.

A refusal is a `linli.lib.errors` error: `Conflict` when the token is not open (any more), `Invalid` for an answer the step does not know.
`InvariantError` means a defect in here or a state that was tampered with. `now` must carry a time zone. After every operation the
position is held against the list of positions the process can be in, the open tokens against the record, and nothing unfinished may
lie behind an open token.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from linli.lib.errors import Conflict, Invalid

from ..types import HistoryEntry, InvariantError, Progress, ReadyStep, Signing, TimerSpec, WaitingTimer
from .expressions import RESERVED, ExpressionError, evaluate
from .process import ProcessSpec
from .record import MAX_ENTRIES, Entry, Open, Record, checked_facts
from .spiff import Run, Token, visible

SIGNER_MARK = "+"
"""Between the token id of a step and the key of an extra signer in the token id of the signer's own turn."""


def start(spec: ProcessSpec, data: dict[str, Any], now: datetime) -> Progress:
    """A new process with the facts it begins with."""
    record = Record(spec.digest, checked_facts(data, RESERVED))
    return _settle(spec, record, Run(spec.graph, spec.built, record.data), _stamp(now))


def complete(spec: ProcessSpec, state: str, token_id: str, outcome: str, data: dict[str, Any], now: datetime) -> Progress:
    """End a step with an outcome and the facts it found. For an extra signer's turn this is `sign`."""
    at = _stamp(now)
    if SIGNER_MARK in token_id:
        own, _, signer = token_id.partition(SIGNER_MARK)
        return sign(spec, state, own, signer)
    record = _load(spec, state)
    token = _open_step(spec, record, token_id)
    step = spec.steps[token.step]
    if step.outcomes and outcome not in step.outcomes:
        raise Invalid(
            "STEP_OUTCOME",
            "This step cannot end that way. Choose one of: %(allowed)s.",
            field="outcome",
            data={"allowed": ", ".join(step.outcomes)},
        )
    if not _signing(spec, token).complete:
        raise Conflict(
            "STEP_UNSIGNED", "Not everyone has signed yet.", hint="Wait for the missing signatures, or take an added signer off."
        )
    return _advance(spec, record, token, outcome, checked_facts(data, RESERVED), at)


def fire_timer(spec: ProcessSpec, state: str, event_id: str, now: datetime) -> Progress:
    """A timer's time has come; `event_id` is the element's id. Whether it has is the caller's to know."""
    record = _load(spec, state)
    token = next((o for o in record.open if o.step == event_id and event_id in spec.timers), None)
    if token is None:
        raise Conflict("TIMER_NOT_WAITING", "This timer is not running any more.")
    return _advance(spec, record, token, "", {}, _stamp(now))


def return_to(spec: ProcessSpec, state: str, token_id: str, step_id: str, now: datetime) -> Progress:
    """Send the work back to a step that was done on the way to this token.

    That step and everything that followed from it - on every branch - no longer counts; what was done beside it stays. So a target inside
    a finished parallel block reopens its own branch only, and the join waits for it again.
    """
    at = _stamp(now)
    record = _load(spec, state)
    token = _open_step(spec, record, token_id)
    targets = [e for e in _returnable(record, token) if e.step == step_id]
    if not targets:
        raise Invalid("STEP_NOT_ON_PATH", "The work cannot go back to that step: it was not done on the way here.", field="step")
    undone = record.after(targets[-1].seq)
    seq = _next_seq(record)
    record.log.append(Entry(seq, "return", token.step, token.token, (), at, outcome=step_id))
    run = _replay(spec, record, undone)
    for entry in record.log:
        if entry.seq in undone:
            entry.undone = seq
    return _settle(spec, record, run, at, tuple(record.log[n - 1].token for n in sorted(undone)))


def returnable(spec: ProcessSpec, state: str, token_id: str) -> tuple[str, ...]:
    """Steps that `return_to` can go back to from this token, the nearest first."""
    record = _load(spec, state)
    entries = _returnable(record, _open_step(spec, record, token_id))
    return tuple(dict.fromkeys(e.step for e in reversed(entries)))


def withdraw(spec: ProcessSpec, state: str) -> Progress:
    """The application is taken back: nothing is open any more, nothing can be done to the process again."""
    record = _load(spec, state)
    run = _replay(spec, record, set())
    record.open = []
    record.withdrawn = True
    return Progress(record.dump(), (), (), finished=True, data=visible(run.facts), withdrawn=True)


def add_signer(spec: ProcessSpec, state: str, token_id: str, signer_key: str) -> Progress:
    """Ask one more person, by any key of the caller's, to sign before this step may end."""
    record = _load(spec, state)
    token = _open_step(spec, record, token_id)
    if not signer_key or signer_key in (*token.added, *token.signed):
        raise Conflict("SIGNER_KNOWN", "This person has already been asked or has already signed.", field="signer")
    token.added.append(signer_key)
    return _unmoved(spec, record)


def remove_signer(spec: ProcessSpec, state: str, token_id: str, signer_key: str) -> Progress:
    """Take back the request to a signer who has not signed."""
    record = _load(spec, state)
    token = _open_step(spec, record, token_id)
    if signer_key not in _signing(spec, token).awaited:
        raise Conflict("SIGNER_UNKNOWN", "This person's signature is not awaited.", field="signer")
    token.added.remove(signer_key)
    return _unmoved(spec, record)


def sign(spec: ProcessSpec, state: str, token_id: str, signer_key: str) -> Progress:
    """Record one person's signature: an added signer's, or one of the people a countersigned step needs."""
    record = _load(spec, state)
    token = _open_step(spec, record, token_id)
    signing = _signing(spec, token)
    if signer_key in token.signed:
        raise Conflict("SIGNED_ALREADY", "This person has already signed.", field="signer")
    if not signer_key or (signer_key not in signing.awaited and not signing.missing_people):
        raise Conflict("SIGNER_UNKNOWN", "This person's signature is not awaited.", field="signer")
    token.signed.append(signer_key)
    return _unmoved(spec, record)


def signing(spec: ProcessSpec, state: str, token_id: str) -> Signing:
    """Who has signed an open step and who is awaited."""
    record = _load(spec, state)
    return _signing(spec, _open_step(spec, record, token_id))


def ready(spec: ProcessSpec, state: str) -> tuple[ReadyStep, ...]:
    """Steps that can be worked on, from the record alone (no replay)."""
    return _ready(spec, _read(spec, state))


def waiting(spec: ProcessSpec, state: str) -> tuple[WaitingTimer, ...]:
    """Timers that run, from the record alone (no replay)."""
    return _waiting(spec, _read(spec, state))


def history(spec: ProcessSpec, state: str) -> tuple[HistoryEntry, ...]:
    """Everything that was done, in order, with what was taken back."""
    return tuple(e.as_history() for e in _read(spec, state).log)


def _stamp(now: datetime) -> str:
    if now.tzinfo is None:
        raise ValueError("now must carry a time zone")
    return now.isoformat(timespec="seconds")


def _read(spec: ProcessSpec, state: str) -> Record:
    record = Record.load(state)
    if record.spec != spec.digest:
        raise InvariantError(f"a state of process {record.spec} was opened with {spec.digest}")
    return record


def _load(spec: ProcessSpec, state: str) -> Record:
    record = _read(spec, state)
    if record.withdrawn:
        raise Conflict("PROCESS_WITHDRAWN", "This application has been withdrawn.")
    return record


def _open_step(spec: ProcessSpec, record: Record, token_id: str) -> Open:
    token = record.token(token_id)
    if token is None or token.step not in spec.steps:
        raise Conflict("STEP_NOT_OPEN", "This step is not open any more.", hint="Load the page again to see where the case stands.")
    return token


def _signing(spec: ProcessSpec, token: Open) -> Signing:
    return Signing(token.token, spec.steps[token.step].people, tuple(token.added), tuple(token.signed))


def _returnable(record: Record, token: Open) -> list[Entry]:
    past = record.past(token.causes)
    return [e for e in record.log if e.seq in past and e.kind == "step"]


def _next_seq(record: Record) -> int:
    if len(record.log) >= MAX_ENTRIES:
        raise Conflict("PROCESS_TOO_LONG", "This case has gone through too many steps; ask the administrator of its matter.")
    return len(record.log) + 1


def _replay(spec: ProcessSpec, record: Record, undone: set[int]) -> Run:
    """The live process after all records that count. With `undone` given, records whose token no longer comes up join it."""
    run = Run(spec.graph, spec.built, record.data)
    returning = bool(undone)
    for entry in record.log:
        if not entry.counts or entry.seq in undone:
            continue
        token = next((t for t in run.tokens() if t.key == (entry.step, entry.causes)), None)
        if token is not None:
            run.complete(token, entry.seq, entry.outcome, entry.data)
        elif returning:
            undone.add(entry.seq)
        else:
            raise InvariantError(f"record {entry.seq} of step {entry.step} cannot be replayed")
    if not returning and {t.key for t in run.tokens()} != {o.key for o in record.open}:
        raise InvariantError("the open steps of the state are not those of the process")
    return run


def _advance(spec: ProcessSpec, record: Record, token: Open, outcome: str, data: dict[str, Any], at: str) -> Progress:
    run = _replay(spec, record, set())
    live = next(t for t in run.tokens() if t.key == token.key)
    kind = "timer" if token.step in spec.timers else "step"
    entry = Entry(_next_seq(record), kind, token.step, token.token, token.causes, at, outcome, data, list(token.signed))  # type: ignore[arg-type]
    record.log.append(entry)
    run.complete(live, entry.seq, outcome, data)
    return _settle(spec, record, run, at)


def _unmoved(spec: ProcessSpec, record: Record) -> Progress:
    """After an operation on the record alone."""
    return _result(spec, record, _replay(spec, record, set()))


def _settle(spec: ProcessSpec, record: Record, run: Run, at: str, undone: tuple[str, ...] = ()) -> Progress:
    """Open tokens that were open before keep their id, signers and times; others are new."""
    before = {o.key: o for o in record.open}
    record.open = []
    for token in run.tokens():
        known = before.get(token.key)
        if known is None:
            known = Open(f"t{record.next_token}", token.element, token.causes, at, _due(spec.timers.get(token.element), token, at))
            record.next_token += 1
        record.open.append(known)
    return _result(spec, record, run, undone)


def _result(spec: ProcessSpec, record: Record, run: Run, undone: tuple[str, ...] = ()) -> Progress:
    _check(spec, record, run)
    return Progress(
        state=record.dump(),
        ready=_ready(spec, record),
        waiting=_waiting(spec, record),
        finished=not record.open,
        data=visible(run.facts),
        undone=undone,
    )


def _check(spec: ProcessSpec, record: Record, run: Run) -> None:
    marking = run.marking()
    if marking not in spec.markings:
        raise InvariantError(f"process {spec.id} cannot be at {sorted(marking)}")
    places = {place for place in marking if place in spec.graph.nodes}
    if places != {o.step for o in record.open} or len({o.key for o in record.open}) != len(record.open):
        raise InvariantError("open steps and timers are not those the process waits for")
    for token in record.open:
        if any(not record.log[seq - 1].counts for seq in record.past(token.causes)):
            raise InvariantError(f"{token.step} is open because of something that was taken back")


def _ready(spec: ProcessSpec, record: Record) -> tuple[ReadyStep, ...]:
    found: list[ReadyStep] = []
    for token in record.open:
        step = spec.steps.get(token.step)
        if step is not None:
            found.append(ReadyStep(step.id, token.token, step))
            turns = _signing(spec, token).awaited
            found += [ReadyStep(step.id, f"{token.token}{SIGNER_MARK}{key}", step, added=True, signer=key) for key in turns]
    return tuple(found)


def _waiting(spec: ProcessSpec, record: Record) -> tuple[WaitingTimer, ...]:
    found: list[WaitingTimer] = []
    for token in record.open:
        timer = spec.timers.get(token.step)
        if timer is not None:
            due = datetime.fromisoformat(token.due) if token.due else None
            since = datetime.fromisoformat(token.since)
            found.append(WaitingTimer(timer.id, token.token, due, timer.days, timer.unit, since, timer.host))
    return tuple(found)


def _due(timer: TimerSpec | None, token: Token, at: str) -> str | None:
    """When a timer that has just begun is due: a date of its own, or hours and natural days by the clock; None for W and M."""
    if timer is None:
        return None
    since = datetime.fromisoformat(at)
    if timer.days is not None:
        span = {"H": timedelta(hours=timer.days), "N": timedelta(days=timer.days)}.get(timer.unit)
        return (since + span).isoformat(timespec="seconds") if span else None
    return _date(timer, token, since).isoformat(timespec="seconds")


def _date(timer: TimerSpec, token: Token, since: datetime) -> datetime:
    text = timer.date or ""
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        try:
            value = datetime.fromisoformat(str(evaluate(text, visible(token.task.data))))
        except (ExpressionError, ValueError) as error:
            why = {"element": timer.id, "why": str(error)}
            raise Invalid("PROCESS_NOT_COMPUTED", "The process cannot go on at %(element)s: %(why)s.", field=timer.id, data=why) from error
    return value if value.tzinfo else value.replace(tzinfo=since.tzinfo)
