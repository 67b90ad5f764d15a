"""The facilities of a synthetic city: lamps, covers, squares, day-care centres, about one for 60 people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Final

from linli.foundation.actions.engine import CityContext
from linli.foundation.regions.queries import names_above
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.lib.uuid7 import uuid7_hex
from linli.registry.bodies.engine.spots import Spots
from linli.registry.bodies.queries.city import communities, outlines_below, people_by_community
from linli.registry.facilities.engine.city_facilities import Holder, Made, Maker, Quarter
from linli.registry.facilities.engine.kinds import kinds, layout
from linli.registry.facilities.models import Facility
from linli.registry.facilities.queries.city import COUNTY_LETTERS, STREET_LETTERS, keepers_by_place, units_by_county
from linli.registry.households.actions.city import population_part
from linli.registry.households.actions.loading import Load, city_load, lines
from linli.registry.people.engine.dice import dice

JOB: Final = system_actor("city.facilities")
PORTION: Final = 4000
TABLES: Final = {
    "facilities_facility": "id,code,kind,name,region_id,region_path,address,longitude,latitude,status,status_since,opening_hours,capacity,"
    "phone,confirmed_on",
    "facilities_status": "id,facility_id,status,on,note,region_path",
    "facilities_duty": "id,facility_id,duty,body_id,unit_id,name,since,until,region_path",
}


def build_facilities(city: CityContext) -> None:
    """Nothing where no pack says how, where there are no units, or where facilities were entered before."""
    data = population_part("facilities")
    with scoped(JOB):
        if data is None or Facility.objects.exists():
            return
        people, units, keepers = people_by_community(), units_by_county(), keepers_by_place()
    if not units:
        return
    maker = Maker(city.seed, city.as_of, data, {kind.code: kind.label for kind in kinds().values()}, layout())
    writer, count = _Writer(city), 0
    quarters = list(_quarters(people, units, keepers))
    with city_load(JOB, TABLES) as load:
        for quarter in quarters:
            for made in maker.fill(quarter):
                writer.write(made)
                count += 1
            writer.flush(load, PORTION)
        writer.flush(load)
    city.say(f"{count:,} facilities")


def _quarters(people: Mapping[str, int], units: Mapping[str, dict[str, Holder]], keepers: Mapping[str, list[Holder]]) -> Iterator[Quarter]:
    for region in communities():
        above = names_above(region.path)
        holders = units.get(region.path[: COUNTY_LETTERS // 2], {}) | units.get(region.path[:COUNTY_LETTERS], {})
        if not people.get(region.path) or len(above) < 4 or not holders:
            continue
        outlines = outlines_below(region.path)
        places = [(key, path) for key, (path, _) in outlines.items()]
        yield Quarter(
            path=region.path,
            code=region.code,
            names=(above[0], above[1], above[2], above[3]),
            people=people[region.path],
            places=places[1:] or places,  # its grids, where it has any
            spots={key: Spots(outline) for key, (_, outline) in outlines.items()},
            units={"": next(iter(holders.values())), **holders},
            keepers=keepers.get(region.path[:STREET_LETTERS]) or keepers.get(region.path[:COUNTY_LETTERS], []),
        )


class _Writer:
    """Facilities as rows."""

    def __init__(self, city: CityContext) -> None:
        self._rng: Random = dice("facility keys", city.seed)
        self._ms = (city.as_of.toordinal() - 719_163 - 19) * 86_400_000  # keys of the weeks before the city is seen
        self._rows: dict[str, list[tuple[str | None, ...]]] = {table: [] for table in TABLES}

    def flush(self, load: Load, least: int = 1) -> None:
        if len(self._rows["facilities_facility"]) >= least:
            load.take({table: lines(rows) for table, rows in self._rows.items()})
            self._rows = {table: [] for table in TABLES}

    def _key(self) -> str:
        self._ms += 1
        return uuid7_hex(self._ms, self._rng.getrandbits(74))

    def write(self, made: Made) -> None:
        key, (region, path) = self._key(), made.place
        where = (str(made.position[0]), str(made.position[1])) if made.position else (None, None)
        self._rows["facilities_facility"].append(
            (
                *(key, made.code, made.kind, made.name, region, path, made.address, *where, made.steps[-1][0], made.since.isoformat()),
                *(made.hours, None if made.capacity is None else str(made.capacity), ""),
                made.confirmed.isoformat() if made.confirmed else None,
            )
        )
        for status, on in made.steps:
            self._rows["facilities_status"].append((self._key(), key, status, on.isoformat(), "", path))
        for duty, holder, since in made.duties:
            self._rows["facilities_duty"].append(
                (self._key(), key, duty, holder.body_id, holder.unit_id, holder.name, since.isoformat(), None, path)
            )
