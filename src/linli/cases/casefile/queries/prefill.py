"""What a form already knows of the person it is for: every answer with its source and the day it is as of ("collected once, visibly")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from linli.cases.casefile.queries.known import household_rows, known_answers
from linli.cases.catalogue.queries import Definition
from linli.foundation.accounts.models import Mandate, User
from linli.foundation.accounts.policy import mandates as mandate_rights
from linli.foundation.types import Actor
from linli.lib.errors import NotFound, Refused
from linli.records.forms.types import Prefilled
from linli.registry.people.models import Person
from linli.registry.people.queries import prefill_about

_RELATION = {"guardian": "guardian", "legal": "guardian", "helper": "worker"}
"""What a mandate's kind says of the relation; a relative's exact relation is asked."""


@dataclass(frozen=True)
class ForWhom:
    """The person an application is for: oneself, or who gave a mandate (``mandate`` then says which)."""

    person: Person
    mandate: Mandate | None = None


def people_to_apply_for(actor: Actor, matter_code: str) -> list[ForWhom]:
    """Oneself first, then everybody whose mandate covers this matter today. Empty below assurance L1."""
    if actor.party_id is None:
        return []
    held = {m.grantor_id: m for m in _mandates(actor, actor.party_id) if not m.matters or matter_code in m.matters}
    people = {p.id: p for p in Person.objects.filter(pk__in=[actor.party_id, *held]).select_related("region", "hukou_region")}
    own = [ForWhom(people[actor.party_id])] if actor.party_id in people else []
    return own + [ForWhom(people[pk], mandate) for pk, mandate in held.items() if pk in people]


def _mandates(actor: Actor, grantee: UUID) -> list[Mandate]:
    today = timezone.localdate()
    rows = Mandate.objects.filter(mandate_rights.visible(actor), grantee_id=grantee, grantor_id__in=actor.mandators)
    return list(rows.filter(revoked_at=None, since__lte=today, until__gte=today).order_by("grantor_name", "id"))


def for_whom(actor: Actor, matter_code: str, party_id: UUID) -> ForWhom:
    """The chosen person. 404 for a stranger, a refusal with the way forward when the mandate leaves this matter out."""
    found = next((one for one in people_to_apply_for(actor, matter_code) if one.person.id == party_id), None)
    if found is not None:
        return found
    if party_id in actor.mandators:
        raise Refused(
            "MANDATE_MATTER",
            gettext_noop("Your mandate does not include this matter."),
            hint=gettext_noop("Ask the person to extend it under My account, or come to the counter together."),
        )
    raise NotFound("PARTY", gettext_noop("There is no such person among those you may act for."))


def prefill(actor: Actor, definition: Definition, chosen: ForWhom | None) -> dict[str, Prefilled]:
    """Known answers by path. Nothing below assurance L1 but what the account itself says; a matter may switch it off (``prefill: false``).

    Rows of the person are read through the actor's own branch (herself, or a mandator): the policies decide, not this code.
    """
    known = _account_values(actor) | _mandate_values(actor, chosen)
    if chosen is not None and definition.spec.prefill:
        known |= {name: (one.value, one.label, one.as_of) for name, one in prefill_about(actor, chosen.person).items()}
    values = {name: Prefilled(*value) for name, value in known.items() if value[0] not in (None, "")}
    known_to = chosen.person.id if chosen is not None and definition.spec.prefill else None
    return known_answers(definition.form, values, household_rows(actor, known_to))


Known = tuple[Any, str, date | None]


def _account_values(actor: Actor) -> dict[str, Known]:
    """What the account itself knows; its phone was proved by a code."""
    user = User.objects.filter(pk=actor.user_id).first() if actor.user_id else None
    if user is None:
        return {}
    label, since = gettext("your account"), timezone.localdate(user.created_at)
    values: dict[str, Known] = {"account.phone": (user.phone, label, since)}
    if user.assurance:
        values["account.name"] = (user.name, label, since)
    return values


def _mandate_values(actor: Actor, chosen: ForWhom | None) -> dict[str, Known]:
    """Whether somebody acts for the applicant, and who: from the mandate, never typed again."""
    if chosen is None:
        return {}
    if chosen.mandate is None:
        return {"mandate.has_agent": (False, gettext("your account"), None)}
    label, since = gettext("the mandate given to you"), chosen.mandate.since
    agent = Person.objects.filter(pk=actor.party_id).first() if actor.party_id else None
    values: dict[str, Known] = {
        "mandate.has_agent": (True, label, since),
        "mandate.agent_name": (chosen.mandate.grantee_name, label, since),
    }
    if agent is not None:
        values |= {
            "mandate.agent_name": (agent.name, label, since),
            "mandate.agent_id_number": (agent.id_number, label, since),
            "mandate.agent_phone": (agent.phone, label, since),
        }
    relation = _RELATION.get(chosen.mandate.kind)
    return values | ({"mandate.relation": (relation, label, since)} if relation else {})
