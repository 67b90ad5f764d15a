"""Every address answers every actor as its gate promises. Which rows are shown is the leak test's business."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.house.permission_table import SOMEBODY, Address, actors, addresses
from tests.house.source import told

from linli.foundation.access.views import middleware
from linli.foundation.accounts.models import User
from linli.foundation.gate import Answer, sign_in_page
from linli.foundation.types import Actor, ActorKind

ACTORS = actors()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ACTORS)
def test_every_address_keeps_its_promise(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    actor = ACTORS[name]
    client = Client(raise_request_exception=False)
    monkeypatch.setattr(middleware, "actor_of", lambda user, **request: actor)
    if actor.user_id:
        account = User(id=SOMEBODY, name="Somebody", kind=actor.kind, username=None, assurance=actor.assurance)
        account.save(force_insert=True)
        client.force_login(account, backend="linli.foundation.accounts.queries.SessionBackend")
    declared = [address for address in addresses() if hasattr(address.view, "gate")]
    wrong = [problem for address in declared if (problem := broken_promise(client, address, actor))]
    assert not wrong, told(wrong, f"The gate of the view says who may open it; {name} got something else.")


def broken_promise(client: Client, address: Address, actor: Actor) -> str:
    """What is wrong with the answer to this actor; "" when it is as promised."""
    promised = address.gate.answer(actor)
    response = client.get(address.sample)
    if response.status_code == 405:
        response = client.post(address.sample)
    status, target = response.status_code, response.headers.get("Location", "")
    kept = {
        Answer.SIGN_IN: status == 302 and target.startswith(sign_in_page(staff=address.gate.kind == ActorKind.STAFF)),
        Answer.MISSING: status == 404,
        Answer.REFUSED: status == 403,
        Answer.OPEN: status < 500 and (status not in (401, 403, 404) or address.has_key or address.gate.kind is None),
    }[promised]
    return "" if kept else f"{address.sample}: promised {promised}, answered {status} {target}"


def test_there_are_actors_of_every_kind() -> None:
    kinds = {actor.kind for actor in ACTORS.values()}
    assert {ActorKind.ANONYMOUS, ActorKind.CITIZEN, ActorKind.STAFF} <= kinds
    administrators = [name for name, actor in ACTORS.items() if actor.kind == ActorKind.STAFF and not actor.ranges]
    assert len(administrators) == 3, "system, security and audit administrator are roles of the national pack with business: false"
