"""Searches behind row-level security still use their index, for a clerk and for the city's supervisor."""

import psycopg
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from linli.foundation.regions.models import Region
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, ActorKind, RegionRange, system_actor
from linli.registry.people import queries
from linli.registry.people.models import Person
from linli.registry.people.queries.search import _GIVEN, _LAST, _begins

COMMUNITIES, EACH = 40, 100
GIVEN = "华明芳丽军伟娟敏静涛"


def fill(cluster: object, database: str) -> None:
    """A small city with the statistics a real one has."""
    with scoped(system_actor("test")):
        regions = [
            Region(code=f"3605020010{i:02d}", name="x", level="community", path=f"000010000100001{i:05d}") for i in range(COMMUNITIES)
        ]
        Region.objects.bulk_create(regions)
        Person.objects.bulk_create(
            Person(
                name=f"{chr(0x4E00 + 37 * (n % 97))}{GIVEN[n % 10]}",
                pinyin=f"p{n}",
                initials=chr(97 + n % 26),
                id_index=(i * EACH + n).to_bytes(16, "big"),
                region=r,
                region_path=r.path,
            )
            for i, r in enumerate(regions)
            for n in range(EACH)
        )
    with psycopg.connect(cluster.dsn("linli_owner", database), autocommit=True) as owner:  # type: ignore[attr-defined]
        owner.execute("ANALYZE people_person")


def test_name_and_number_searches_use_their_index(cluster: object, fresh_database: str) -> None:
    fill(cluster, fresh_database)
    path = "00001000010000100003"
    for reach in (path, "00001"):
        actor = Actor(ActorKind.STAFF, label="x", ranges=(RegionRange.below(reach),))
        with scoped(actor):
            people = queries.visible_people(actor)
            by_number = people.filter(id_index=(5).to_bytes(16, "big")).explain()
            by_name = people.filter(_begins("name", chr(0x4E00 + 37))).order_by("name", "id")[:50].explain()
            given = RawSQL(_GIVEN, ("明月", "明月" + _LAST), output_field=BooleanField())
            by_given = people.filter(given).order_by("name", "id")[:50].explain()
        assert "Seq Scan" not in by_given, by_given
        assert "people_id" in by_number, by_number
        assert "id_index = " in by_number.split("Index Cond", 1)[1].split("\n")[0]
        assert "Seq Scan" not in by_name, by_name
        if reach == "00001":
            assert "people_given" in by_given, by_given
            assert "people_name" in by_name, by_name


HOMES = """INSERT INTO premises_premises (id, addr_code, region_id, region_path, road, door_no, estate, building, unit, room, address, status)
SELECT gen_random_uuid(), n::text, r.id, r.path, '', '', '', '', '', '', '幸福苑' || n / 50 || '幢' || n || '室', 'active'
FROM generate_series(1, 8000) AS n, regions_region AS r WHERE r.path = '00001'"""
WORDS = "SELECT string_agg(quote_literal(w), ' & ') FROM unnest(linli_bigrams('7幢381室')) AS w"
PLAN = """EXPLAIN SELECT id FROM premises_premises WHERE words @@ %s::tsquery AND region_path >= '0' AND region_path < '~'
AND lower(normalize(address, NFKC)) LIKE '%%7幢381室%%'"""


def test_an_address_is_found_by_its_index(cluster: object, fresh_database: str) -> None:
    """The statement inside `premises_by_words`, as its owner runs it: many homes, few of them meant."""
    with scoped(system_actor("test")):
        Region(code="360500000000", name="x", level="city", path="00001").save()
    with psycopg.connect(cluster.dsn("linli_owner", fresh_database), autocommit=True) as owner:  # type: ignore[attr-defined]
        owner.execute(HOMES)
        owner.execute("VACUUM ANALYZE premises_premises")  # what has just been written waits beside a GIN index
        plan = owner.execute(PLAN, owner.execute(WORDS).fetchone()).fetchall()
    assert "premises_words" in str(plan), plan
