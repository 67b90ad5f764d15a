"""The organisations of a synthetic city: shops, companies, schools, committees, teams on file, about one for 25 people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any, Final

from linli.foundation.actions.engine import CityContext
from linli.foundation.regions.queries import names_above
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.engine import keyring
from linli.foundation.types import system_actor
from linli.lib.names import bigrams
from linli.lib.uuid7 import uuid7_hex
from linli.registry.bodies.engine.city_bodies import Made, Maker, Quarter
from linli.registry.bodies.engine.spots import Spots
from linli.registry.bodies.models import Body
from linli.registry.bodies.queries import city as queries
from linli.registry.bodies.types import PHONE_INDEX
from linli.registry.households.actions.city import population_data, population_part
from linli.registry.households.actions.loading import Load, city_load, lines
from linli.registry.people.engine.dice import dice
from linli.registry.people.engine.namebook import NameBook

JOB: Final = system_actor("city.bodies")
PORTION: Final = 4000
SMALL: Final = 100_000
"""People up to whom the head of every household may have a business; in larger cities one household in five is asked."""
TABLES: Final = {
    "bodies_body": "id,name,uscc,no_uscc_reason,own_code,org_code,registration_no,kind,authority,supervisor,status,status_since,representative,address,"
    "premises_id,region_id,region_path,longitude,latitude,industry,capital,employees,established_on,scope,phone,phone_index,"
    "has_party,has_league,has_union,has_women,hazard,attention",
    "bodies_name": "id,body_id,name,since,until,region_path",
    "bodies_gram": "id,body_id,gram,region_path",
    "bodies_status": "id,body_id,status,on,note,region_path",
    "bodies_role": "id,body_id,person_id,name,role,share,since,until,region_path",
}
Rows = dict[str, list[tuple[str | None, ...]]]


def build_bodies(city: CityContext) -> None:
    """Nothing where no pack says how, or where organisations were entered before."""
    data = population_part("bodies")
    with scoped(JOB):
        if data is None or Body.objects.exists():
            return
        people, owners = queries.people_by_community(), queries.owners_by_community(few=city.people > SMALL)
    maker = Maker(city.seed, city.as_of, data, NameBook(population_data()[0]))
    writer, count = _Writer(city, data), 0
    quarters = list(_quarters(people, owners))
    with city_load(JOB, TABLES) as load:
        for quarter in quarters:
            for made in maker.fill(quarter):
                writer.write(made)
                count += 1
            writer.flush(load, PORTION)
        writer.flush(load)
    city.say(f"{count:,} organisations")


def _quarters(people: Mapping[str, int], owners: Mapping[str, Any]) -> Iterator[Quarter]:
    for region in queries.communities():
        above = names_above(region.path)
        if not people.get(region.path) or len(above) < 4:
            continue
        yield Quarter(
            region_id=region.id.hex,
            path=region.path,
            code=region.code,
            names=(above[0], above[1], above[2], above[3]),
            urban=queries.is_urban(region.code),
            people=people[region.path],
            owners=owners.get(region.path, []),
            spots={key: Spots(outline) for key, (_, outline) in queries.outlines_below(region.path).items()},
        )


class _Writer:
    """Organisations as rows; telephones encrypted and indexed."""

    def __init__(self, city: CityContext, data: Mapping[str, Any]) -> None:
        self._ring, self._reason = keyring(), str(data["no_code"])
        self._rng: Random = dice("body keys", city.seed)
        self._ms = (city.as_of.toordinal() - 719_163 - 20) * 86_400_000  # keys of three weeks before the city is seen
        self._rows: Rows = {table: [] for table in TABLES}

    def flush(self, load: Load, least: int = 1) -> None:
        if len(self._rows["bodies_body"]) >= least:
            load.take({table: lines(rows) for table, rows in self._rows.items()})
            self._rows = {table: [] for table in TABLES}

    def _key(self) -> str:
        self._ms += 1
        return uuid7_hex(self._ms, self._rng.getrandbits(74))

    def write(self, made: Made) -> None:
        key, path, rows = self._key(), made.path, self._rows
        rows["bodies_body"].append(self._body(key, made))
        began, turned = made.established.isoformat(), made.former[1].isoformat() if made.former else None
        if made.former:
            rows["bodies_name"].append((self._key(), key, made.former[0], began, turned, path))
        rows["bodies_name"].append((self._key(), key, made.name, turned or began, None, path))
        names = [made.name, *([made.former[0]] if made.former else [])]
        rows["bodies_gram"] += [(self._key(), key, gram, path) for gram in sorted({gram for name in names for gram in bigrams(name)})]
        rows["bodies_status"].append((self._key(), key, "active", began, "", path))
        if made.status != "active":
            rows["bodies_status"].append((self._key(), key, made.status, made.status_since.isoformat(), "", path))
        until = made.status_since.isoformat() if made.status == "deregistered" else None
        name, person, role = made.head
        for who, party, what, share in [(name, person, role, None), *made.others]:
            rows["bodies_role"].append((self._key(), key, party, who, what, None if share is None else str(share), began, until, path))

    def _body(self, key: str, made: Made) -> tuple[str | None, ...]:
        place = (str(made.place[0]), str(made.place[1])) if made.place else (None, None)
        sealed, index = self._ring.encrypt(made.phone), self._ring.blind_index(made.phone, PHONE_INDEX)
        return (
            *(key, made.name, made.uscc, "" if made.uscc else self._reason, made.own_code, made.uscc[8:17], ""),
            *(made.kind, made.authority, ""),
            *(made.status, made.status_since.isoformat(), made.head[0], made.address, made.premises_id, made.region_id, made.path, *place),
            *(str(made.plan["industry"]), None if made.capital is None else str(made.capital), str(made.employees)),
            *(made.established.isoformat(), str(made.plan["scope"]), "\\x" + sealed.hex(), "\\x" + index.hex()),
            *("t" if made.party else "f", "f", "t" if made.party and made.employees > 25 else "f", "f", made.hazard),
            "t" if made.attention else "f",
        )
