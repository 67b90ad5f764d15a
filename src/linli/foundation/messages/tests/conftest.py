"""Templates, a recording SMS channel and bare shells for the tests of messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from linli.foundation.accounts.models import User, UserKind
from linli.foundation.messages.actions import load_templates
from linli.foundation.messages.engine import ADAPTERS
from linli.foundation.messages.types import DeliveryError, Outgoing
from linli.foundation.types import Actor, ActorKind, system_actor

PACK = """
variables: [name, number, hotline]
messages:
  - key: cases.accepted
    link: /cases/{{ number }}/
    inapp: {subject: "已受理 {{ number }}", body: "{{ name }}，您的申请已受理。"}
    sms: {body: "您的申请{{ number }}已受理，咨询{{ hotline }}。"}
    mail: {subject: "已受理 {{ number }}", body: "{{ name }}，您的申请已受理。"}
  - key: accounts.sms_code
    sms: {body: "验证码{{ name }}"}
"""


@pytest.fixture
def bare_doors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shells without what the channels registered: the tests' site mounts three apps only."""
    monkeypatch.setattr("linli.ui.engine.links._links", {})
    monkeypatch.setattr("linli.ui.engine.menu._items", {})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "messages.yaml").write_text(PACK, encoding="utf-8")
    return tmp_path


@pytest.fixture
def templates(folder: Path) -> int:
    return load_templates(system_actor("test"), folder=folder)


class Gateway(list[Outgoing]):
    """An SMS channel that remembers, and fails as told."""

    fails: Callable[[], DeliveryError] | None = None

    def __call__(self, message: Outgoing) -> str:
        self.append(message)
        if self.fails:
            raise self.fails()
        return f"gw-{len(self)}"


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    before, fake = ADAPTERS.get("sms"), Gateway()
    ADAPTERS._items["sms"] = fake
    yield fake
    ADAPTERS._items["sms"] = before


def make_user(phone: str = "13800000001", *, person_id: UUID | None = None, email: str = "") -> User:
    user = User(name="王小明", kind=UserKind.CITIZEN, phone=phone, person_id=person_id, assurance=1 if person_id else 0, email=email)
    user.set_unusable_password()
    user.save(force_insert=True)
    return user


def actor_of(user: User) -> Actor:
    return Actor(ActorKind.CITIZEN, user_id=user.id, party_id=user.person_id, assurance=user.assurance, label=user.name)
