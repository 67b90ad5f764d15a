"""A visit is made: how it ended, a note, a photo, where the phone was, and what was confirmed on the spot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from io import BytesIO
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext

from linli.foundation.actions.actions import action, require
from linli.foundation.files.actions import store
from linli.foundation.sync.types import Answer, State
from linli.foundation.topics.actions import emit
from linli.foundation.types import Actor
from linli.lib.errors import Invalid
from linli.registry.collection import policy, queries
from linli.registry.collection.models import Visit
from linli.registry.collection.types import CONFIRMED, NOTE_LENGTH, PHOTO_BYTES, RESULTS, Report
from linli.registry.people.actions import apply_value
from linli.registry.people.queries import find_person, text_of
from linli.registry.sources.types import COLLECTED

AGAIN_DAYS = 3
"""When nobody was home, one comes again after so many days."""
TRIES = 3
"""So often; then the next cycle counts."""


@action("collection.visit", audit="collection.visit_made")
def finish_visit(actor: Actor, *, visit_ids: Sequence[UUID], report: Report) -> Answer:
    """Write down how visits at one home ended. A visit that ended already keeps its end (a visit made beats one that was not); notes and photos are added.

    Errors: VISIT_UNKNOWN, RESULT_UNKNOWN, NOTE_LONG, those of photos (field ``photo``).
    """
    if report.result not in RESULTS:
        raise Invalid("RESULT_UNKNOWN", "Say how the visit ended.", field="result")
    if len(report.note) > NOTE_LENGTH:
        raise Invalid("NOTE_LONG", "At most %(most)s characters.", field="note", data={"most": NOTE_LENGTH})
    if not visit_ids:
        raise Invalid("VISIT_MISSING", "Say whom you visited.", field="visits")
    visits = [queries.get_visit(actor, pk, lock=True) for pk in sorted(set(visit_ids))]
    for visit in visits:
        require(policy.can_visit(actor, visit))
    photo = keep_photo(actor, visits[0].region_path, report.photo, timezone.localdate(report.at)) if report.photo else ""
    before = [visit.done_by for visit in visits if visit.state in RESULTS]
    for visit in visits:
        _end(actor, visit, report, photo)
    changed = _confirm(actor, {visit.person_id for visit in visits}, report)
    return Answer(State.ACCEPTED, {"text": _told(before, changed)})


def _end(actor: Actor, visit: Visit, report: Report, photo: str) -> None:
    first = visit.state in ("due", "void")
    if first or report.result == "done":
        visit.state, visit.done_at, visit.done_by = report.result, min(report.at, timezone.now()), actor.label[:80]
        visit.worker_id = actor.user_id
        if report.position is not None:
            where = report.position
            visit.longitude, visit.latitude, visit.accuracy = where.longitude, where.latitude, where.accuracy
    if report.note:
        visit.note = "\n".join(part for part in (visit.note or "", report.note if first else f"{actor.label}: {report.note}") if part)
    if photo:
        visit.photos = [*visit.photos, photo]
    visit.save()
    if first and report.result == "nobody":
        _come_again(visit)
    elif not first and report.result == "done":  # somebody was met after all: nobody has to come again
        tries = Visit.objects.filter(person_id=visit.person_id, cycle=visit.cycle, state="due")
        tries.filter(period__startswith=visit.period.partition("#")[0] + "#").update(state="void")
    emit("collection.visit_made", region_path=visit.region_path, visit_id=visit.pk)


def _come_again(visit: Visit) -> None:
    start, _, tries = visit.period.partition("#")
    number = int(tries or 1) + 1
    if number > TRIES or Visit.objects.filter(person_id=visit.person_id, cycle=visit.cycle, state="due").exists():
        return
    Visit(
        person_id=visit.person_id,
        premises_id=visit.premises_id,
        region_path=visit.region_path,
        cycle=visit.cycle,
        reason="nobody" if not visit.reason else visit.reason,
        period=f"{start}#{number}",
        due_on=timezone.localdate() + timedelta(days=AGAIN_DAYS),
        worker_id=visit.worker_id,
    ).save(force_insert=True)


def keep_photo(actor: Actor, region_path: str, content: bytes, on: date) -> str:
    """The key of the stored photo; the same right as the visit's decides who sees it. Part of the caller's action."""
    ending = "png" if content.startswith(b"\x89PNG") else "jpg"
    stored = store(
        actor.but(permissions=actor.permissions | {"files.upload"}),
        upload=BytesIO(content),
        name=f"visit-{on:%Y%m%d}.{ending}",
        region_path=region_path,
        accept=("image/jpeg", "image/png"),
        max_bytes=PHOTO_BYTES,
    )
    return str(stored.pk)


def _confirm(actor: Actor, people: set[UUID], report: Report) -> bool:
    """Telephone and address stand as of today, checked on the spot; whether one had changed since the phone showed it (then it is left alone)."""
    changed = False
    for person_id, attribute, version in report.confirmed:
        person = find_person(actor, person_id)
        if person is None or attribute not in CONFIRMED or not text_of(person, attribute):
            continue
        if person_id not in people or queries.version_of(person, attribute) != version:
            changed = True
            continue
        write_value(actor, person_id, attribute, text_of(person, attribute), report)
    return changed


def write_value(actor: Actor, person_id: UUID, attribute: str, value: str, report: Report) -> bool:
    """What somebody saw on the spot, by the rule of sources; False: a stronger source says otherwise, the community decides."""
    lent = actor.but(permissions=actor.permissions | {"people.correct"})
    on = min(timezone.localdate(report.at), timezone.localdate())
    return apply_value(lent, person_id=person_id, attribute=attribute, value=value, source=COLLECTED, as_of=on, verified=True)


def _told(before: Sequence[str], changed: bool) -> str:
    parts = [gettext("Written down.")]
    if before:
        parts.append(gettext("%(who)s had ended this visit already; yours was added.") % {"who": before[0] or "–"})
    if changed:
        parts.append(gettext("A value had changed meanwhile and was not confirmed."))
    return " ".join(parts)
