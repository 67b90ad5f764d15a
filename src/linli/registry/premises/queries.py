"""Reading homes."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.db import connection
from django.db.models import Avg, Count, Q, QuerySet
from django.db.models.functions import Substr

from linli.foundation.maps.engine import snapped
from linli.foundation.maps.types import Ask, Box, Feature, Tally
from linli.foundation.regions import queries as regions
from linli.foundation.regions.engine import Locate, Place
from linli.foundation.regions.models import Region
from linli.foundation.regions.queries import at_level
from linli.foundation.types import PATH_END, Actor
from linli.lib.address import full_address, parse_address
from linli.lib.errors import LinliError, NotFound
from linli.lib.masking import mask_address, mask_coordinates
from linli.lib.names import bigrams, search_key
from linli.registry.premises.models import Premises
from linli.registry.premises.policy import premises


def visible(actor: Actor) -> QuerySet[Premises]:
    return Premises.objects.filter(premises.visible(actor))


def get_premises(actor: Actor, pk: UUID, *, lock: bool = False) -> Premises:
    """One home in the actor's sight; `NotFound` otherwise."""
    rows = visible(actor).filter(pk=pk)
    home = (rows.select_for_update() if lock else rows).first()
    if home is None:
        raise NotFound("PREMISES_UNKNOWN", "There is no such home.")
    return home


def by_addr_code(actor: Actor, code: str) -> Premises | None:
    return visible(actor).filter(addr_code=code).first()


def find_by_address(actor: Actor, text: str, *, limit: int = 50) -> list[Premises]:
    """Homes in sight whose address holds ``text``, as typed or as the standard writes it ("3#2-1203"); in the order of their codes.

    Less than two characters find nothing.
    """
    for part in dict.fromkeys((_standard(text), search_key(text))):
        words, likely = bigrams(part), part.translate(_LIKE)
        if len(part) < 2:
            continue
        with connection.cursor() as cursor:
            lo, hi = [r.lo for r in actor.ranges], [r.hi for r in actor.ranges]
            cursor.execute("SELECT premises_by_words(%s, %s, %s::text[], %s::text[], %s)", [words, likely, lo, hi, limit])
            keys = [row[0] for row in cursor.fetchall()]
        if keys:
            return list(visible(actor).filter(pk__in=keys).order_by("addr_code")[:limit])
    return []


_LIKE = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


def _standard(text: str) -> str:
    """What somebody typed, as `lib.address` writes it; a short form without a room word is left open behind ("12" is also the beginning of 1203)."""
    try:
        parts = parse_address(text)
    except LinliError:
        return ""
    if not (parts.building or parts.unit or parts.room):
        return ""
    return search_key(full_address(replace(parts, province="", floor="")))


def neighbours(actor: Actor, home: Premises, *, limit: int = 400) -> list[Premises]:
    """The homes of the same estate of the same community in sight, in the order of their codes; of a house without an estate nothing."""
    if not home.estate:
        return []
    rows = visible(actor).filter(
        region_path__gte=home.region_path[:20], region_path__lt=home.region_path[:20] + PATH_END, estate=home.estate
    )
    return list((rows.filter(building=home.building) if home.building else rows).order_by("addr_code")[:limit])


def buildings(actor: Actor, home: Premises) -> list[tuple[str, UUID]]:
    """The buildings of a home's estate, each with its first home."""
    if not home.estate or not home.building:
        return []
    rows = visible(actor).filter(
        region_path__gte=home.region_path[:20], region_path__lt=home.region_path[:20] + PATH_END, estate=home.estate
    )
    found = rows.exclude(building="").order_by("building", "addr_code").distinct("building").values_list("building", "id")
    return sorted(found, key=lambda row: (len(row[0]), row[0]))


def in_region(actor: Actor, path: str, *, estate: str = "", building: str = "", limit: int = 200) -> list[Premises]:
    """Homes below a region in the order of their codes, at most ``limit``."""
    rows = visible(actor).filter(region_path__gte=path, region_path__lt=path + PATH_END)
    if estate:
        rows = rows.filter(estate=estate)
    if building:
        rows = rows.filter(building=building)
    return list(rows.order_by("addr_code")[:limit])


def number_within(lo: str, hi: str) -> int:
    """How many homes a subtree of regions has, for a job's actor that sees all of it."""
    return Premises.objects.filter(region_path__gte=lo, region_path__lt=hi).count()


# ---- on the map: positions to three decimals, addresses down to the estate, nobody's name (domain/community.md 13.2) ----

MOST_TALLIES = 400


def _within(actor: Actor, box: Box | None) -> QuerySet[Premises]:
    rows = visible(actor).filter(status="active", longitude__isnull=False, latitude__isnull=False)
    if box is None:
        return rows
    wanted = Q(pk__in=[])
    for half in map(snapped, box.halves()):
        wanted |= Q(longitude__gte=half.west, longitude__lte=half.east, latitude__gte=half.south, latitude__lte=half.north)
    return rows.filter(wanted)


def _asked(actor: Actor, ask: Ask) -> QuerySet[Premises]:
    return _within(actor, ask.box).filter(**{name: ask.filters[name] for name in ("estate", "building") if name in ask.filters})


def on_map(actor: Actor, ask: Ask) -> list[Feature]:
    """Homes in sight that have a position, in the order of their codes."""
    return [_feature(home) for home in _asked(actor, ask).filter(addr_code__gt=ask.after).order_by("addr_code")[: ask.limit]]


def number_on_map(actor: Actor, ask: Ask) -> int:
    return _asked(actor, ask).count()


def one_on_map(actor: Actor, key: str) -> Feature | None:
    try:
        pk = UUID(key)
    except ValueError:
        return None
    home = _within(actor, None).filter(pk=pk).first()
    return _feature(home) if home else None


def _feature(home: Premises) -> Feature:
    assert home.longitude is not None and home.latitude is not None  # noqa: S101 - narrows a type
    at = mask_coordinates(home.longitude, home.latitude)
    named = {"name": mask_address(home.address), "estate": home.estate, "building": home.building}
    return Feature(str(home.id), {"type": "Point", "coordinates": list(at)}, named, home.addr_code)


def tally_on_map(actor: Actor, box: Box, level: str) -> list[Tally]:
    """How many homes in sight lie in each region of ``level`` within the box, and about where."""
    length = len(at_level("0" * 40, level))
    rows = _within(actor, box).annotate(part=Substr("region_path", 1, length)).values("part").order_by("part")
    found = list(rows.annotate(n=Count("pk"), x=Avg("longitude"), y=Avg("latitude"))[:MOST_TALLIES])
    names = dict(Region.objects.filter(path__in=[row["part"] for row in found]).values_list("path", "name"))
    return [Tally(names.get(row["part"], ""), row["n"], *mask_coordinates(row["x"], row["y"])) for row in found]


def misplaced(lo: str, hi: str, locate: Locate) -> list[tuple[UUID, Place]]:
    """Homes of a community whose position lies in another grid than they are entered in, each with that grid; for a job's actor."""
    return regions.misplaced(Premises.objects.filter(region_path__gte=lo, region_path__lt=hi), locate)
