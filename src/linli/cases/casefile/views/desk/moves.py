"""Which steps a case page offers to whom. The same questions the actions ask, asked before, so that no button leads to a refusal."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from linli.cases.casefile import policy
from linli.cases.casefile.actions.steps import DECIDING, STEP_PERMISSION
from linli.cases.casefile.forms import desk as forms
from linli.cases.casefile.queries.desk import CaseView, OpenTask, colleagues, signers, units_for_transfer
from linli.cases.casefile.queries.people import stands_aside
from linli.cases.casefile.types import OPEN, State
from linli.cases.casefile.views.desk.words import outcome_label
from linli.foundation.types import Actor
from linli.ui.types import Text

Data = dict[str, str] | None


@dataclass
class Move:
    """One thing somebody may do now: a panel with a form, posted to an address of its own."""

    key: str
    label: Text
    icon: str
    url: str
    form: forms.StepForm
    task_id: UUID | None = None
    submit: Text = gettext_lazy("Confirm")
    danger: bool = False
    open: bool = False
    hotkey: str = ""


@dataclass
class Moves:
    """What is offered, and why something one might expect is not."""

    moves: list[Move] = field(default_factory=list)
    why_not: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Sent:
    """A form that came in and was refused: shown again with what was typed."""

    key: str
    task_id: UUID | None
    form: forms.StepForm


Maker = Callable[..., forms.StepForm]


class _Offer:
    """Collects the moves of one page."""

    def __init__(self, actor: Actor, view: CaseView, sent: Sent | None) -> None:
        self.actor, self.view, self.sent, self.result = actor, view, sent, Moves()
        self.people = [(str(c.id), f"{c.name} · {c.unit}") for c in colleagues(actor)] if actor.may("cases.transfer") else []

    def add(self, key: str, label: Text, icon: str, make: Maker, *, task: OpenTask | None = None, submit: Text = "", danger: bool = False, hotkey: str = "", main: bool = False) -> None:
        task_id = task.task.id if task else None
        sent = self.sent is not None and self.sent.key == key and self.sent.task_id == task_id
        args = [self.view.case.pk, *([task_id] if task_id else [])]
        form = self.sent.form if sent and self.sent else make(auto_id=f"{key}{task_id.hex[-6:] if task_id else ''}-%s")
        self.result.moves.append(Move(key, label, icon, reverse(f"casefile_desk_{key}", args=args), form, task_id, submit or label, danger, sent or (main and self.sent is None), hotkey))

    def intake(self, task: OpenTask) -> None:
        case, spec = self.view.case, self.view.definition.spec
        if case.state != State.SUBMITTED:
            return
        missing = [m for m in self.view.materials if m.state == "missing"]
        if self.actor.may("cases.accept"):
            self.add("accept", gettext("Accept"), "check", lambda **k: forms.AcceptForm(missing=missing, spec=spec, **k), hotkey="Alt+a", main=True)
        if self.actor.may("cases.correct"):
            names = [m.name for m in self.view.materials if m.state != "waived"]
            self.add("correct", gettext("Ask for a correction"), "adjustments", lambda **k: forms.CorrectForm(names=names, again=bool(case.corrections), **k), submit=gettext("Send the correction notice"), hotkey="Alt+b")
        if self.actor.may("cases.refuse"):
            self.add("refuse", gettext("Do not accept"), "x", lambda **k: forms.RefuseForm(**k), danger=True)

    def step(self, task: OpenTask) -> None:
        case, row = self.view.case, task.task
        if case.state == State.SUSPENDED and row.kind != "publicity":
            self.result.why_not.append(gettext("The clock of this case stands still; it has to be resumed before the next step."))
            return
        if not self.actor.may(STEP_PERMISSION.get(row.kind, "cases.review")):
            return
        if row.kind in DECIDING and self.actor.user_id in self._makers():
            self.result.why_not.append(gettext("You accepted or reviewed this case; a colleague has to decide it."))
            return
        if not task.signing.complete:
            self.result.why_not.append(gettext("%(step)s can be completed when everybody asked has signed.") % {"step": row.name})
            return
        outcomes = [(o, outcome_label(o)) for o in task.outcomes]
        label = gettext("Complete: %(step)s") % {"step": row.name}
        self.add("complete", label, "check", lambda **k: forms.CompleteForm(outcomes=outcomes, **k), task=task, submit=gettext("Complete the step"), hotkey="Alt+a", main=True)

    def _makers(self) -> set[UUID | None]:
        done = {t.done_by for t in self.view.tasks if t.state == "done" and t.kind not in ("deliver", *DECIDING)}
        return done | {self.view.case.accepted_by}

    def around(self, task: OpenTask) -> None:
        """What can be done with a held step besides completing it."""
        actor, case = self.actor, self.view.case
        if actor.may("cases.return") and task.returnable and case.state in (State.ACCEPTED, State.REVIEWING):
            self.add("return", gettext("Send back"), "arrow-back-up", lambda **k: forms.ReturnForm(steps=task.returnable, **k), task=task, hotkey="Alt+r")
        if actor.may("cases.transfer"):
            units = [(str(u.id), u.name) for u in units_for_transfer(case) if u.id != task.task.unit_id]
            self.add("transfer", gettext("Hand over"), "arrow-right", lambda **k: forms.TransferForm(people=self.people, units=units, **k), task=task)
        if actor.may("cases.sign") and task.task.kind not in ("accept", "dispatch"):
            asked = {*task.signing.added, *task.signing.signed}
            people = [(str(c.id), f"{c.name} · {c.unit}") for c in signers(actor, case) if str(c.id) not in asked]
            self.add("add-signer", gettext("Add a signer"), "user-plus", lambda **k: forms.SignerForm(people=people, **k), task=task)

    def case(self) -> None:
        actor, case = self.actor, self.view.case
        special = [(p.key, f"{p.name} ({p.basis})") for p in self.view.definition.spec.special_procedures if p.key != "publicity"]
        if actor.may("cases.suspend") and case.state in (State.ACCEPTED, State.REVIEWING) and special and any(t.held for t in self.view.open):
            self.add("suspend", gettext("Stop the clock"), "player-pause", lambda **k: forms.SuspendForm(procedures=special, **k))
        notice = any(t.task.kind == "publicity" for t in self.view.open)
        if actor.may("cases.suspend") and case.state == State.SUSPENDED and not notice:
            self.add("resume", gettext("Let the clock run again"), "player-play", lambda **k: forms.StepForm(**k), main=True)
        if actor.may("cases.urge") and self.view.open and not any(t.held for t in self.view.open):
            self.add("urge", gettext("Urge"), "bell", lambda **k: forms.NoteForm(**k))
        if actor.may("cases.withdraw") and State(case.state) in OPEN and policy.can_withdraw(actor, case):
            self.add("withdraw", gettext("Withdraw for the applicant"), "x", lambda **k: forms.WithdrawForm(**k), danger=True)


def moves(actor: Actor, view: CaseView, sent: Sent | None = None) -> Moves:
    """The steps this person may take on this case now."""
    offer = _Offer(actor, view, sent)
    held = [t for t in view.open if t.held]
    if (held or any(t.asked_to_sign for t in view.open)) and stands_aside(actor, view.case):
        offer.result.why_not.append(gettext("You or a relative of yours is the applicant; a colleague has to do this."))
        held = []
    for task in view.open:
        if task.asked_to_sign and (task in held or not task.held):
            offer.add("sign", gettext("Sign: %(step)s") % {"step": task.task.name}, "writing", lambda **k: forms.SignForm(**k), task=task, submit=gettext("Sign"), main=True)
    for task in held:
        (offer.intake if task.task.kind in ("accept", "dispatch") else offer.step)(task)
    for task in held:
        offer.around(task)
    offer.case()
    if sent is not None and not any(m.form is sent.form for m in offer.result.moves):
        offer.result.why_not.extend(str(e) for e in sent.form.non_field_errors())
    return offer.result
