"""One organisation and what hangs on it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from linli.foundation.regions import queries as regions
from linli.foundation.regions.engine import Locate, Place
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.engine import blind_index
from linli.foundation.scope.queries import kept
from linli.foundation.types import Actor, system_actor
from linli.lib.contact import parse_phone
from linli.lib.errors import Conflict, LinliError, NotFound
from linli.lib.names import bigrams
from linli.lib.uscc import platform_org_code
from linli.lib.uuid7 import uuid7_ms
from linli.registry.bodies import policy
from linli.registry.bodies.engine.values import written
from linli.registry.bodies.models import Body, BodyName, BodyRole, BodyStatus, Succession
from linli.registry.bodies.types import ATTRIBUTES, PHONE_INDEX, PREFIX
from linli.registry.sources.queries import heard, origins_of, source
from linli.registry.sources.types import COLLECTED, Offer, Origin, Standing

LONGEST_CHAIN: Final = 50
MOST_SERIALS: Final = 9999
SHOWN: Final = ("name", "status", "representative", *ATTRIBUTES)
"""What the page of a body shows with its source."""


def visible_bodies(actor: Actor) -> QuerySet[Body]:
    return Body.objects.filter(policy.bodies.visible(actor))


@kept
def _body(key: UUID) -> QuerySet[Body]:
    return Body.objects.filter(pk=key).select_related("region", "premises")


@kept
def _body_locked(key: UUID) -> QuerySet[Body]:
    return Body.objects.filter(pk=key).select_for_update()


def find_body(actor: Actor, pk: UUID) -> Body | None:
    """One body, if in sight."""
    found = _body.in_sight(policy.bodies, actor, pk)
    return found[0] if found else None


def get_body(actor: Actor, pk: UUID, *, lock: bool = False) -> Body:
    """One body in the actor's sight; `NotFound` otherwise."""
    found = (_body_locked if lock else _body).in_sight(policy.bodies, actor, pk)
    if not found:
        raise NotFound("BODY_UNKNOWN", "There is no such organisation in your area.", hint="Search by its name or credit code.")
    return found[0]


def by_uscc(actor: Actor, code: str) -> Body | None:
    """The body with a credit code, if in sight."""
    return visible_bodies(actor).filter(uscc=code).first() if code else None


def phone_index(number: str) -> bytes:
    """How bodies are found by a telephone; what is no number finds none."""
    try:
        return blind_index(parse_phone(number).number, PHONE_INDEX)
    except LinliError:
        return b""


def grams_of(names: Collection[str]) -> set[str]:
    """What a body with these names is found by."""
    return {gram for name in names for gram in bigrams(name)}


def known_names(actor: Actor, body: Body) -> list[BodyName]:
    """The name it has, then those it had, the latest first."""
    rows = BodyName.objects.filter(policy.names.visible(actor), body=body)
    return sorted(rows, key=lambda row: (row.until is None, row.until or date.min, str(row.pk)), reverse=True)


def statuses_of(actor: Actor, body: Body) -> list[BodyStatus]:
    """What became of it, newest first."""
    return list(BodyStatus.objects.filter(policy.statuses.visible(actor), body=body).order_by("-on", "-id"))


def roles_of(actor: Actor, *, body: Body | None = None, person_id: UUID | None = None) -> list[BodyRole]:
    """Who is or was what in a body, or what a person is or was in bodies in sight; the present first."""
    rows = BodyRole.objects.filter(policy.roles.visible(actor)).select_related("body", "person")
    if body is not None:
        rows = rows.filter(body=body)
    if person_id is not None:
        rows = rows.filter(person_id=person_id)
    return sorted(rows, key=lambda row: (row.until is not None, row.role, row.since or date.min, str(row.pk)))


def get_role(actor: Actor, body: Body, pk: UUID) -> BodyRole:
    """One role in a body; `NotFound` otherwise."""
    role = BodyRole.objects.filter(policy.roles.visible(actor), body=body, pk=pk).first()
    if role is None:
        raise NotFound("ROLE_UNKNOWN", "Nobody holds such a role here.")
    return role


def chain_of(actor: Actor, body: Body) -> tuple[list[Succession], list[Succession]]:
    """(what went into the body, and into those, back to the beginning; what it went into, and so on), as far as the actor sees."""
    return _walk(actor, body.pk, "successor_id", "predecessor_id"), _walk(actor, body.pk, "predecessor_id", "successor_id")


def _walk(actor: Actor, start: UUID, here: str, there: str) -> list[Succession]:
    found: list[Succession] = []
    waiting, seen = {start}, {start}
    while waiting and len(found) < LONGEST_CHAIN:
        rows = Succession.objects.filter(policy.successions.visible(actor), Q(**{f"{here}__in": list(waiting)}))
        step = list(rows.select_related("successor", "predecessor").order_by("-on", "id"))
        found += step
        waiting = {getattr(row, there) for row in step} - seen
        seen |= waiting
    return found


def text_of(body: Body, attribute: str) -> str:
    """A value as text, "" where nobody has said."""
    return written(getattr(body, attribute))


def entered_on(pk: UUID) -> date:
    """The day a body came into the register."""
    return datetime.fromtimestamp(uuid7_ms(pk) / 1000, UTC).astimezone(timezone.get_current_timezone()).date()


def standing_of(body: Body) -> Standing:
    """The body as sources weigh it, but for the number of who heads it."""
    return Standing(body.pk, body.region_path, None, entered_on(body.pk), {PREFIX + name: text_of(body, name) for name in SHOWN})


def origins_of_body(actor: Actor, body: Body) -> dict[str, Origin]:
    """Attribute -> whose word it is, as far as it was noted. The caller has read the body under the actor's rights."""
    found = origins_of(actor, [standing_of(body)])[body.pk]
    return {name.removeprefix(PREFIX): origin for name, origin in found.items()}


def usual_origin(body: Body) -> Origin:
    """Whose word a value is of which nothing was noted: the community's, since the body came into the register."""
    place = source(COLLECTED)
    return Origin(place.code, place.name, place.rank, entered_on(body.pk))


@dataclass(frozen=True)
class Heard:
    """What one source says of an attribute. ``score`` is None for what has no say; ``stands``: it is the value of the register."""

    label: str
    offer: Offer
    score: float | None
    stands: bool


def heard_of(actor: Actor, body: Body, attribute: str) -> list[Heard]:
    """Who says what of one attribute, what stands first, then the best. The caller has read the body under the actor's rights."""
    one, today = standing_of(body), timezone.localdate()
    offers, rule = heard(actor, one, PREFIX + attribute)
    value = one.values[PREFIX + attribute]
    scored = [(o, rule.score(o, today) if rule.hears(o.source) else None) for o in offers]
    scored.sort(key=lambda told: (told[0].value == value, told[1] or 0.0, told[0].as_of), reverse=True)
    return [Heard(source(o.source).name, o, score, not place and o.value == value) for place, (o, score) in enumerate(scored)]


def next_own_code(division: str) -> str:
    """The next free code of the platform in a division, for the caller who holds the region's row; `Conflict` when all are given."""
    begins = f"ZD{division[:12]}"
    with scoped(system_actor("bodies.codes")):
        last = Body.objects.filter(own_code__gte=begins, own_code__lt=begins + "~").aggregate(last=Max("own_code"))["last"]
    serial = int(last[-4:]) + 1 if last else 1
    if serial > MOST_SERIALS:
        raise Conflict("CODES_USED_UP", "All codes of this community are given.", hint="Tell the operator.")
    return platform_org_code(division[:12], serial)


def tied_to_bodies(ids: Collection[UUID]) -> set[UUID]:
    """Of some people those who are or were something in a body. Under a job's rights."""
    rows = BodyRole.objects.filter(person_id__in=list(ids)).values_list("person_id", flat=True)
    return {pk for pk in rows if pk is not None}


def misplaced(lo: str, hi: str, locate: Locate) -> list[tuple[UUID, Place]]:
    """Organisations of a community whose position lies in another grid than they are entered in, each with that grid; for a job's actor."""
    return regions.misplaced(Body.objects.filter(region_path__gte=lo, region_path__lt=hi), locate)


def number_within(lo: str, hi: str) -> int:
    """How many bodies that are not deregistered a subtree of regions has, for a job's actor that sees all of it."""
    return Body.objects.filter(region_path__gte=lo, region_path__lt=hi).exclude(status="deregistered").count()
