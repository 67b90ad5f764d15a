"""Requests of residents: of oneself and of those one is guardian of; of the own area."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.accounts.models import Mandate
from linli.foundation.accounts.queries import known_person
from linli.foundation.accounts.types import KnownPerson
from linli.foundation.calendar.queries import current
from linli.foundation.privacy import policy
from linli.foundation.privacy.engine.declared import HOLDINGS
from linli.foundation.privacy.models import DataRequest
from linli.foundation.privacy.queries.rules import answer_days
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, ActorKind, system_actor
from linli.lib.errors import NotFound, Refused


def about_whom(actor: Actor) -> list[KnownPerson]:
    """Whose data a resident may read and ask about: her own, and that of people whose guardian she is today. No other mandate opens it."""
    found = []
    for key in (actor.party_id, *_wards(actor)):
        person = known_person(key) if key else None
        if person is not None:
            found.append(person)
    return found


def _wards(actor: Actor) -> list[UUID]:
    if actor.party_id is None:
        return []
    today = timezone.localdate()
    with scoped(system_actor("privacy.wards")):
        rows = Mandate.objects.filter(grantee_id=actor.party_id, kind="guardian", body_code="", revoked_at=None)
        return list(rows.filter(since__lte=today, until__gte=today).order_by("grantor_name").values_list("grantor_id", flat=True))


def one_of_mine(actor: Actor, person_id: UUID | None) -> KnownPerson:
    """Oneself (None), or somebody one is guardian of; `Refused` before one has said who one is, `NotFound` for anybody else."""
    mine = about_whom(actor)
    if not mine or actor.party_id is None:
        raise Refused(
            "PERSON_NOT_CONFIRMED",
            gettext_noop("Confirm who you are first."),
            hint=gettext_noop("Give your name and identity number under My account."),
        )
    found = next((one for one in mine if one.person_id == (person_id or actor.party_id)), None)
    if found is None:
        raise NotFound("PERSON_UNKNOWN", gettext_noop("The register does not know this person."))
    return found


def one_named(actor: Actor, text: str) -> KnownPerson:
    """`one_of_mine` by the key of an address; what is no key names nobody."""
    try:
        return one_of_mine(actor, UUID(text) if text else None)
    except ValueError as error:
        raise NotFound("PERSON_UNKNOWN", gettext_noop("The register does not know this person.")) from error


def person_in_sight(actor: Actor, person_id: UUID) -> KnownPerson:
    """A resident of the clerk's area; `NotFound` otherwise."""
    person = known_person(person_id)
    if person is None or not actor.sees(person.region_path):
        raise NotFound("PERSON_UNKNOWN", gettext_noop("The register does not know this person."))
    return person


def my_requests(actor: Actor) -> QuerySet[DataRequest]:
    """The newest first."""
    mine = [one.person_id for one in about_whom(actor)]
    return DataRequest.objects.filter(policy.requests.visible(actor), person_id__in=mine).order_by("-filed_at", "-id")


def my_request(actor: Actor, pk: UUID, *, lock: bool = False) -> DataRequest:
    return _one(my_requests(actor), pk, lock)


def requests_in_area(actor: Actor, state: str = "") -> QuerySet[DataRequest]:
    """Of the own area: those that wait, the most urgent first; of another state the latest."""
    rows = DataRequest.objects.filter(policy.requests.visible(actor), state=state or "open")
    return rows.order_by("-decided_at", "-id") if state and state != "open" else rows.order_by("due_on", "id")


def request_in_area(actor: Actor, pk: UUID, *, lock: bool = False) -> DataRequest:
    return _one(DataRequest.objects.filter(policy.requests.visible(actor)), pk, lock)


def _one(rows: QuerySet[DataRequest], pk: UUID, lock: bool) -> DataRequest:
    found = (rows.select_for_update() if lock else rows).filter(pk=pk).first()
    if found is None:
        raise NotFound("DATA_REQUEST_UNKNOWN", gettext_noop("There is no such request."))
    return found


def due_day(filed_on: date) -> date:
    """The last day for an answer."""
    return current().nth_workday(filed_on, answer_days())


def herself(person_id: UUID) -> Actor:
    """The rights of a person over what is known of her: under these her copy is put together."""
    return Actor(ActorKind.CITIZEN, label="privacy.copy", party_id=person_id)


def content_of(person_id: UUID) -> str:
    """Everything that is held of somebody and that she may see, part by part, as JSON."""
    reader, parts = herself(person_id), list[dict[str, Any]]()
    with scoped(reader):
        for code, holding in HOLDINGS.items():
            lines = [
                {"what": one.what, "value": one.value, "source": one.source, "as_of": one.as_of} for one in holding.lines(reader, person_id)
            ]
            parts.append({"code": code, "title": str(holding.title), "lines": lines})
    return json.dumps(parts, ensure_ascii=False)
