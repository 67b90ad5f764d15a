"""The closed set of checks a rule can name. Each is one statement over one community: key and region of every subject it is about, and whether it fails.

Text of a pack never becomes SQL: columns are looked up in the tables below, everything else is a parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from linli.lib import codes

COLUMNS: Final = {
    "name": "p.name = ''",
    "id_number": "p.id_index IS NULL",
    "birth_date": "p.birth_date IS NULL",
    "phone": "p.phone_index IS NULL",
    "live_address": "p.live_address = ''",
    "hukou_address": "p.hukou_address = ''",
    "premises": "p.premises_id IS NULL",
}
"""What may be missing of a person."""
CODED: Final = ("sex", "ethnicity", "marital", "education", "politics", "residence_status")
_ALIVE = "p.region_path >= %(lo)s AND p.region_path < %(hi)s AND p.died_on IS NULL AND p.merged_into_id IS NULL"
_PEOPLE = "SELECT p.id, p.region_path, ({fails}) AS failed FROM people_person p WHERE " + _ALIVE + " {and_}"
_HOUSEHOLDS = (
    "SELECT h.id, h.region_path, ({fails}) AS failed FROM households_household h WHERE h.region_path >= %(lo)s AND h.region_path < %(hi)s "
    "AND h.until IS NULL AND EXISTS (SELECT 1 FROM households_membership m WHERE m.household_id = h.id AND m.until IS NULL)"
)
_PREMISES = (
    "SELECT r.id, r.region_path, ({fails}) AS failed FROM premises_premises r "
    "WHERE r.region_path >= %(lo)s AND r.region_path < %(hi)s AND r.status = 'active'"
)
BODY_COLUMNS: Final = {
    "address": "b.address = ''",
    "industry": "b.industry = ''",
    "established_on": "b.established_on IS NULL",
    "phone": "b.phone_index IS NULL",
    "scope": "b.scope = ''",
}
"""What may be missing of an organisation."""
_BODIES = (
    "SELECT b.id, b.region_path, ({fails}) AS failed FROM bodies_body b "
    "WHERE b.region_path >= %(lo)s AND b.region_path < %(hi)s AND b.status <> 'deregistered' {and_}"
)
What = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Check:
    """A statement with its parameters. ``needs``: what has to be found out over the whole city before ("phones", "numbers") or row by row ("bad_ids",
    "bad_codes")."""

    sql: str
    params: dict[str, Any]
    needs: str = ""


@dataclass(frozen=True, slots=True)
class Mechanism:
    about: str
    asks: frozenset[str]
    make: Callable[[What], Check]
    may: frozenset[str] = frozenset()
    """Parameters that may be left out."""


def _people(fails: str, and_: str = "", **params: Any) -> Check:
    return Check(_PEOPLE.format(fails=fails, and_=and_), params)


def _missing(what: What) -> Check:
    ages, params = "", {}
    for name, sign in (("from_age", "<="), ("to_age", ">")):
        if name in what:
            ages += f" AND p.birth_date {sign} %(today)s::date - make_interval(years => %({name})s)"
            params[name] = int(what[name]) + (name == "to_age")
    return _people(COLUMNS[what["column"]], ages, **params)


def _code(what: What) -> Check:
    column, refused = what["column"], set(what.get("refused", ()))
    if column not in CODED:
        raise ValueError(f"{column} holds no code")
    known = [one.code for one in codes.table(what["table"]) if one.code not in refused]
    return _people(f"p.{column} <> ALL(%(known)s)", known=known)


def _age(what: What) -> Check:
    fails = "p.birth_date > %(today)s OR p.birth_date < %(today)s::date - make_interval(years => %(most)s)"
    return _people(fails, " AND p.birth_date IS NOT NULL", most=int(what["most"]))


def _id_number(what: What) -> Check:
    return Check(_PEOPLE.format(fails="p.id = ANY(%(bad_ids)s)", and_=" AND p.id_index IS NOT NULL AND p.id_type = '111'"), {}, "bad_ids")


def _same_number(what: What) -> Check:
    return Check(_PEOPLE.format(fails="p.id_index = ANY(%(numbers)s)", and_=" AND p.id_index IS NOT NULL"), {}, "numbers")


def _shared_phone(what: What) -> Check:
    sql = _PEOPLE.format(fails="p.phone_index = ANY(%(phones)s)", and_=" AND p.phone_index IS NOT NULL")
    return Check(sql, {"most": int(what["most"])}, "phones")


def _no_household(what: What) -> Check:
    return _people("NOT EXISTS (SELECT 1 FROM households_membership m WHERE m.person_id = p.id AND m.until IS NULL)")


def _two_homes(what: What) -> Check:
    several = (
        "SELECT o.person_id FROM households_occupancy o WHERE o.region_path >= %(lo)s AND o.region_path < %(hi)s AND o.until IS NULL "
        "AND o.role = 'living' GROUP BY 1 HAVING count(DISTINCT o.premises_id) > 1"
    )
    return _people(f"p.id IN ({several})")


def _relation_sex(what: What) -> Check:
    fails = (
        "EXISTS (SELECT 1 FROM households_membership m WHERE m.person_id = p.id AND m.until IS NULL AND "
        "((m.relation = ANY(%(male)s) AND p.sex = '2') OR (m.relation = ANY(%(female)s) AND p.sex = '1')))"
    )
    return _people(fails, male=list(what["male"]), female=list(what["female"]))


def _stale(what: What) -> Check:
    """Of those a source has said something of: its latest word is older than so many days."""
    sql = (
        "SELECT p.id, p.region_path, w.last < %(today)s::date - %(days)s::int AS failed FROM people_person p JOIN ("
        "SELECT said.subject_id, max(said.as_of) AS last FROM ("
        "SELECT e.subject_id, e.as_of FROM sources_entry e JOIN sources_source s ON s.id = e.source_id "
        "WHERE s.code = %(code)s AND e.state = 'linked' AND e.region_path >= %(lo)s AND e.region_path < %(hi)s UNION ALL "
        "SELECT v.subject_id, v.as_of FROM sources_provenance v JOIN sources_source s ON s.id = v.source_id "
        "WHERE s.code = %(code)s AND v.region_path >= %(lo)s AND v.region_path < %(hi)s"
        f") said GROUP BY 1) w ON w.subject_id = p.id WHERE {_ALIVE}"
    )
    return Check(sql, {"code": what["source"], "days": int(what["days"])})


def _head(fails: str) -> Check:
    return Check(_HOUSEHOLDS.format(fails=fails), {})


def _no_head(what: What) -> Check:
    return _head(
        "NOT EXISTS (SELECT 1 FROM households_membership m WHERE m.household_id = h.id AND m.until IS NULL AND m.relation = '02')"
        " AND h.kind = 'family'"
    )


def _dead_head(what: What) -> Check:
    return _head(
        "EXISTS (SELECT 1 FROM households_membership m JOIN people_person p ON p.id = m.person_id "
        "WHERE m.household_id = h.id AND m.until IS NULL AND m.relation = '02' AND p.died_on IS NOT NULL)"
    )


def _only_children(what: What) -> Check:
    living = "FROM households_membership m JOIN people_person p ON p.id = m.person_id WHERE m.household_id = h.id AND m.until IS NULL AND p.died_on IS NULL"
    adult = "(p.birth_date IS NULL OR p.birth_date <= %(today)s::date - make_interval(years => %(years)s))"
    fails = f"EXISTS (SELECT 1 {living}) AND NOT EXISTS (SELECT 1 {living} AND {adult}) AND h.kind = 'family'"
    return Check(_HOUSEHOLDS.format(fails=fails), {"years": int(what["years"])})


def _address(what: What) -> Check:
    fails = "NOT ((r.road <> '' AND r.door_no <> '') OR (r.estate <> '' AND r.building <> '')) OR r.address = ''"
    return Check(_PREMISES.format(fails=fails), {})


def _no_position(what: What) -> Check:
    return Check(_PREMISES.format(fails="r.longitude IS NULL OR r.latitude IS NULL"), {})


def _bodies(fails: str, and_: str = "", **params: Any) -> Check:
    return Check(_BODIES.format(fails=fails, and_=and_), params)


def _body_missing(what: What) -> Check:
    return _bodies(BODY_COLUMNS[what["column"]])


def _body_code(what: What) -> Check:
    """A credit code is checked character by character, which PostgreSQL cannot."""
    return Check(_BODIES.format(fails="b.id = ANY(%(bad_codes)s)", and_=" AND b.uscc <> ''"), {}, "bad_codes")


def _body_uncoded(what: What) -> Check:
    """Kinds that have a credit code by law."""
    return _bodies(
        "b.uscc = ''", " AND b.kind = ANY(%(kinds)s)", kinds=[one.code for one in codes.table("body_kind") if one.extra["credit"]]
    )


def _body_licence(what: What) -> Check:
    return _bodies("b.licence_until < %(today)s::date", " AND b.licence_until IS NOT NULL AND b.status = 'active'")


def _body_headless(what: What) -> Check:
    """Nobody holds a role that heads it."""
    held = "SELECT 1 FROM bodies_role h WHERE h.body_id = b.id AND h.until IS NULL AND h.role IN ('legal', 'owner', 'principal')"
    return _bodies(f"NOT EXISTS ({held})")


def _body_gridless(what: What) -> Check:
    """It has an address but is entered in the community only, where the community has grids."""
    grids = "SELECT 1 FROM regions_region g WHERE g.level = 'grid' AND g.valid_to IS NULL AND g.path > %(lo)s AND g.path < %(hi)s"
    fails = "NOT EXISTS (SELECT 1 FROM regions_region r WHERE r.id = b.region_id AND r.level = 'grid')"
    return _bodies(fails, f" AND b.address <> '' AND EXISTS ({grids})")


def _mechanism(about: str, make: Callable[[What], Check], *asks: str, may: tuple[str, ...] = ()) -> Mechanism:
    return Mechanism(about, frozenset(asks), make, frozenset(may))


MECHANISMS: Final[dict[str, Mechanism]] = {
    "missing": _mechanism("person", _missing, "column", may=("from_age", "to_age")),
    "code": _mechanism("person", _code, "column", "table", may=("refused",)),
    "age": _mechanism("person", _age, "most"),
    "id_number": _mechanism("person", _id_number),
    "same_number": _mechanism("person", _same_number),
    "shared_phone": _mechanism("person", _shared_phone, "most"),
    "no_household": _mechanism("person", _no_household),
    "two_homes": _mechanism("person", _two_homes),
    "relation_sex": _mechanism("person", _relation_sex, "male", "female"),
    "stale": _mechanism("person", _stale, "source", "days"),
    "no_head": _mechanism("household", _no_head),
    "dead_head": _mechanism("household", _dead_head),
    "only_children": _mechanism("household", _only_children, "years"),
    "address": _mechanism("premises", _address),
    "no_position": _mechanism("premises", _no_position),
    "body_missing": _mechanism("body", _body_missing, "column"),
    "body_code": _mechanism("body", _body_code),
    "body_uncoded": _mechanism("body", _body_uncoded),
    "body_licence": _mechanism("body", _body_licence),
    "body_headless": _mechanism("body", _body_headless),
    "body_gridless": _mechanism("body", _body_gridless),
}


def check_of(name: str, what: What, about: str) -> Check:
    """The statement of a rule; `ValueError` saying what does not fit."""
    found = MECHANISMS.get(name)
    if found is None:
        raise ValueError(f"check: there is no {name!r}; there are {', '.join(sorted(MECHANISMS))}")
    if found.about != about:
        raise ValueError(f"about: {name} is about {found.about}")
    lacks, strange = found.asks - set(what), set(what) - found.asks - found.may
    if lacks or strange:
        raise ValueError(f"what: {name} needs {', '.join(sorted(found.asks)) or 'nothing'}; not {', '.join(sorted(lacks | strange))}")
    try:
        return found.make(what)
    except (KeyError, TypeError) as error:
        raise ValueError(f"what: {error}") from error
