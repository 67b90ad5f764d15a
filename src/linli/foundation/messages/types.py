"""What a message is made of, and the two ways a channel can fail. No database."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

CHANNELS = ("inapp", "sms", "mail")


@dataclass(frozen=True, slots=True)
class Wording:
    """One template of one channel, as a pack gives it."""

    key: str
    channel: str
    body: str
    subject: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What an adapter is handed. ``message_id`` lets a gateway notice that it has this one already."""

    message_id: UUID
    address: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a person is reached; empty parts are unknown."""

    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Telling:
    """One thing told to several accounts in the app; ``about`` tells nobody twice."""

    to: frozenset[UUID]
    params: Mapping[str, object]
    about: str
    case_id: UUID | None = None
    region_path: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """One thing told to one person over every channel that ``key`` has words for (or those of ``channels``); the same ``about`` is told once."""

    key: str
    params: Mapping[str, object]
    about: str
    to_user: UUID | None = None
    to_party: UUID | None = None
    phone: str = ""
    case_id: UUID | None = None
    region_path: str = ""
    channels: Collection[str] = CHANNELS


@dataclass(frozen=True, slots=True)
class Told:
    """A note of the days before a synthetic city opened: when it was written, and when whoever has an account read it."""

    note: Note
    at: datetime
    read_at: datetime | None


ContactSource: TypeAlias = Callable[[UUID], Contact | None]
"""Person -> contact, registered by the register of people."""


class DeliveryError(Exception):
    """The channel did not take the message. ``final``: trying again would not help (the number does not exist)."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.final = reason, final


@dataclass(frozen=True, slots=True)
class Delivery:
    """One line of the delivery log; ``address`` is masked."""

    message_id: UUID
    channel: str
    key: str
    address: str
    state: str
    tries: int
    error: str
    created_at: datetime
    sent_at: datetime | None
    case_id: UUID | None
