"""What stamping reads of the city: communities, offices, staff, residents, and what the packs say about who comes with what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from django.conf import settings
from django.db import connection

from linli.cases.casefile.engine.stamp_answers import Applicant, Profile
from linli.foundation.access.models import Role
from linli.foundation.accounts.models import PostHolding
from linli.foundation.regions.models import LEVELS, Region
from linli.foundation.scope.engine import keyring
from linli.foundation.units.models import Unit
from linli.foundation.units.queries import ancestor_path

PROFILES = Path("demo") / "cases.yaml"


@dataclass(frozen=True)
class Place:
    """A community and how many people live there."""

    id: UUID
    code: str
    path: str
    people: int


@dataclass(frozen=True)
class Words:
    """Texts of a pack that are the same for all matters."""

    corrections: list[str]
    reasons: list[str]
    replies: list[str]  # of an office to a card
    answers: list[str]  # of an office to a complaint


def profiles() -> tuple[list[Profile], dict[str, dict[str, Any]], Words]:
    """Profiles of the packs in use, the facts their decision tables are told, and texts. Empty without a pack that has them."""
    found: list[Profile] = []
    facts: dict[str, dict[str, Any]] = {}
    words = Words([], [], [], [])
    for pack in settings.PACKS:
        file = Path(settings.PACKS_DIR) / pack / PROFILES
        if not file.exists():
            continue
        body = yaml.safe_load(file.read_text(encoding="utf-8"))
        words = Words(*(list(body.get(name, [])) for name in ("corrections", "reasons", "replies", "answers")))
        for code, given in body["matters"].items():
            facts[code] = dict(given.get("facts", {}))
            found.append(
                Profile(
                    code,
                    float(given["share"]),
                    (int(given["ages"][0]), int(given["ages"][1])),
                    bool(given.get("once", True)),
                    given.get("needs", {}),
                    given.get("answers", {}),
                )
            )
    return found, facts, words


def places() -> list[Place]:
    """Communities somebody lives in, in the order of their paths."""
    width = 5 * (LEVELS.index("community") + 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT left(region_path, %s), count(*) FROM people_person WHERE died_on IS NULL GROUP BY 1", [width])
        people = dict(cursor.fetchall())
    rows = Region.objects.filter(level="community", valid_to=None).order_by("path").values_list("id", "code", "path")
    return [Place(pk, code[:12], path, people[path]) for pk, code, path in rows if path in people]


RESIDENTS = """SELECT p.id::text, p.name, p.sex, p.birth_date, p.id_number, p.phone, p.bank_account, coalesce(encode(p.id_index, 'hex'), ''), p.live_address,
        p.education, p.marital, p.residence_status, p.employment, p.disability, p.assistance, coalesce(u.id::text, '')
        FROM people_person p LEFT JOIN accounts_user u ON u.person_id = p.id AND u.kind = 'citizen' AND u.assurance >= 1
        WHERE p.region_path >= %s AND p.region_path < %s AND p.died_on IS NULL AND p.birth_date IS NOT NULL AND p.id_number IS NOT NULL"""


def residents(place: Place) -> list[Applicant]:
    """Living people of a community, always in the same order (that of their keys)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('lock_timeout', '60s', true)"
        )  # a table the load has locked must be an error, not a wait without end
        cursor.execute(RESIDENTS, [place.path, place.path + "~"])
        rows = sorted(cursor.fetchall())
    unseal = keyring().decrypt
    return [Applicant(r[0], r[1], r[2], r[3], unseal, r[4:7], *r[7:]) for r in rows]


class Offices:
    """All units and who works there, kept in memory: every copy asks."""

    def __init__(self, today: date) -> None:
        self._units: dict[tuple[str, str], dict[str, tuple[str, str]]] = defaultdict(dict)
        for unit in Unit.objects.filter(valid_to=None).order_by("code"):
            self._units[(unit.level, unit.region_path)].setdefault(unit.line, (str(unit.id), unit.name))
        permissions = {role.code: frozenset(role.permissions) for role in Role.objects.filter(business=True)}
        self._staff: dict[str, list[tuple[str, str, frozenset[str]]]] = defaultdict(list)
        held = (
            PostHolding.objects.filter(since__lte=today, until=None, user__is_active=True)
            .select_related("post", "user")
            .order_by("user__username", "id")
        )
        for row in held:
            if row.post.role_code in permissions:
                self._staff[str(row.post.unit_id)].append((str(row.user_id), row.user.name, permissions[row.post.role_code]))
        self._able: dict[tuple[str, str], list[tuple[str, str]]] = {}

    def at(self, level: str, line: str, path: str) -> tuple[str, str] | None:
        """Id and name of the unit that serves a line at a place, as `units.queries.resolve` finds it."""
        for at in reversed(LEVELS[: LEVELS.index(level) + 1]):
            here = self._units.get((at, ancestor_path(path, at)), {})
            unit = here.get(line) or here.get("")
            if unit is not None:
                return unit
        return None

    def able(self, unit: str, permission: str) -> list[tuple[str, str]]:
        """Id and name of those of a unit who may do a step; of all who work there where no post includes it."""
        key = (unit, permission)
        if key not in self._able:
            there = self._staff.get(unit, [])
            self._able[key] = [(u, n) for u, n, held in there if permission in held] or [(u, n) for u, n, _ in there]
        return self._able[key]


EXPORT = """SELECT c.number, c.matter_code, c.state, c.outcome, c.applicant, c.submitted_at, c.due_at, c.closed_at, f.data,
        (SELECT string_agg(t.step_id || ':' || t.state || ':' || t.opened_at || ':' || t.done_by_name, '|' ORDER BY t.opened_at, t.step_id) FROM casefile_task t WHERE t.case_id = c.id)
        FROM casefile_case c JOIN casefile_form f ON f.case_id = c.id"""


def checksum_lines() -> Iterator[str]:
    """One line a case of what is logically there: no keys, no ciphertext."""
    ring = keyring()
    with connection.cursor() as cursor:
        cursor.execute(EXPORT)
        while rows := cursor.fetchmany(2000):
            for row in rows:
                yield "\t".join(str(v) for v in (*row[:8], ring.decrypt(row[8]), row[9]))
