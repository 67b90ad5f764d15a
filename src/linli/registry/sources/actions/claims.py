"""One value offered for one attribute: it stands, or it waits for the community as a claim."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone

from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor
from linli.registry.sources import queries
from linli.registry.sources.models import Claim, Provenance
from linli.registry.sources.types import COLLECTED, Offer

LOCK_DAYS = 365
"""How long what a person has decided stands whatever other offices say (domain/community.md 15.5, a default)."""


def admit(
    subject_id: UUID,
    attribute: str,
    value: str,
    *,
    source: str,
    as_of: date,
    case_id: UUID | None,
    region_path: str,
    party_id: UUID | None,
    verified: bool = False,
) -> bool:
    """Whether a value may be written over what is there. True: its provenance is noted. False: an open claim waits for the community.

    Called by the registers' own actions, inside their transaction. Whose word counts more says the attribute's rule (`engine.Rule`). Provenance is the house's
    own book, so a job's actor keeps it: a resident could otherwise not see (and so overwrite) what a licence said.
    """
    new = queries.source(source)
    with scoped(system_actor("sources.admit")):
        row = Provenance.objects.select_for_update().select_related("source").filter(subject_id=subject_id, attribute=attribute).first()
        said = Offer(new.code, value, as_of, verified)
        stronger = row is None or queries.rule_of(attribute).outranks(said, _standing(row), timezone.localdate())
        claim = Claim(
            subject_id=subject_id,
            attribute=attribute,
            value=value,
            source=new,
            case_id=case_id,
            region_path=region_path,
            party_id=party_id,
            state="applied" if stronger else "open",
        )
        claim.save(force_insert=True)
        if not stronger:
            return False
        if row is None:
            row = Provenance(subject_id=subject_id, attribute=attribute, region_path=region_path, party_id=party_id)
        row.source, row.as_of, row.case_id, row.verified, row.locked_until = new, as_of, case_id, verified, None
        row.save()
    return True


def _standing(row: Provenance) -> Offer:
    return Offer(row.source.code, "", row.as_of, row.verified, row.locked_until)


def close_claim(actor: Actor, claim: Claim, *, applied: bool) -> None:
    """Mark an open claim as decided. When applied, the community stands behind the value and no file overwrites it for `LOCK_DAYS`: somebody checked it."""
    claim.state = "applied" if applied else "rejected"
    claim.save(update_fields=["state"])
    row = Provenance.objects.select_for_update().filter(subject_id=claim.subject_id, attribute=claim.attribute).first()
    if applied and row is not None:  # facts of cases have no provenance of their own
        row.source, row.as_of, row.case_id = queries.source(COLLECTED), claim.made_at.date(), claim.case_id
        row.verified, row.locked_until = True, timezone.localdate() + timedelta(days=LOCK_DAYS)
        row.save()


def lock_value(subject_id: UUID, attribute: str, *, region_path: str, party_id: UUID | None, source: str = COLLECTED) -> date:
    """Somebody of the community has decided what is right: it stands until the day that is returned, whatever files say. Part of the caller's action.

    ``source``: whose word it is, where it is not the community's own.
    """
    today = timezone.localdate()
    with scoped(system_actor("sources.lock")):
        row = Provenance.objects.select_for_update().filter(subject_id=subject_id, attribute=attribute).first()
        row = row or Provenance(subject_id=subject_id, attribute=attribute, region_path=region_path, party_id=party_id)
        row.source, row.as_of, row.case_id = queries.source(source), today, None
        row.verified, row.locked_until = True, today + timedelta(days=LOCK_DAYS)
        row.save()
    return row.locked_until


def open_clue(
    subject_id: UUID,
    attribute: str,
    value: str,
    *,
    case_id: UUID | None,
    region_path: str,
    party_id: UUID | None,
    source: str = COLLECTED,
) -> bool:
    """A hint that waits for the community whatever its source's rank; False when the same one is open already. Inside the caller's scope."""
    rows = Claim.objects.filter(subject_id=subject_id, attribute=attribute, state="open")
    if any(row.value == value for row in rows):
        return False
    Claim(
        subject_id=subject_id,
        attribute=attribute,
        value=value,
        source=queries.source(source),
        case_id=case_id,
        region_path=region_path,
        party_id=party_id,
        state="open",
    ).save(force_insert=True)
    return True
