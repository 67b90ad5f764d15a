"""Who may open an address: every view of the house wears one of these, and a house test asks every address for it.

`@desk("cases.view")` staff who hold the permission (`@desk()`: any staff), `@citizen(assurance=1)` a signed-in resident, `@public` anybody.
The gate is the coarse question; which *rows* somebody sees is decided by the getters of `queries`, never here.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_noop
from django_htmx.http import HttpResponseClientRedirect

from linli.foundation.types import Actor, ActorKind
from linli.lib.errors import Refused

P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)  # a view may ask for DeskRequest or PortalRequest
ADMINISTRATIVE = ("admin.", "audit.")
"""Beginnings of the permissions that belong to the three administrators; every other permission is business."""


class Answer(StrEnum):
    """What the gate says to an actor."""

    OPEN = "open"
    SIGN_IN = "sign in"  # nobody is signed in: to the sign-in page, and back
    REFUSED = "refused"  # 403 with a reason
    MISSING = "missing"  # 404: for this actor there is no such page


@dataclass(frozen=True, slots=True)
class Gate:
    """What a view wears as `view.gate`. ``kind`` None: anybody. ``tracker``: also who opened one case by number and code."""

    kind: ActorKind | None = None
    permission: str = ""
    assurance: int = 0
    tracker: bool = False

    def answer(self, actor: Actor) -> Answer:
        if self.kind is None or (self.tracker and actor.kind == ActorKind.TRACKER):
            return Answer.OPEN
        if actor.kind in (ActorKind.ANONYMOUS, ActorKind.TRACKER):
            return Answer.SIGN_IN
        if actor.kind != self.kind:
            return Answer.MISSING
        if self.permission:
            return self._of_staff(actor)
        return Answer.OPEN if actor.assurance >= self.assurance or self.kind != ActorKind.CITIZEN else Answer.REFUSED

    def _of_staff(self, actor: Actor) -> Answer:
        """Administrators have no region: a business page does not exist for them, even if a role should name its permission by mistake."""
        if not self.permission.startswith(ADMINISTRATIVE) and not actor.ranges:
            return Answer.MISSING
        return Answer.OPEN if actor.may(self.permission) else Answer.REFUSED


Wrapper = Callable[[Callable[Concatenate[R, P], HttpResponseBase]], Callable[Concatenate[R, P], HttpResponseBase]]


def desk(permission: str = "") -> Wrapper[Any, Any]:
    """Staff who hold ``permission``; without one, everybody who works here (own account, home)."""
    return _behind(Gate(ActorKind.STAFF, permission))


def citizen(*, assurance: int = 0, tracker: bool = False) -> Wrapper[Any, Any]:
    """A signed-in resident who is known at least this surely (`accounts.Assurance`)."""
    return _behind(Gate(ActorKind.CITIZEN, assurance=assurance, tracker=tracker))


def public(view: Callable[Concatenate[R, P], HttpResponseBase]) -> Callable[Concatenate[R, P], HttpResponseBase]:
    """Anybody, signed in or not; also pages that decide by themselves, such as sign-in."""
    return _behind(Gate())(view)


def _behind(gate: Gate) -> Wrapper[Any, Any]:
    def decorate(view: Callable[Concatenate[R, P], HttpResponseBase]) -> Callable[Concatenate[R, P], HttpResponseBase]:
        @functools.wraps(view)
        def guarded(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if gate.kind is None:
                return view(request, *args, **kwargs)
            answer = gate.answer(request.actor)  # type: ignore[attr-defined]
            if answer == Answer.SIGN_IN:
                return sign_in_first(request, staff=gate.kind == ActorKind.STAFF)
            if answer == Answer.MISSING:
                raise Http404
            if answer == Answer.REFUSED:
                raise _refusal(gate)
            return view(request, *args, **kwargs)

        guarded.gate = gate  # type: ignore[attr-defined]
        return guarded

    return decorate


def _refusal(gate: Gate) -> Refused:
    if gate.assurance:
        return Refused(
            "ASSURANCE_TOO_LOW",
            gettext_noop("We first need to know for certain who you are."),
            hint=gettext_noop("Confirm your name and identity card number under My account, or come to a service counter with your card."),
            data={"assurance": gate.assurance},
        )
    return Refused(
        "NO_PERMISSION",
        gettext_noop("Your post does not include this page."),
        hint=gettext_noop("Ask your unit's administrator if your work needs it."),
        data={"permission": gate.permission},
    )


def sign_in_page(*, staff: bool) -> str:
    """Address of the sign-in page of the desk (where it is mounted) or of the portal."""
    if staff:
        with contextlib.suppress(NoReverseMatch):
            return reverse("accounts_desk_sign_in")
    return str(settings.LOGIN_URL)


def sign_in_first(request: HttpRequest, *, staff: bool = False) -> HttpResponseBase:
    """To the sign-in page and back to where the person was. A fragment's request moves the whole page, not the fragment."""
    page = sign_in_page(staff=staff)
    htmx = getattr(request, "htmx", None)
    if htmx:
        return HttpResponseClientRedirect(f"{page}?{urlencode({'next': htmx.current_url_abs_path or '/'})}")
    if request.method in ("GET", "HEAD"):
        back = request.get_full_path()
    else:  # a form that was sent too late: back to the page it stood on
        came = urlsplit(request.headers.get("Referer", ""))
        back = came.path if came.netloc == request.get_host() and came.path else "/"
    return HttpResponseRedirect(f"{page}?{urlencode({'next': back})}")
