"""Guardians and legal representatives: registered at a counter with the paper that proves it, and ended there.

A minor's guardian acts until the day before the eighteenth birthday (Civil Code, articles 17 and 27). For an adult without full capacity
(articles 21, 22 and 28) and for an organisation (article 61) the paper is looked at again after three years at the latest.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.core.files.base import File
from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.accounts import policy, queries
from linli.foundation.accounts.actions.doors import say
from linli.foundation.accounts.actions.mandates import LONGEST, _named, _tell
from linli.foundation.accounts.engine import PAPERS
from linli.foundation.accounts.models import Mandate
from linli.foundation.accounts.types import KnownPerson
from linli.foundation.actions.actions import action
from linli.foundation.regions.queries import get_region
from linli.foundation.types import Actor, Level
from linli.lib.errors import Conflict, Invalid, Refused, Unavailable
from linli.lib.idcard import birthday_in, parse_id_number
from linli.lib.uscc import parse_uscc

FULL_AGE = 18


@action("mandates.register", audit="accounts.guardian_registered")
def register_guardian(
    actor: Actor,
    *,
    ward_name: str,
    ward_id_number: str,
    guardian_name: str,
    guardian_id_number: str,
    ground: str,
    document: str,
    paper: File[Any],
    until: date | None = None,
) -> Mandate:
    """Somebody is the guardian of a minor (``ground`` "minor") or of an adult without full capacity ("incapable", with the court's ``document``).

    The ward lives in the clerk's area. Errors: PERSON_NOT_MATCHED and those of names and numbers with their field, MANDATE_REGION, MANDATE_ONESELF,
    MANDATE_NOT_MINOR, MANDATE_MINOR, MANDATE_GUARDIAN_AGE, MANDATE_DOCUMENT, MANDATE_DATES, MANDATE_TWICE, and what is wrong with the paper.
    """
    ward = _person(ward_name, ward_id_number, "ward")
    if not actor.sees(ward.region_path):
        raise _elsewhere("ward_id_number")
    guardian = _person(guardian_name, guardian_id_number, "guardian")
    if ward.person_id == guardian.person_id:
        raise Invalid("MANDATE_ONESELF", gettext_noop("Nobody needs a mandate for oneself."), field="guardian_id_number")
    last = _last_day(ground, ward_id_number, guardian_id_number, until)
    if ground == "incapable" and not document.strip():
        raise Invalid(
            "MANDATE_DOCUMENT",
            gettext_noop("Name the court's decision: its number stands at its head."),
            field="document",
            hint=gettext_noop("Without a decision an adult acts for himself."),
        )
    mandate = Mandate(
        grantor_id=ward.person_id,
        grantor_name=ward.name,
        grantee_id=guardian.person_id,
        grantee_name=guardian.name,
        region_path=ward.region_path,
        kind="guardian",
        ground=ground,
        document=document.strip()[:120],
        since=timezone.localdate(),
        until=last,
    )
    return _keep(actor, mandate, paper, Level.SENSITIVE, "mandates.guardian")


def _last_day(ground: str, ward_number: str, guardian_number: str, until: date | None) -> date:
    """The day before a minor's eighteenth birthday; for an adult the day that was chosen, three years ahead at most."""
    today = timezone.localdate()
    ward, guardian = _full_age(ward_number), _full_age(guardian_number)
    if guardian > today:
        raise Invalid("MANDATE_GUARDIAN_AGE", gettext_noop("A guardian is of full age."), field="guardian_id_number")
    if ground == "minor":
        if ward <= today:
            raise Invalid(
                "MANDATE_NOT_MINOR",
                gettext_noop("This person is of full age."),
                field="ground",
                hint=gettext_noop("A guardian of an adult needs the court's decision; choose that ground."),
            )
        return ward - timedelta(days=1)
    if ground != "incapable":
        raise Invalid("MANDATE_KIND", gettext_noop("There is no such ground of guardianship."), field="ground")
    if ward > today:
        raise Invalid("MANDATE_MINOR", gettext_noop("This person is a minor; choose that ground."), field="ground")
    return _within_three_years(until)


def _full_age(number: str) -> date:
    """The eighteenth birthday an identity number tells."""
    birth = parse_id_number(number, today=timezone.localdate()).birth_date
    return birthday_in(birth, birth.year + FULL_AGE)


def _within_three_years(until: date | None) -> date:
    today = timezone.localdate()
    if until is None or not today <= until <= today + LONGEST:
        raise Invalid(
            "MANDATE_DATES",
            gettext_noop("Choose a last day, three years ahead at most."),
            field="until",
            hint=gettext_noop("The paper is looked at again then."),
        )
    return until


@action("mandates.register", audit="accounts.representative_registered")
def register_representative(
    actor: Actor,
    *,
    body_name: str,
    body_code: str,
    region_id: UUID,
    representative_name: str,
    representative_id_number: str,
    paper: File[Any],
    until: date | None,
    document: str = "",
) -> Mandate:
    """Somebody is the legal representative of an organisation seated in the clerk's area; the paper is its licence or certificate.

    Errors: BODY_NAME, USCC_FORMAT, USCC_CHECK, USCC_ORG_CHECK, REGION_UNKNOWN, MANDATE_REGION, PERSON_NOT_MATCHED, MANDATE_GUARDIAN_AGE,
    MANDATE_DATES, MANDATE_TWICE, and what is wrong with the paper.
    """
    name, code = " ".join(body_name.split()), parse_uscc(body_code, field="body_code").code
    if not 2 <= len(name) <= 60:
        raise Invalid("BODY_NAME", gettext_noop("Write the organisation's name as on its licence, 2 to 60 characters."), field="body_name")
    region = get_region(region_id)
    if not actor.sees(region.path):
        raise _elsewhere("region")
    person = _person(representative_name, representative_id_number, "representative")
    if _full_age(representative_id_number) > timezone.localdate():
        raise Invalid("MANDATE_GUARDIAN_AGE", gettext_noop("A legal representative is of full age."), field="representative_id_number")
    mandate = Mandate(
        grantor_id=body_key(code),
        grantor_name=name,
        grantee_id=person.person_id,
        grantee_name=person.name,
        region_path=region.path,
        kind="legal",
        body_code=code,
        document=document.strip()[:120],
        since=timezone.localdate(),
        until=_within_three_years(until),
    )
    return _keep(actor, mandate, paper, Level.PERSONAL, "mandates.representative")


def body_key(code: str) -> UUID:
    """The party key of an organisation, from its credit code: the same wherever it is met."""
    return uuid5(NAMESPACE_URL, f"urn:linli:body:{code}")


def _person(name: str, number: str, side: str) -> KnownPerson:
    return _named(name, number, side=side)


def _elsewhere(field: str) -> Refused:
    return Refused(
        "MANDATE_REGION",
        gettext_noop("This lies outside your area."),
        field=field,
        hint=gettext_noop("The counter of that community registers it."),
    )


def _keep(actor: Actor, mandate: Mandate, paper: File[Any], level: int, notice: str) -> Mandate:
    """Write it with its paper, and tell both sides. The paper is stored last: a refusal leaves nothing behind."""
    same = Mandate.objects.filter(
        grantor_id=mandate.grantor_id, grantee_id=mandate.grantee_id, kind=mandate.kind, revoked_at=None, until__gte=mandate.since
    )
    if same.exists():
        raise Conflict(
            "MANDATE_TWICE",
            gettext_noop("This is registered already."),
            hint=gettext_noop("End the earlier entry first, in the list below."),
        )
    keeper = next(iter(PAPERS.values()), None)
    if keeper is None:
        raise Unavailable("NO_PAPERS", gettext_noop("Papers cannot be kept right now."), field="paper")
    mandate.evidence_file = keeper(actor, paper, mandate.grantor_id, mandate.region_path, int(level))
    mandate.save(force_insert=True)
    _tell(actor, mandate, notice)
    return mandate


@action("mandates.register", audit="accounts.mandate_ended")
def end_mandate(actor: Actor, *, mandate_id: UUID, reason: str) -> Mandate:
    """A guardianship or representation is over: what the clerk saw is the ``reason``. MANDATE_UNKNOWN, MANDATE_REASON, MANDATE_OVER."""
    mandate = queries.get_mandate(actor, mandate_id, lock=True)
    if mandate.kind not in policy.COUNTER_KINDS or not policy.can_revoke(actor, mandate):
        raise Refused("NOT_ALLOWED", gettext_noop("Only the counter of the area ends this, and only what it registered with a paper."))
    if not reason.strip():
        raise Invalid("MANDATE_REASON", gettext_noop("Say which paper ends it."), field="reason")
    if mandate.revoked_at is not None or mandate.until < timezone.localdate():
        raise Conflict("MANDATE_OVER", gettext_noop("This mandate is over already."))
    mandate.revoked_at = timezone.now()
    mandate.save(update_fields=["revoked_at"])
    say(reason=reason.strip()[:200])
    _tell(actor, mandate, "mandates.revoked")
    return mandate
