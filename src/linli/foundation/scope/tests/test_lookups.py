"""Many values in one parameter."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.foundation.regions.models import Region
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.registry.people.models import Person
from linli.registry.people.queries import id_index

pytestmark = pytest.mark.django_db


def test_among_finds_what_in_finds_with_one_parameter_however_many() -> None:
    city = Region.objects.create(code="360500", name="x", level="city", path="00001")
    for n in range(3):
        Region.objects.create(code=f"36050{n + 1}", name=f"x{n}", level="county", path=f"0000100{n}01", parent=city)
    with CaptureQueriesContext(connection) as asked:
        found = set(Region.objects.filter(code__among=["360501", "360503", "nobody's"]).values_list("code", flat=True))
        assert not Region.objects.filter(pk__among=[]).exists()
        assert Region.objects.filter(pk__among=[city.pk]).get() == city
    assert found == {"360501", "360503"} and "ANY(" in asked[0]["sql"]


def test_among_takes_bytes_of_every_kind() -> None:
    city = Region.objects.create(code="360500", name="x", level="city", path="00001")
    indexes = [id_index("360599199001011234"), bytes(range(0x20, 0x30)), b'\\"{},\x00\xff  NULL..']
    with scoped(system_actor("test.among")):
        for index in indexes:
            Person.objects.create(name="x", region=city, region_path=city.path, id_index=index)
        found = {bytes(one or b"") for one in Person.objects.filter(id_index__among=indexes).values_list("id_index", flat=True)}
    assert found == set(indexes)
