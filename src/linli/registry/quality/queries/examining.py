"""What a rule finds in a community. Under a job's rights; every statement is over one community, but for two sums over the city."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from linli.foundation.types import PATH_END
from linli.lib.errors import LinliError
from linli.lib.idcard import check_digit
from linli.lib.uscc import parse_uscc
from linli.registry.bodies.engine.values import check_code
from linli.registry.bodies.models import Body
from linli.registry.people.models import Person
from linli.registry.quality.engine.mechanisms import Check, check_of
from linli.registry.quality.models import Rule
from linli.registry.quality.types import BODY, PERSON, Failing, Found

_SAID = """SELECT DISTINCT e.subject_id, s.code FROM sources_entry e JOIN sources_source s ON s.id = e.source_id
    WHERE e.state = 'linked' AND e.region_path >= %(lo)s AND e.region_path < %(hi)s"""
PIECE = 2000


@dataclass
class Round:
    """One examination. What is found out over the whole city is asked once and kept for all communities."""

    today: date
    _phones: dict[int, list[bytes]] = field(default_factory=dict)
    _numbers: list[bytes] | None = None

    def examine(self, rule: Rule, path: str) -> Found:
        """One rule in one community, counted also by the sources that speak of its people or organisations."""
        sql, params = self._ready(rule, path)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*), count(*) FILTER (WHERE failed), array_agg(id ORDER BY id) FILTER (WHERE failed), "
                f"array_agg(region_path ORDER BY id) FILTER (WHERE failed) FROM ({sql}) v",
                params,
            )
            total, failed, keys, paths = cursor.fetchone() or (0, 0, None, None)
            counts = {"": (total, failed)}
            if total and rule.about in (PERSON, BODY):
                cursor.execute(
                    f"SELECT said.code, count(*), count(*) FILTER (WHERE v.failed) FROM ({sql}) v "
                    f"JOIN ({_SAID}) said ON said.subject_id = v.id GROUP BY 1",
                    params,
                )
                counts |= {source: (all_, bad) for source, all_, bad in cursor.fetchall()}
        return Found(counts, [Failing(*one) for one in zip(keys or (), paths or (), strict=True)])

    def still_fails(self, rule: Rule, path: str, subject_id: UUID) -> bool:
        """Whether one subject breaks the rule now; ``path`` is its community."""
        sql, params = self._ready(rule, path)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT failed FROM ({sql}) v WHERE v.id = %(subject)s", {**params, "subject": subject_id})
            row = cursor.fetchone()
        return bool(row and row[0])

    def _ready(self, rule: Rule, path: str) -> tuple[str, dict[str, Any]]:
        check = check_of(rule.check_name, rule.what, rule.about)
        params: dict[str, Any] = {"lo": path, "hi": path + PATH_END, "today": self.today, **check.params}
        return check.sql, params | self._needs(check, path)

    def _needs(self, check: Check, path: str) -> dict[str, Any]:
        if check.needs == "phones":
            return {"phones": self._shared("phone_index", check.params["most"])}
        if check.needs == "numbers":
            return {"numbers": self._shared("id_index", 1)}
        if check.needs == "bad_ids":
            return {"bad_ids": list(disagreeing(path))}
        if check.needs == "bad_codes":
            return {"bad_codes": list(miscoded(path))}
        return {}

    def _shared(self, column: str, most: int) -> list[bytes]:
        """Blind indexes that more than so many living people have."""
        if column == "id_index" and self._numbers is not None:
            return self._numbers
        if column == "phone_index" and most in self._phones:
            return self._phones[most]
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {column} FROM people_person WHERE {column} IS NOT NULL AND died_on IS NULL AND merged_into_id IS NULL "
                f"GROUP BY 1 HAVING count(*) > %s",
                [most],
            )
            found = [bytes(row[0]) for row in cursor.fetchall()]
        if column == "id_index":
            self._numbers = found
        else:
            self._phones[most] = found
        return found


def disagreeing(path: str) -> Iterable[UUID]:
    """People whose identity number says another day of birth or sex, or has a wrong last digit: the one check that has to open a number, row by row."""
    people = Person.objects.filter(region_path__gte=path, region_path__lt=path + PATH_END, died_on=None, id_type="111")
    rows = people.exclude(id_index=None).values_list("pk", "id_number", "birth_date", "sex")
    for pk, number, birth, sex in rows.iterator(chunk_size=PIECE):
        if number and not agrees(str(number), birth, sex):
            yield pk


def miscoded(path: str) -> Iterable[UUID]:
    """Organisations whose credit code fails one of its checks, or is that of another kind."""
    bodies = Body.objects.filter(region_path__gte=path, region_path__lt=path + PATH_END).exclude(uscc="")
    for pk, uscc, kind in bodies.values_list("pk", "uscc", "kind").iterator(chunk_size=PIECE):
        try:
            check_code(parse_uscc(uscc).code, kind)
        except LinliError:
            yield pk


def agrees(number: str, birth: date | None, sex: str) -> bool:
    """Whether a number of 18 characters goes with a day of birth and a sex code; what is not known does not disagree."""
    if len(number) != 18 or not number[:17].isdigit() or check_digit(number[:17]) != number[17]:
        return False
    if birth is not None and number[6:14] != f"{birth:%Y%m%d}":
        return False
    return sex not in ("1", "2") or (int(number[16]) % 2 == 1) == (sex == "1")
