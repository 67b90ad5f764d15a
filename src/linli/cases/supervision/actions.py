"""Arming clocks, suspending them, raising what they ring."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.cases.supervision.engine import Deadline, reply_due, rungs
from linli.cases.supervision.engine.subjects import SUBJECT_KINDS, Subject
from linli.cases.supervision.models import Card, Clock, Rung, Suspension
from linli.cases.supervision.queries import clock_kept, get_card, ledger, params
from linli.cases.supervision.types import CaseFacts, Colour, Signal
from linli.foundation.actions.actions import action, require
from linli.foundation.audit.engine import recording
from linli.foundation.calendar.queries import current, forget
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.engine import current_actor, gathered_now
from linli.foundation.scope.models import insert_rows
from linli.foundation.topics.actions import emit, emit_in
from linli.foundation.types import Actor, ActorKind, system_actor
from linli.lib.errors import Conflict, Invalid

SWEEP_BATCH = 2000
"""As much as one transaction may hold up: the cards of a batch are told together, so that whoever has many hears of them once."""
ARMER = system_actor("supervision.arm")


def arm(subject: Subject, facts: CaseFacts, *, now: datetime | None = None, fresh: bool = False, known: Clock | None = None) -> Clock:
    """Compute a subject's due dates and rungs anew; part of the caller's action. Rungs that already rang stay as they are.

    ``fresh`` says that the subject is new and has no clock yet; ``known`` is the clock that this transaction has armed before. Runs with a
    job's rights where the clock is not the actor's to see in full: an applicant's step moves it, too.
    """
    now, actor = now or timezone.now(), current_actor()
    if actor.kind == ActorKind.STAFF and actor.sees(subject.region_path, subject.line) and (fresh or known):
        return _arm(subject, facts, now, known)
    with scoped(ARMER, savepoint=False):
        return _arm(subject, facts, now, None if fresh else known or clock_kept(subject.id))


def _arm(subject: Subject, facts: CaseFacts, now: datetime, known: Clock | None) -> Clock:
    calendar, clock = current(), known or Clock(subject_id=subject.id)
    clock.subject_kind, clock.number, clock.title = subject.kind, subject.number, subject.title
    clock.region_path, clock.line, clock.party_id = subject.region_path, subject.line, subject.party_id
    clock.unit_id, clock.unit_name, clock.cycle = subject.unit_id, subject.unit_name, facts.cycle
    _due_dates(clock, facts, now)
    clock.calendar_version = int(calendar.version or 0)
    clock.save(**{"force_insert" if known is None else "force_update": True})
    rung_already: set[tuple[str, str, str]] = set()
    if known is not None:
        rung_already = _rung_before(clock)
    ladder = [
        r for r in rungs(facts, calendar, params(), now) if (r.signal.rule, str(r.signal.colour), r.signal.period_key) not in rung_already
    ]
    insert_rows([_row(clock, r.signal, r.fire_at) for r in ladder])
    return clock


def _rung_before(clock: Clock) -> set[tuple[str, str, str]]:
    """Take away what has not rung yet; what has, by rule, colour and period."""
    waiting = gathered_now()
    if waiting is not None and waiting.waits(Clock, clock.pk):  # not written yet: no more are its rungs
        waiting.drop(Rung, "clock_id", clock.pk)
        return set()
    sql = "WITH gone AS (DELETE FROM supervision_rung WHERE clock_id = %s AND claimed_at IS NULL) "
    sql += "SELECT rule, colour, period FROM supervision_rung WHERE clock_id = %s AND claimed_at IS NOT NULL"
    with connection.cursor() as cursor:
        cursor.execute(sql, [clock.pk, clock.pk])
        return {(rule, colour, period) for rule, colour, period in cursor.fetchall()}


def _due_dates(clock: Clock, facts: CaseFacts, now: datetime) -> None:
    calendar, start = current(), facts.accepted_at or facts.submitted_at
    for name, budget in (("promised_due", facts.promised), ("statutory_due", facts.statutory)):
        due = (
            Deadline(calendar=calendar, start=start, budget=budget, suspensions=facts.suspensions, closes=facts.closes).due(now)
            if budget and start and facts.accepted_at
            else None
        )
        setattr(clock, name, due.at if due else None)
        if name == "promised_due":
            clock.explanation = [r.as_json() for r in due.explanation] if due else []
            clock.provisional = bool(due and due.provisional)


def _row(clock: Clock, signal: Signal, fire_at: datetime) -> Rung:
    return Rung(
        clock=clock,
        rule=signal.rule,
        colour=str(signal.colour),
        period=signal.period_key,
        reason=signal.reason.msgid,
        params=signal.said,
        fire_at=fire_at,
    )


def suspend(subject: Subject, *, reason: str, basis: str, longest_days: int | None, approved_by: UUID | None, now: datetime) -> Suspension:
    """Open an interval that does not count; part of the caller's action, which arms the clock afterwards."""
    if not basis.strip():
        raise Invalid(
            "SUSPEND_BASIS",
            gettext_noop("Name the rule that allows the clock to stop."),
            field="basis",
            hint=gettext_noop("Only a special procedure laid down in the matter stops the clock."),
        )
    if any(s.until is None for s in ledger(subject.id)):
        raise Invalid("SUSPENDED_ALREADY", gettext_noop("The clock of this case stands still already."), field="reason")
    row = Suspension(
        subject_kind=subject.kind,
        subject_id=subject.id,
        region_path=subject.region_path,
        party_id=subject.party_id,
        reason=reason,
        basis=basis,
        since=now,
        longest_days=longest_days,
        approved_by=approved_by,
    )
    row.save(force_insert=True)
    return row


def resume(subject_id: UUID, *, now: datetime) -> None:
    """Close the open interval, if there is one."""
    for row in ledger(subject_id):
        if row.until is None:
            row.until = now
            row.save(update_fields=["until"])


def raise_signals(subject: Subject, signals: Iterable[Signal], *, now: datetime) -> list[Card]:
    """Cards for what event rules found; each rule, subject and period once."""
    cards = [_card(s, subject, now) for s in signals]
    if not cards:
        return []
    with scoped(ARMER):
        issued = _issue(cards)
        _announce(issued)
        return issued


def _card(signal: Signal, subject: Subject, now: datetime) -> Card:
    colour = str(signal.colour)
    return Card(
        rule=signal.rule,
        colour=colour,
        subject_kind=subject.kind,
        subject_id=subject.id,
        subject_number=subject.number,
        subject_title=subject.title,
        region_path=subject.region_path,
        line=subject.line,
        unit_id=subject.unit_id,
        unit_name=subject.unit_name,
        user_id=subject.user_id,
        period=signal.period_key,
        reason=signal.reason.msgid,
        params=signal.said,
        issued_at=now,
        reply_due_at=None if colour == Colour.BLUE else reply_due(Colour(colour), now, current(), params()).at,
    )


def _issue(cards: list[Card]) -> list[Card]:
    """Insert cards; those that exist already are left out of the answer."""
    if not cards:
        return []
    Card.objects.bulk_create(cards, ignore_conflicts=True, batch_size=500)
    issued = list(Card.objects.filter(pk__in=[c.pk for c in cards]))
    record = recording.get()
    if record is not None and issued:
        record.notes.setdefault("cards", []).extend(f"{c.rule}:{c.colour}:{c.subject_number}" for c in issued)
    return issued


def _announce(issued: list[Card]) -> None:
    """Wake the pages of each region, and leave the messages to few jobs: writing thousands of them must not slow the sweep."""
    emit_in("supervision.card_issued", sorted({card.region_path for card in issued}))
    if issued:
        emit("supervision.cards_raised", cards=",".join(str(card.pk) for card in issued))


SWEEPER = system_actor("supervision.sweep", permissions=["supervision.sweep"])


@action("supervision.sweep", audit="supervision.cards_issued")
def _sweep_batch(actor: Actor, *, now: datetime, limit: int) -> int:
    claimed = _claim(now, limit)
    if not claimed:
        return 0
    rows = list(Rung.objects.filter(pk__in=claimed).select_related("clock"))
    cards = [_card_of(rung, now) for rung in rows]
    issued = _issue(cards)
    for rung in rows:
        SUBJECT_KINDS.get(rung.clock.subject_kind).signalled(rung.clock.subject_id, rung.rule, rung.colour, rung.params, now)
    _announce(issued)
    return len(claimed)


def _card_of(rung: Rung, now: datetime) -> Card:
    c = rung.clock
    return Card(
        rule=rung.rule,
        colour=rung.colour,
        subject_kind=c.subject_kind,
        subject_id=c.subject_id,
        subject_number=c.number,
        subject_title=c.title,
        region_path=c.region_path,
        line=c.line,
        unit_id=c.unit_id,
        unit_name=c.unit_name,
        period=rung.period,
        reason=rung.reason,
        params=rung.params,
        issued_at=now,
        reply_due_at=None if rung.colour == Colour.BLUE else reply_due(Colour(rung.colour), now, current(), params()).at,
    )


def _claim(now: datetime, limit: int) -> list[int]:
    """Take due rungs for this worker alone; others skip them."""
    sql = """UPDATE supervision_rung SET claimed_at = %s WHERE id IN (
        SELECT id FROM supervision_rung WHERE claimed_at IS NULL AND fire_at <= %s ORDER BY fire_at LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING id"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [now, now, limit])
        return [row[0] for row in cursor.fetchall()]


def sweep(*, now: datetime | None = None, limit: int = SWEEP_BATCH) -> int:
    """Ring everything that is due, batch by batch, each in a transaction of its own; returns how many rungs were claimed."""
    now, total = now or timezone.now(), 0
    while done := _sweep_once(now, limit):
        total += done
    return total


def _sweep_once(now: datetime, limit: int) -> int:
    with scoped(SWEEPER):
        if not Rung.objects.filter(claimed_at=None, fire_at__lte=now).exists():
            return 0
        return _sweep_batch(SWEEPER, now=now, limit=limit)


@action("supervision.rearm", audit="supervision.clocks_recomputed")
def rearm_batch(actor: Actor, *, after: str, limit: int) -> str:
    """Compute the next ``limit`` running clocks anew behind the key ``after`` ("" begins); the last key, "" when none is left.

    Running means that something may still ring; what was computed with the calendar in force is left alone. A subject whose promised date
    moved is told, so that it can show it.
    """
    forget()
    now = timezone.now()
    rows = Clock.objects.filter(Exists(Rung.objects.filter(clock=OuterRef("pk"), claimed_at=None)))
    rows = rows.exclude(calendar_version=int(current().version or 0))  # computed with this calendar already
    keys = list(
        (rows.filter(pk__gt=UUID(after)) if after else rows)
        .order_by("pk")
        .values_list("pk", "subject_kind", "subject_id", "promised_due")[:limit]
    )
    moved = 0
    for _, kind_name, subject_id, former in keys:
        kind = SUBJECT_KINDS.get(kind_name)
        clock = arm(*kind.facts(subject_id), now=now)
        moved += clock.promised_due != former
        kind.due_moved(subject_id, former, clock.promised_due)
    record = recording.get()
    if record is not None:
        record.notes.update(clocks=len(keys), moved=moved)
    return str(keys[-1][0]) if len(keys) == limit else ""


@action("supervision.card", audit="supervision.card_replied")
def reply_card(actor: Actor, *, card_id: UUID, reply: str) -> Card:
    """The unit answers a card."""
    card = get_card(actor, card_id, lock=True)
    require(card.state in ("issued", "signed"), gettext_noop("This card has been answered already."))
    if len(reply.strip()) < 5:
        raise Invalid("CARD_REPLY", gettext_noop("Say what happened and what will be done."), field="reply")
    card.state, card.reply = "replied", reply.strip()
    card.save(update_fields=["state", "reply"])
    return card


@action("supervision.appeal", audit="supervision.card_appealed")
def appeal_card(actor: Actor, *, card_id: UUID, ground: str) -> Card:
    """The unit says the card is not its fault (system failure, the applicant's own doing)."""
    card = get_card(actor, card_id, lock=True)
    require(card.state in ("issued", "signed", "replied"), gettext_noop("This card can no longer be appealed."))
    if len(ground.strip()) < 5:
        raise Invalid("CARD_APPEAL", gettext_noop("Say why the card is wrong."), field="ground")
    card.state, card.appeal = "appealed", ground.strip()
    card.save(update_fields=["state", "appeal"])
    return card


@action("supervision.view", audit="supervision.card_settled")
def settle_card(actor: Actor, *, card_id: UUID, cancel: bool, note: str = "") -> Card:
    """The supervisor closes an answered card, or cancels one whose appeal is right. Nothing is deleted."""
    card = get_card(actor, card_id, lock=True)
    require(actor.user_id is None or actor.user_id != card.user_id, gettext_noop("Nobody settles a card of his own."))
    if card.state in ("closed", "cancelled"):
        raise Conflict("CARD_SETTLED", gettext_noop("Somebody has settled this card meanwhile."))
    card.state = "cancelled" if cancel else "closed"
    card.save(update_fields=["state"])
    record = recording.get()
    if record is not None and note:
        record.notes["note"] = note
    return card
