"""Ratings of a synthetic city, as the builder `ratings` of `manage.py city`: all five levels, a few bad ones, most of them called back.

Equal arguments give equal ratings. The newest bad ones still wait for a call, so that the calling office has something to do; they are
opened by the same code as a resident's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID
from zlib import crc32

from django.conf import settings
from django.utils.translation import gettext, override

from linli.cases.casefile.models import Case, Task
from linli.cases.catalogue.queries import definition_of
from linli.cases.evaluation.actions.rating import CALL, NAMES, RECTIFY, follow, within
from linli.cases.evaluation.engine import BAD, tags, token_of
from linli.cases.evaluation.engine.tokens import KIND
from linli.cases.evaluation.engine.voices import Complaint, Said, Voices, voices
from linli.cases.evaluation.models import CallBack, Evaluation
from linli.cases.evaluation.queries import call_back_office
from linli.cases.supervision.queries import params
from linli.foundation.accounts.models import PostHolding
from linli.foundation.actions.engine import CityContext
from linli.foundation.calendar.queries import current
from linli.foundation.calendar.types import day_start, local_day
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.foundation.units.models import Unit

BUILDER = system_actor("city.ratings")
BATCH = 2000
WAITING = 6  # newest bad ratings that nobody has called back yet; the last two of them are being put right
RATED_WITHIN_H = 72
QUIET = timedelta(days=14)  # the last days are those of the calls that wait; a long holiday fits in
OVER = ("closed", "delivered", "archived")


@dataclass
class Lot:
    """Rows that are written together."""

    ratings: list[Evaluation] = field(default_factory=list)
    calls: list[CallBack] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)

    def write(self) -> None:
        for model, rows in ((Evaluation, self.ratings), (CallBack, self.calls), (Task, self.tasks)):
            model._base_manager.bulk_create(rows, batch_size=BATCH)  # type: ignore[arg-type]
            rows.clear()


class Raters:
    """Who rates what, and who calls back; one for a whole build."""

    def __init__(self, words: Voices, seed: int, now: datetime) -> None:
        self.words, self.seed, self.now = words, seed, now
        self._codes: dict[UUID, list[str]] = {}
        self._callers: dict[UUID, list[tuple[UUID, str]]] = {}
        self._offices: dict[str, Unit | None] = {}
        with override(settings.LANGUAGE_CODE):
            self.names = {key: gettext(name) for key, name in NAMES.items()}

    def rng(self, number: str) -> Random:
        return Random(f"{self.seed}:{number}:rating")  # noqa: S311 - repeatable on purpose, nothing secret

    def comes(self, number: str) -> bool:
        """Whether somebody rates at all; asked of every case, hence no generator."""
        return crc32(f"{self.seed}:{number}".encode()) % 10_000 < self.words.rate * 10_000

    def codes(self, version_id: UUID) -> list[str]:
        if version_id not in self._codes:
            self._codes[version_id] = [tag.code for tag in tags(definition_of(version_id).spec.evaluation_tags)]
        return self._codes[version_id]

    def office(self, path: str) -> Unit | None:
        if path not in self._offices:
            self._offices[path] = call_back_office(path)
        return self._offices[path]

    def caller(self, office: Unit | None, rng: Random) -> tuple[UUID | None, str]:
        """Somebody of the office, as it is staffed on the day of the build."""
        if office is None:
            return None, ""
        if office.pk not in self._callers:
            held = PostHolding.objects.filter(post__unit=office, until=None, user__is_active=True).order_by("user__username")
            self._callers[office.pk] = list(held.values_list("user_id", "user__name"))
        there = self._callers[office.pk]
        return there[int(rng.random() * len(there))] if there else (None, "")

    def rating(self, case: Case, said: Said, at: datetime) -> Evaluation:
        return Evaluation(
            case=case,
            region_path=case.region_path,
            unit_id=case.unit_id,
            score=said.score,
            tags=list(said.tags),
            comment=said.comment,
            channel="portal" if case.channel == "portal" else "track",
            rated_at=at,
            state="closed",
        )

    def past(self, lot: Lot, case: Case, at: datetime, rng: Random) -> None:
        """A case that was rated some time ago; a bad rating was called back, and mended where it was right."""
        score = self.words.score(rng)
        if score not in BAD:
            lot.ratings.append(self.rating(case, self.words.praise(rng, case.matter_code, score, self.codes(case.version_id)), at))
            return
        complaint = self.words.complaint(rng)
        rating = self.rating(case, complaint.said, at)
        rating.call_back_by = within(params().callback_days, at)
        lot.ratings.append(rating)
        called = _office_hour(at, rng)
        self._called(lot, rating, complaint.found, complaint.note, CALL, at, called, rng)
        if complaint.mended:
            self._called(lot, rating, "rectified", complaint.mended, RECTIFY, called, _office_hour(called, rng), rng)

    def _called(
        self, lot: Lot, rating: Evaluation, verdict: str, note: str, step: str, opened: datetime, at: datetime, rng: Random
    ) -> None:
        """A call, or a putting right, with the task it was."""
        case, office = rating.case, self.office(rating.region_path)
        who, name = self.caller(office, rng)
        rating.state = verdict
        lot.calls.append(CallBack(evaluation=rating, at=at, by_user=who, verdict=verdict, note=note))
        lot.tasks.append(
            Task(
                case=case,
                step_id=step,
                token_id=token_of(rating.pk),
                name=self.names[step],
                kind=KIND,
                line=office.line if office else case.line,
                level=case.level,
                region_path=office.region_path if office else case.region_path,
                unit_id=office.pk if office else None,
                unit_name=office.name if office else "",
                number=case.number,
                matter_code=case.matter_code,
                title=case.title,
                applicant=case.applicant,
                state="done",
                outcome=verdict,
                opinion=note,
                opened_at=opened,
                due_at=within(params().callback_days if step == CALL else params().rectify_days, rating.rated_at),
                done_at=at,
                done_by=who,
                done_by_name=name,
            )
        )


def _office_hour(at: datetime, rng: Random) -> datetime:
    """Some minute of the working day after a rating, in time for the call."""
    return day_start(current().next_workday(local_day(at))) + timedelta(hours=9, minutes=int(rng.random() * 420))


def rate_city(city: CityContext) -> None:
    """Rate some of the finished cases. Without a pack that has words nobody rates."""
    words = voices([Path(settings.PACKS_DIR) / name for name in settings.PACKS])
    with scoped(BUILDER):
        if words is None or not city.cases or Evaluation.objects.exists():
            city.say("  none added")
            return
        raters = Raters(words, city.seed, day_start(city.as_of))
        newest = _newest(raters)
    done = sum(_write(raters, run, newest) for run in _runs(raters))
    with scoped(BUILDER):
        for place, number in enumerate(newest):
            _complain(raters, Case.objects.select_related("region").get(number=number), place)
    city.say(f"  {done + len(newest):,} ratings")


def _finished(before: datetime) -> Any:
    """Cases that were decided and can have been rated."""
    return Case.objects.filter(state__in=OVER, outcome__in=("granted", "refused"), closed_at__lt=before)


def _newest(raters: Raters) -> list[str]:
    """Numbers of the cases whose bad rating still waits: of those closed of late, but before any of these ratings."""
    rows = _finished(raters.now - timedelta(days=15)).filter(closed_at__gt=raters.now - timedelta(days=60), level__lte=3)
    return list(rows.order_by("-closed_at", "number").values_list("number", flat=True)[: WAITING * 3 : 3])


def _runs(raters: Raters) -> Iterator[list[UUID]]:
    """Keys of the cases somebody rates, batch by batch."""
    with scoped(BUILDER):
        rows = _finished(raters.now).order_by("number").values_list("pk", "number").iterator(chunk_size=20_000)
        keys = [pk for pk, number in rows if raters.comes(number)]
    found = iter(keys)
    while run := list(islice(found, BATCH)):
        yield run


def _write(raters: Raters, keys: Sequence[UUID], left_out: Sequence[str]) -> int:
    lot = Lot()
    with scoped(BUILDER):
        rows = Case.objects.filter(pk__in=keys).exclude(number__in=left_out).defer("phone", "decision")  # nothing is decrypted
        for case in rows.order_by("number"):
            rng = raters.rng(case.number)
            at = (case.closed_at or raters.now) + timedelta(minutes=30 + int(rng.random() ** 2 * RATED_WITHIN_H * 60))
            if at < raters.now - QUIET:
                raters.past(lot, case, at, rng)
        count = len(lot.ratings)
        lot.write()
    return count


def _complain(raters: Raters, case: Case, place: int) -> None:
    """A bad rating of the last days, opened as a resident's own is: the first of them is late already, the last two are being mended."""
    rng = raters.rng(case.number)
    mending = place >= WAITING - 2
    complaint = raters.words.complaint(rng, mended=mending)
    day = _workdays_before(local_day(raters.now), 4 if place == 0 else 2 if mending else 1)
    rating = raters.rating(case, complaint.said, day_start(day) + timedelta(hours=10, minutes=17 * place))
    rating.state, rating.call_back_by = "new", within(params().callback_days, rating.rated_at)
    rating.save(force_insert=True)
    task = follow(rating, CALL, now=rating.rated_at, due_at=rating.call_back_by)
    if mending and task is not None:
        _half_done(raters, rating, task, complaint, rng)


def _workdays_before(day: date, count: int) -> date:
    while count:
        day -= timedelta(days=1)
        count -= current().is_workday(day)
    return day


def _half_done(raters: Raters, rating: Evaluation, task: Task, complaint: Complaint, rng: Random) -> None:
    """Called back and found right: what is to be put right is open."""
    at = _office_hour(rating.rated_at, rng)
    task.done_by, task.done_by_name = raters.caller(raters.office(rating.region_path), rng)
    task.state, task.outcome, task.opinion, task.done_at = "done", complaint.found, complaint.note, at
    task.save()
    CallBack(evaluation=rating, at=at, by_user=task.done_by, verdict=complaint.found, note=complaint.note).save(force_insert=True)
    rating.state = complaint.found
    rating.save(update_fields=["state"])
    follow(rating, RECTIFY, now=at, due_at=within(params().rectify_days, rating.rated_at))


def export_lines() -> Iterator[str]:
    """One line a rating of what is logically there, for the city's checksum."""
    rows = Evaluation.objects.order_by("case__number").values_list(
        "case__number", "score", "tags", "comment", "channel", "rated_at", "state", "call_back_by"
    )
    for row in rows.iterator(chunk_size=5000):
        yield "\t".join(str(value) for value in row)
