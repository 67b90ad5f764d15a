"""Requests of residents: filed in the portal or at a counter, taken back."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.accounts.types import KnownPerson
from linli.foundation.actions.actions import action
from linli.foundation.privacy.engine.declared import CORRECTABLE
from linli.foundation.privacy.models import DataRequest
from linli.foundation.privacy.queries import requests as queries
from linli.foundation.privacy.queries.rules import erase_rules
from linli.foundation.types import Actor
from linli.lib.errors import Conflict, Invalid


@action("privacy.own", audit="privacy.request_filed")
def file_request(
    actor: Actor,
    *,
    kind: str,
    person_id: UUID | None = None,
    attribute: str = "",
    value: str = "",
    scope: Collection[str] = (),
    text: str = "",
) -> DataRequest:
    """A resident asks about her own data, or that of somebody whose guardian she is.

    Errors: PERSON_NOT_CONFIRMED, 404 for others, REQUEST_ATTRIBUTE, REQUEST_SCOPE, those of the value's form, `Conflict` REQUEST_OPEN.
    """
    person = queries.one_of_mine(actor, person_id)
    return _filed(actor, person, "portal", kind, attribute, value, scope, text)


@action("privacy.file", audit="privacy.request_taken_down")
def take_down(
    actor: Actor, *, kind: str, person_id: UUID, attribute: str = "", value: str = "", scope: Collection[str] = (), text: str = ""
) -> DataRequest:
    """A clerk takes down what a resident of her area asks at the counter. Errors as in `file_request`."""
    person = queries.person_in_sight(actor, person_id)
    return _filed(actor, person, "counter", kind, attribute, value, scope, text)


def _filed(
    actor: Actor, person: KnownPerson, channel: str, kind: str, attribute: str, value: str, scope: Collection[str], text: str
) -> DataRequest:
    now = timezone.now()
    request = DataRequest(
        number=f"PI{timezone.localdate(now):%Y%m%d}-{secrets.token_hex(3).upper()}",
        kind=kind,
        person_id=person.person_id,
        name=person.name,
        region_path=person.region_path,
        channel=channel,
        filed_by=actor.account,
        filed_by_name=actor.label[:80],
        filed_at=now,
        text=text.strip()[:500],
        due_on=queries.due_day(timezone.localdate(now)),
    )
    if kind == "correct":
        request.attribute, request.value = attribute, _checked(attribute, value)
    elif kind == "erase":
        request.scope = _scope(scope)
    elif kind != "copy":
        raise Invalid("REQUEST_KIND", gettext_noop("There is no such kind of request."), field="kind")
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(
            "REQUEST_OPEN",
            gettext_noop("This has been asked for already and is not answered yet."),
            hint=gettext_noop("Wait for the answer, or take the first request back."),
        ) from error
    return request


def _checked(attribute: str, value: str) -> str:
    if attribute not in CORRECTABLE:
        raise Invalid("REQUEST_ATTRIBUTE", gettext_noop("Choose what is wrong."), field="attribute")
    value, one = value.strip(), CORRECTABLE.get(attribute)
    if not value:
        raise Invalid("REQUEST_VALUE", gettext_noop("Say what is right."), field="value")
    if not one.choices():  # a code is chosen by whoever decides; a resident says it in her own words
        one.check(value)
    return value[:200]


def _scope(scope: Collection[str]) -> list[str]:
    chosen = [rule.code for rule in erase_rules(erasable=True) if rule.code in scope]
    if not chosen:
        raise Invalid("REQUEST_SCOPE", gettext_noop("Choose what is to be erased."), field="scope")
    return chosen


@action("privacy.own", audit="privacy.request_withdrawn")
def withdraw(actor: Actor, *, request_id: UUID) -> DataRequest:
    """Take a request back before it is decided. 404 for others', `Conflict` REQUEST_STATE."""
    request = queries.my_request(actor, request_id, lock=True)
    if request.state != "open":
        raise Conflict(
            "REQUEST_STATE", gettext_noop("This request has been decided meanwhile."), hint=gettext_noop("Look at the page again.")
        )
    request.state, request.decided_at = "withdrawn", timezone.now()
    request.save(update_fields=["state", "decided_at"])
    return request
