"""Generated people as rows: personal columns encrypted and blind-indexed here, in the worker process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from linli.lib.crypto import KeyRing
from linli.registry.people.engine.population import Community, Household, Person, Place
from linli.registry.people.types import ID_INDEX, PHONE_INDEX

TABLES: dict[str, str] = {
    "premises_premises": "id,addr_code,region_id,region_path,road,door_no,estate,building,unit,room,address,status,longitude,latitude",
    "people_person": "id,name,pinyin,initials,sex,birth_date,id_type,id_number,id_index,phone,phone_index,bank_account,bank_name,ethnicity,"
    "marital,education,politics,region_id,region_path,hukou_region_id,premises_id,live_address,hukou_address,residence_status,employment,disability,"
    "assistance,lives_here_since",
    "households_household": "id,number,region_id,region_path,premises_id,kind",
    "households_membership": "id,household_id,person_id,relation,region_path,since",
    "households_occupancy": "id,person_id,premises_id,role,region_path,since",
}
"""Tables in the order in which they refer to each other, with their columns."""
Row = tuple[str | None, ...]


@dataclass
class Batch:
    """Rows of each table, and how many people are in it."""

    people: int = 0
    lines: dict[str, list[Row]] = field(default_factory=lambda: {table: [] for table in TABLES})


class Writer:
    """Turns households into rows."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring

    def batch(self, communities: Sequence[Community]) -> Batch:
        """The rows of some communities, exactly as many people as they were given together.

        A community may go a few over its share and the next gets fewer: cutting each would leave a small city without families.
        """
        result = Batch()
        left, over = sum(community.place.people for community in communities), 0
        for community in communities:
            wanted, before = community.place.people - over, result.people
            for household in community.households(wanted, left):
                self._household(community, household, result)
            housed = result.people - before
            left, over = left - housed, housed - wanted
        return result

    def _sealed(self, value: str) -> str | None:
        return "\\x" + self._ring.encrypt(value).hex() if value else None

    def _index(self, value: str, purpose: str) -> str | None:
        return "\\x" + self._ring.blind_index(value, purpose).hex() if value else None

    def _household(self, community: Community, household: Household, out: Batch) -> None:
        place, lines, home = community.place, out.lines, household.home
        grid, path = place.grids[household.grid]
        at = community.positions.at(household.grid, home.addr_code)
        spot = (f"{at[0]:.6f}", f"{at[1]:.6f}") if at else (None, None)
        lines["premises_premises"].append((household.home_id, home.addr_code, grid, path, *home[1:7], home.address, "active", *spot))
        lines["households_household"].append(
            (household.id, household.number, grid, path, household.home_id, "family" if len(household.members) > 1 else "single")
        )
        for person in household.members:
            lines["people_person"].append(self._person(person, place, grid, path, household.home_id))
            since = person.since.isoformat()
            lines["households_membership"].append((community.key(), household.id, person.id, person.relation, path, since))
            role = ("tenant" if household.tenant else "owner") if person.relation == "02" else "living"
            lines["households_occupancy"].append((community.key(), person.id, household.home_id, role, path, since))
        out.people += len(household.members)

    def _person(self, p: Person, place: Place, grid: str, path: str, home_id: str) -> Row:
        return (
            p.id,
            p.name,
            p.pinyin,
            p.initials,
            p.sex,
            p.birth.isoformat() if p.birth else None,
            "111",
            self._sealed(p.id_number),
            self._index(p.id_number, ID_INDEX),
            self._sealed(p.phone),
            self._index(p.phone, PHONE_INDEX),
            self._sealed(p.bank),
            p.bank_name,
            p.ethnicity,
            p.marital,
            p.education,
            p.politics,
            grid,
            path,
            grid if p.hukou_here else None,
            home_id,
            p.live_address,
            p.hukou_address,
            p.status,
            p.employment,
            p.disability,
            p.assistance,
            p.since.isoformat(),
        )
