"""Requests as views of the two doors receive them, and the plain values that components draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

from django.http import HttpRequest
from django.utils.functional import Promise

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

Text: TypeAlias = "str | Promise"
"""A sentence for people: a string, or one that is translated when it is drawn."""


class Door(StrEnum):
    """The two doors that share the design system."""

    PORTAL = "portal"
    DESK = "desk"


class Tone(StrEnum):
    """What a colour means. Every tone is also said in words or by an icon, never by colour alone."""

    NEUTRAL = "neutral"
    INFO = "info"
    PROGRESS = "progress"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"


class DoorRequest(HttpRequest):
    """A request after the middlewares.

    `actor` is foundation's `Actor`; this floor lies below and cannot name it, so it is `Any` here.
    """

    actor: Any
    htmx: HtmxDetails
    door: Door
    """Set where the path does not tell the door; read with `engine.context.door_of`."""
    live_ticket: str
    """Set by a view of a live page: address of the event stream, signed for 60 seconds."""


class DeskRequest(DoorRequest):
    """A request of a signed-in member of staff."""


class PortalRequest(DoorRequest):
    """A request of a citizen, signed in or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuItem:
    """One entry of a door's menu. `permission` is the code an actor must hold; empty means everybody. Lower `order` comes first."""

    key: str
    label: Text
    url_name: str
    icon: str
    permission: str = ""
    order: int = 100
    door: Door = Door.DESK
    section: Text = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShellLinks:
    """What a channel tells its door's shell: names of URLs (empty: the shell leaves the part out) and how to call the actor."""

    door: Door
    home: str
    search: str = ""
    sign_in: str = ""
    sign_out: str = ""
    account: str = ""
    elder: str = ""
    language: str = ""
    manifest: str = ""
    service_worker: str = ""
    offline: str = ""
    live_ticket: str = ""
    describe: Callable[[Any], str] | None = None
    """Name of the signed-in actor; empty for somebody who is not signed in."""
    live_scope: Callable[[Any], str] | None = None
    """Differs per signed-in actor, so that tabs never share a predecessor's event stream."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a form of several pages. `state` is done, current or todo."""

    label: Text
    state: str = "todo"
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineItem:
    """One thing that happened (or, with `tone` neutral and no `when`, is still to come)."""

    title: Text
    when: datetime | None = None
    who: Text = ""
    text: Text = ""
    tone: Tone = Tone.NEUTRAL
    icon: str = "point"
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One tab of a page; each tab has an address of its own."""

    label: Text
    url: str
    current: bool = False
    count: int | None = None
