"""Cards: the list with its filters, and one card with its answer, appeal and verdict."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.cases.supervision import actions, queries
from linli.cases.supervision.forms import AppealForm, CardFilter, ReplyForm, SettleForm
from linli.cases.supervision.models import Card
from linli.foundation.gate import desk
from linli.foundation.types import Actor
from linli.ui.engine.refusal import RefusableForm, attempt
from linli.ui.types import DeskRequest, Text, Tone

STATES: dict[str, tuple[Text, Tone]] = {
    "issued": (gettext_lazy("Issued"), Tone.WARNING),
    "signed": (gettext_lazy("Received"), Tone.WARNING),
    "replied": (gettext_lazy("Answered"), Tone.PROGRESS),
    "appealed": (gettext_lazy("Appealed"), Tone.PROGRESS),
    "closed": (gettext_lazy("Closed"), Tone.SUCCESS),
    "cancelled": (gettext_lazy("Cancelled"), Tone.NEUTRAL),
}
COLOURS: dict[str, tuple[Text, Tone]] = {
    "blue": (gettext_lazy("Blue reminder"), Tone.INFO),
    "yellow": (gettext_lazy("Yellow card"), Tone.WARNING),
    "red": (gettext_lazy("Red card"), Tone.DANGER),
}
ROWS = 30


def _reason(card: Card) -> str:
    try:
        return str(gettext(card.reason) % card.params)
    except (KeyError, ValueError, TypeError):
        return gettext(card.reason)


def _row(card: Card, now: datetime) -> dict[str, Any]:
    waits = card.state in ("issued", "signed") and card.reply_due_at is not None
    return {
        "card": card,
        "colour": COLOURS[card.colour][0],
        "tone": COLOURS[card.colour][1],
        "state": STATES[card.state][0],
        "state_tone": STATES[card.state][1],
        "reason": _reason(card),
        "late": waits and card.reply_due_at is not None and card.reply_due_at < now,
    }


@never_cache
@require_GET
@desk("cases.view")
def card_list(request: DeskRequest) -> HttpResponse:
    """Cards in sight, newest first."""
    form = CardFilter(request.GET, auto_id="filter-%s")
    form.is_valid()
    values = form.cleaned_data
    rows = queries.cards(request.actor, colour=values.get("colour", ""), state=values.get("state", ""))
    if values.get("rule"):
        rows = rows.filter(rule=values["rule"])
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    now = timezone.now()
    context = {"form": form, "page": page, "rows": [_row(c, now) for c in page]}
    return render(
        request, "supervision/desk/cards.html#rows" if request.GET.get("part") == "rows" else "supervision/desk/cards.html", context
    )


@never_cache
@require_GET
@desk("cases.view")
def card_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One card."""
    return _show(request, pk)


def _forms(actor: Actor, card: Card) -> dict[str, RefusableForm]:
    """What this person may do with the card now."""
    offered: dict[str, RefusableForm] = {}
    concerned = card.unit_id in actor.unit_ids or card.user_id == actor.user_id
    if actor.may("supervision.card") and card.state in ("issued", "signed") and card.colour != "blue":
        offered["reply"] = ReplyForm(auto_id="reply-%s")
    if actor.may("supervision.appeal") and concerned and card.state in ("issued", "signed", "replied"):
        offered["appeal"] = AppealForm(auto_id="appeal-%s")
    if actor.may("supervision.view") and card.state in ("issued", "signed", "replied", "appealed") and card.user_id != actor.user_id:
        offered["settle"] = SettleForm(auto_id="settle-%s")
    return offered


def _show(request: DeskRequest, pk: UUID, *, sent: tuple[str, RefusableForm] | None = None, status: int = 200) -> HttpResponse:
    card = queries.get_card(request.actor, pk)
    offered = _forms(request.actor, card)
    gone = None
    if sent is not None:
        gone = None if sent[0] in offered else sent[1]
        offered = {key: sent[1] if key == sent[0] else form for key, form in offered.items()}
    words = {"reply": gettext("Answer the card"), "appeal": gettext("Appeal"), "settle": gettext("Settle")}
    context = {
        **_row(card, timezone.now()),
        "moves": [(key, words[key], form, reverse(f"supervision_desk_{key}", args=[pk])) for key, form in offered.items()],
        "sent": sent[0] if sent else "",
        "sent_form": sent[1] if sent else None,
        "gone": gone,
        "subject_url": _subject_url(card),
        "urge_url": _subject_url(card),
    }
    return render(request, "supervision/desk/card.html", context, status=status)


def _subject_url(card: Card) -> str:
    """The page of what the card is about: every subject kind K calls its desk page `K_desk_subject`."""
    try:
        return reverse(f"{card.subject_kind}_desk_subject", args=[card.subject_id])
    except NoReverseMatch:
        return ""


def _take(
    request: DeskRequest, pk: UUID, key: str, form: RefusableForm, run: Callable[[dict[str, Any]], object], said: str
) -> HttpResponse:
    queries.get_card(request.actor, pk)
    status = attempt(form, run)
    if status:
        return _show(request, pk, sent=(key, form), status=status)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("supervision_desk_card", args=[pk]), status=303)


@require_POST
@desk("supervision.card")
def reply(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The unit answers."""
    return _take(
        request,
        pk,
        "reply",
        ReplyForm(request.POST, auto_id="reply-%s"),
        lambda v: actions.reply_card(request.actor, card_id=pk, **v),
        gettext("Answered."),
    )


@require_POST
@desk("supervision.appeal")
def appeal(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The unit says that the card is not its fault."""
    return _take(
        request,
        pk,
        "appeal",
        AppealForm(request.POST, auto_id="appeal-%s"),
        lambda v: actions.appeal_card(request.actor, card_id=pk, **v),
        gettext("Appealed."),
    )


@require_POST
@desk("supervision.view")
def settle(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The supervisor closes or cancels."""
    return _take(
        request,
        pk,
        "settle",
        SettleForm(request.POST, auto_id="settle-%s"),
        lambda v: actions.settle_card(request.actor, card_id=pk, cancel=v["cancel"] == "1", note=v["note"]),
        gettext("Settled."),
    )
