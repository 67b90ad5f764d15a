"""Which steps a case page offers to whom. The same questions the actions ask, asked before, so that no button leads to a refusal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext

from linli.cases.casefile import policy
from linli.cases.casefile.actions.steps import DECIDING, STEP_PERMISSION
from linli.cases.casefile.forms import desk as forms
from linli.cases.casefile.queries.desk import CaseView, OpenTask, colleagues, signers, units_for_transfer
from linli.cases.casefile.queries.people import stands_aside
from linli.cases.casefile.queries.step_forms import unfilled_forms
from linli.cases.casefile.queries.words import outcome_label
from linli.cases.casefile.types import OPEN, State
from linli.foundation.types import Actor
from linli.ui.types import Text


@dataclass
class Move:
    """One thing somebody may do now: a panel with a form, posted to an address of its own."""

    key: str
    label: Text
    icon: str
    url: str
    form: forms.StepForm
    task_id: UUID | None = None
    submit: Text = ""
    danger: bool = False
    open: bool = False
    hotkey: str = ""


@dataclass
class Moves:
    """What is offered, and why something one might expect is not."""

    moves: list[Move] = field(default_factory=list)
    why_not: list[str] = field(default_factory=list)
    gone: forms.StepForm | None = None  # what was sent for a step that is not offered any more


@dataclass(frozen=True)
class Sent:
    """A form that came in and was refused: shown again with what was typed."""

    key: str
    task_id: UUID | None
    form: forms.StepForm


Maker = Callable[[Actor, CaseView, OpenTask | None, dict[str, Any]], forms.StepForm]


def _accept(actor: Actor, view: CaseView, task: OpenTask | None, how: dict[str, Any]) -> forms.StepForm:
    return forms.AcceptForm(missing=[m for m in view.materials if m.state == "missing"], spec=view.definition.spec, **how)


def _correct(actor: Actor, view: CaseView, task: OpenTask | None, how: dict[str, Any]) -> forms.StepForm:
    names = list(dict.fromkeys(m.name for m in view.materials if m.state != "waived"))
    return forms.CorrectForm(names=names, again=bool(view.case.corrections), **how)


def _complete(actor: Actor, view: CaseView, task: OpenTask | None, how: dict[str, Any]) -> forms.StepForm:
    return forms.CompleteForm(outcomes=[(o, outcome_label(o)) for o in (task.outcomes if task else ())], **how)


def _return(actor: Actor, view: CaseView, task: OpenTask | None, how: dict[str, Any]) -> forms.StepForm:
    return forms.ReturnForm(steps=task.returnable if task else (), **how)


def _transfer(actor: Actor, view: CaseView, task: OpenTask | None, how: dict[str, Any]) -> forms.StepForm:
    people = [(str(c.id), f"{c.name} · {c.unit}") for c in colleagues(actor)]
    units = [(str(u.id), u.name) for u in units_for_transfer(view.case) if task is None or u.id != task.task.unit_id]
    return forms.TransferForm(people=people, units=units, **how)


def _signer(actor: Actor, view: CaseView, task: OpenTask | None, how: dict[str, Any]) -> forms.StepForm:
    asked = {*task.signing.added, *task.signing.signed} if task else set()
    return forms.SignerForm(
        people=[(str(c.id), f"{c.name} · {c.unit}") for c in signers(actor, view.case) if str(c.id) not in asked], **how
    )


def _suspend(actor: Actor, view: CaseView, task: OpenTask | None, how: dict[str, Any]) -> forms.StepForm:
    return forms.SuspendForm(procedures=_procedures(view), **how)


def _procedures(view: CaseView) -> list[tuple[str, str]]:
    """Special procedures somebody may start by hand; a public notice is a step of the process."""
    return [(p.key, f"{p.name} ({p.basis})") for p in view.definition.spec.special_procedures if p.key != "publicity"]


def _plain(kind: type[forms.StepForm]) -> Maker:
    return lambda actor, view, task, how: kind(**how)


FORMS: dict[str, Maker] = {
    "accept": _accept,
    "correct": _correct,
    "refuse": _plain(forms.RefuseForm),
    "complete": _complete,
    "return": _return,
    "transfer": _transfer,
    "add-signer": _signer,
    "sign": _plain(forms.SignForm),
    "suspend": _suspend,
    "resume": _plain(forms.StepForm),
    "urge": _plain(forms.NoteForm),
    "withdraw": _plain(forms.WithdrawForm),
}


def form_of(key: str, actor: Actor, view: CaseView, task: OpenTask | None, data: Any = None) -> forms.StepForm:
    """The form of a step, empty or with what was sent; the ids differ per step, because several stand on one page."""
    mark = task.task.id.hex[-6:] if task else ""
    return FORMS[key](actor, view, task, {"data": data, "auto_id": f"{key}{mark}-%s"})


class _Offer:
    """Collects the moves of one page."""

    def __init__(self, actor: Actor, view: CaseView, sent: Sent | None) -> None:
        self.actor, self.view, self.sent, self.result = actor, view, sent, Moves()

    def add(
        self,
        key: str,
        label: Text,
        icon: str,
        *,
        task: OpenTask | None = None,
        submit: Text = "",
        danger: bool = False,
        hotkey: str = "",
        main: bool = False,
    ) -> None:
        task_id = task.task.id if task else None
        sent = self.sent is not None and self.sent.key == key and self.sent.task_id == task_id
        args = [self.view.case.pk, *([task_id] if task_id else [])]
        form = self.sent.form if sent and self.sent else form_of(key, self.actor, self.view, task)
        self.result.moves.append(
            Move(
                key,
                label,
                icon,
                reverse(f"casefile_desk_{key}", args=args),
                form,
                task_id,
                submit or label,
                danger,
                sent or (main and self.sent is None),
                hotkey,
            )
        )

    def intake(self, task: OpenTask) -> None:
        if self.view.case.state != State.SUBMITTED:
            return
        if self.actor.may("cases.accept"):
            self.add("accept", gettext("Accept"), "check", hotkey="Alt+a", main=True)
        if self.actor.may("cases.correct"):
            self.add(
                "correct", gettext("Ask for a correction"), "adjustments", submit=gettext("Send the correction notice"), hotkey="Alt+b"
            )
        if self.actor.may("cases.refuse"):
            self.add("refuse", gettext("Do not accept"), "x", danger=True)

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
        label = gettext("Complete: %(step)s") % {"step": row.name}
        self.add("complete", label, "check", task=task, submit=gettext("Complete the step"), hotkey="Alt+a", main=True)

    def _makers(self) -> set[UUID | None]:
        done = {t.done_by for t in self.view.tasks if t.state == "done" and t.kind not in ("deliver", *DECIDING)}
        return done | {self.view.case.accepted_by}

    def around(self, task: OpenTask) -> None:
        """What can be done with a held step besides completing it."""
        actor, case = self.actor, self.view.case
        if actor.may("cases.return") and task.returnable and case.state in (State.ACCEPTED, State.REVIEWING):
            self.add("return", gettext("Send back"), "arrow-back-up", task=task, hotkey="Alt+r")
        if actor.may("cases.transfer"):
            self.add("transfer", gettext("Hand over"), "arrow-right", task=task)
        if actor.may("cases.sign") and task.task.kind not in ("accept", "dispatch"):
            self.add("add-signer", gettext("Add a signer"), "user-plus", task=task)

    def case(self) -> None:
        actor, case = self.actor, self.view.case
        if (
            actor.may("cases.suspend")
            and case.state in (State.ACCEPTED, State.REVIEWING)
            and _procedures(self.view)
            and any(t.held for t in self.view.open)
        ):
            self.add("suspend", gettext("Stop the clock"), "player-pause")
        notice = any(t.task.kind == "publicity" for t in self.view.open)
        if actor.may("cases.suspend") and case.state == State.SUSPENDED and not notice:
            self.add("resume", gettext("Let the clock run again"), "player-play", main=True)
        if actor.may("cases.urge") and self.view.open and not any(t.held for t in self.view.open):
            self.add("urge", gettext("Urge"), "bell")
        if actor.may("cases.withdraw") and State(case.state) in OPEN and policy.can_withdraw(actor, case):
            self.add("withdraw", gettext("Withdraw for the applicant"), "x", danger=True)


def moves(actor: Actor, view: CaseView, sent: Sent | None = None) -> Moves:
    """The steps this person may take on this case now."""
    offer = _Offer(actor, view, sent)
    held = [t for t in view.open if t.held]
    if (held or any(t.asked_to_sign for t in view.open)) and stands_aside(actor, view.case):
        offer.result.why_not.append(gettext("You or a relative of yours is the applicant; a colleague has to do this."))
        held = []
    unfilled = unfilled_forms(view.case, [t.task for t in view.open])
    for task in view.open:
        if task.asked_to_sign and (task in held or not task.held) and task.task.pk not in unfilled:
            offer.add("sign", gettext("Sign: %(step)s") % {"step": task.task.name}, "writing", task=task, submit=gettext("Sign"), main=True)
    for task in [t for t in held if t.task.pk not in unfilled]:
        (offer.intake if task.task.kind in ("accept", "dispatch") else offer.step)(task)
    for task in held:
        offer.around(task)
    offer.case()
    if sent is not None and not any(m.form is sent.form for m in offer.result.moves):
        offer.result.gone = sent.form
    return offer.result
