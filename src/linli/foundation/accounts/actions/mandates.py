"""Acting for another: giving, registering at a counter, revoking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop

from linli.foundation.accounts import policy, queries
from linli.foundation.accounts.actions.doors import count_try_afterwards, lock_on
from linli.foundation.accounts.actions.identity import match_person
from linli.foundation.accounts.actions.notices import tell
from linli.foundation.accounts.models import Mandate
from linli.foundation.accounts.types import KnownPerson, Notice
from linli.foundation.actions.actions import action, require
from linli.foundation.audit.engine.recording import repeated
from linli.foundation.types import Actor
from linli.lib.errors import Conflict, Invalid, NotFound, Refused, TooMany
from linli.lib.idcard import parse_id_number
from linli.lib.masking import mask_name
from linli.lib.names import parse_person_name

LONGEST = timedelta(days=3 * 366)
TRIES_A_DAY = 5


@action("mandates.own", audit="accounts.mandate_granted")
def grant_mandate(
    actor: Actor,
    *,
    grantee_name: str,
    grantee_id_number: str,
    kind: str,
    until: date,
    since: date | None = None,
    matters: Sequence[str] = (),
) -> Mandate:
    """Let somebody act for oneself. Needs L1; the other is named by name and ID number, five wrong ones a day.

    Errors: MANDATE_NEEDS_PERSON, MANDATE_KIND, MANDATE_DATES, MANDATE_ONESELF, MANDATE_TWICE, PERSON_NOT_MATCHED, PERSON_TRIES.
    """
    if actor.party_id is None or actor.assurance < 1:
        raise Refused(
            "MANDATE_NEEDS_PERSON",
            gettext_noop("Confirm who you are first."),
            hint=gettext_noop("Give your name and identity number under My account."),
        )
    if kind not in policy.CITIZEN_KINDS:
        raise Invalid(
            "MANDATE_KIND",
            gettext_noop("This kind of mandate is registered at a counter."),
            field="kind",
            hint=gettext_noop("Take the papers that prove it with you."),
        )
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    if queries.attempts("mandate", actor.user_id, since=midnight) >= TRIES_A_DAY:
        raise TooMany(
            "PERSON_TRIES",
            gettext_noop("The five tries of today are used up."),
            hint=gettext_noop("Try again tomorrow, or go to a counter together."),
        )
    try:
        grantee = _named(grantee_name, grantee_id_number)
    except NotFound:
        count_try_afterwards("mandate", actor.user_id)
        raise
    return _write(actor, _known(actor.party_id), grantee, kind, since, until, matters, None)


@action("mandates.register", audit="accounts.mandate_registered")
def register_mandate(
    actor: Actor,
    *,
    grantor_name: str,
    grantor_id_number: str,
    grantee_name: str,
    grantee_id_number: str,
    kind: str,
    until: date,
    since: date | None = None,
    matters: Sequence[str] = (),
    evidence_file: UUID | None = None,
) -> Mandate:
    """At a counter, with both cards or the papers. Guardianship and legal representation need the paper (MANDATE_EVIDENCE).

    The grantor lives in the clerk's region (MANDATE_REGION).
    """
    grantor = _named(grantor_name, grantor_id_number, side="grantor")
    require(actor.sees(grantor.region_path), gettext_noop("This person does not live in your area."), code="MANDATE_REGION")
    if kind not in policy.CITIZEN_KINDS and evidence_file is None:
        raise Invalid("MANDATE_EVIDENCE", gettext_noop("Attach the paper that proves it."), field="evidence_file")
    return _write(actor, grantor, _named(grantee_name, grantee_id_number), kind, since, until, matters, evidence_file)


def _named(name: str, id_number: str, *, side: str = "grantee") -> KnownPerson:
    field = f"{side}_id_number"
    name = parse_person_name(name, field=f"{side}_name")
    number = parse_id_number(id_number, today=timezone.localdate(), field=field).number
    found = match_person(name, number)
    if found is None:
        raise NotFound(
            "PERSON_NOT_MATCHED",
            gettext_noop("Name and identity number do not belong together in our register."),
            field=field,
            status=422,
            hint=gettext_noop("Compare both with the card."),
        )
    return _known(found)


def _known(person_id: UUID) -> KnownPerson:
    person = queries.known_person(person_id)
    if person is None:
        raise NotFound("PERSON_UNKNOWN", gettext_noop("The register does not know this person."))
    return person


def _write(
    actor: Actor,
    grantor: KnownPerson,
    grantee: KnownPerson,
    kind: str,
    since: date | None,
    until: date,
    matters: Sequence[str],
    evidence: UUID | None,
) -> Mandate:
    today = timezone.localdate()
    since = since or today
    if grantor.person_id == grantee.person_id:
        raise Invalid("MANDATE_ONESELF", gettext_noop("Nobody needs a mandate for oneself."), field="grantee_id_number")
    if since < today or until < since or until - since > LONGEST:
        raise Invalid("MANDATE_DATES", gettext_noop("A mandate begins today or later and lasts three years at most."), field="until")
    if kind not in {value for value, _ in Mandate._meta.get_field("kind").choices or ()}:
        raise Invalid("MANDATE_KIND", gettext_noop("There is no such kind of mandate."), field="kind")
    _check_once(grantor.person_id, grantee.person_id, kind, since, until)
    mandate = Mandate(
        grantor_id=grantor.person_id,
        grantor_name=grantor.name,
        grantee_id=grantee.person_id,
        grantee_name=grantee.name,
        region_path=grantor.region_path,
        kind=kind,
        matters=sorted(set(matters)),
        since=since,
        until=until,
        evidence_file=evidence,
    )
    mandate.save(force_insert=True)
    _tell(actor, mandate, "mandates.granted")
    return mandate


def _check_once(grantor_id: UUID, grantee_id: UUID, kind: str, since: date, until: date) -> None:
    """One mandate of a kind between two people for a day; of two who give it at once, one waits here for the other."""
    lock_on(f"mandate:{grantor_id}:{grantee_id}")
    same = Mandate.objects.filter(grantor_id=grantor_id, grantee_id=grantee_id, kind=kind, revoked_at=None)
    if same.filter(since__lte=until, until__gte=since).exists():
        raise Conflict(
            "MANDATE_TWICE",
            gettext_noop("There is such a mandate for these days already."),
            hint=gettext_noop("Revoke it first to change it."),
        )


def _tell(actor: Actor, mandate: Mandate, key: str) -> None:
    """Both sides (an organisation has no telephone); names as they may be read on one."""
    params = {
        "grantor_title": mandate.grantor_name if mandate.body_code else mask_name(mandate.grantor_name),
        "agent_title": mask_name(mandate.grantee_name),
        "matter": ", ".join(mandate.matters) or gettext("all matters"),
        "due_text": date_format(mandate.until, "DATE_FORMAT"),
    }
    for side in (mandate.grantee_id,) if mandate.body_code else (mandate.grantor_id, mandate.grantee_id):
        tell(actor, Notice(key, params, to_party=side, region_path=mandate.region_path, dedupe=f"{key}:{mandate.pk}:{side}"))


@action("system", audit="accounts.mandates_ended")
def end_mandates_of(actor: Actor, *, person_id: UUID) -> int:
    """A death ends every mandate given or received (Civil Code, article 173); how many."""
    rows = Mandate.objects.select_for_update().filter(Q(grantor_id=person_id) | Q(grantee_id=person_id), revoked_at=None)
    mandates = list(rows.filter(until__gte=timezone.localdate()))
    for mandate in mandates:
        mandate.revoked_at = timezone.now()
        mandate.save(update_fields=["revoked_at"])
    return len(mandates)


@action("system", audit="accounts.mandates_carried")
def carry_mandates(actor: Actor, *, person_id: UUID, region_path: str) -> int:
    """Somebody lives in another community now: it keeps the mandates she gave; how many."""
    mandates = list(Mandate.objects.filter(grantor_id=person_id, body_code="").exclude(region_path=region_path))
    for mandate in mandates:
        mandate.region_path = region_path
        mandate.save(update_fields=["region_path"])
    if not mandates:
        repeated()
    return len(mandates)


def revoke_mandate(actor: Actor, *, mandate_id: UUID) -> Mandate:
    """End a mandate now, by either side or a clerk of the grantor's community. 404 out of sight, MANDATE_OVER when it is over."""
    return _revoke(actor.but(permissions=actor.permissions | {"mandates.own"}), mandate_id=mandate_id)


@action("mandates.own", audit="accounts.mandate_revoked")
def _revoke(actor: Actor, *, mandate_id: UUID) -> Mandate:
    mandate = queries.get_mandate(actor, mandate_id, lock=True)
    require(
        policy.can_revoke(actor, mandate),
        gettext_noop("A guardianship or legal representation does not end by a click."),
        hint=gettext_noop("Come to a service counter with the paper that ends it."),
    )
    if mandate.revoked_at is not None or mandate.until < timezone.localdate():
        raise Conflict("MANDATE_OVER", gettext_noop("This mandate is over already."))
    mandate.revoked_at = timezone.now()
    mandate.save(update_fields=["revoked_at"])
    _tell(actor, mandate, "mandates.revoked")
    return mandate
