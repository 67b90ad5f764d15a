"""What the organisations of a synthetic city are made of and what of them counts in its checksum."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from django.db.models import Count

from linli.foundation.regions.models import Region
from linli.foundation.types import PATH_END
from linli.lib.divisions import CommunityKind, community_kind
from linli.registry.bodies.engine.city_bodies import Owner
from linli.registry.bodies.models import Body, BodyName, BodyRole, BodyStatus
from linli.registry.households.models import Membership
from linli.registry.people.models import Person

HEAD: Final = "02"
SAMPLED: Final = "[05]$"
"""Numbers of one household in five."""
COMMUNITY_LETTERS: Final = 20
URBAN: Final = (CommunityKind.RESIDENTS, CommunityKind.SIMILAR_RESIDENTS)


def people_by_community() -> dict[str, int]:
    """Path of a community -> people; under a job's rights."""
    found: dict[str, int] = defaultdict(int)
    for path, count in Person.objects.values_list("region_path").annotate(count=Count("pk")).order_by("region_path"):
        found[path[:COMMUNITY_LETTERS]] += count
    return dict(found)


def owners_by_community(*, few: bool) -> dict[str, list[Owner]]:
    """Path of a community -> heads of its households (of a ``few`` of them only), in the order of their numbers."""
    rows = Membership.objects.filter(relation=HEAD, until=None, person__died_on=None)
    rows = rows.filter(household__number__regex=SAMPLED) if few else rows
    found: dict[str, list[Owner]] = defaultdict(list)
    wanted = ("person_id", "person__name", "person__premises_id", "person__region_id", "person__region_path")
    for person, name, premises, grid, path in rows.order_by("household__number").values_list(*wanted).iterator(chunk_size=5000):
        found[path[:COMMUNITY_LETTERS]].append(Owner(person.hex, name, premises.hex if premises else None, grid.hex, path))
    return found


def communities() -> list[Region]:
    """Open communities in the order of their paths."""
    return list(Region.objects.filter(level="community", valid_to=None).order_by("path"))


def outlines_below(path: str) -> dict[str, tuple[str, dict[str, Any] | None]]:
    """Key of a community and of its grids -> (path, outline), the community first."""
    rows = Region.objects.filter(path__gte=path, path__lt=path + PATH_END, valid_to=None).order_by("path")
    return {pk.hex: (at, outline) for pk, at, outline in rows.values_list("pk", "path", "outline")}


def is_urban(code: str) -> bool:
    return community_kind(code) in URBAN


def export_bodies() -> Iterator[str]:
    """Logical values of organisations, their names, statuses and roles; neither keys nor ciphertext."""
    body = (
        *(
            "name",
            "uscc",
            "own_code",
            "kind",
            "authority",
            "status",
            "status_since",
            "representative",
            "address",
            "region__code",
            "longitude",
        ),
        *("latitude", "industry", "capital", "employees", "established_on", "scope", "phone", "has_party", "hazard", "attention"),
    )
    yield from _lines("body", Body.objects.values_list(*body))
    yield from _lines("body name", BodyName.objects.values_list("body__uscc", "body__own_code", "name", "since", "until"))
    yield from _lines("body status", BodyStatus.objects.values_list("body__uscc", "body__own_code", "status", "on", "note"))
    yield from _lines(
        "body role",
        BodyRole.objects.values_list("body__uscc", "body__own_code", "role", "name", "person__id_number", "share", "since", "until"),
    )


def _lines(kind: str, rows: Any) -> Iterator[str]:
    for row in rows.iterator(chunk_size=5000):
        yield kind + "\t" + "\t".join("" if value is None else str(value) for value in row)
