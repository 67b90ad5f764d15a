"""The demo's papers: what a case lists as given can be opened, photographs are drawn, and nothing is drawn twice."""

from __future__ import annotations

import io
from datetime import date

import pytest
from PIL import Image

from linli.cases.casefile.actions.scanning import scan_materials
from linli.cases.casefile.engine.portraits import SIZE, VARIANTS, portrait
from linli.cases.casefile.models import Case, Material
from linli.cases.casefile.tests.desk import handed_in
from linli.cases.casefile.tests.factories import small_city
from linli.foundation.actions.engine import CityContext
from linli.foundation.files.engine import path_of, sniff
from linli.foundation.files.models import StoredFile
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor

READER = system_actor("test.reader")


def test_portraits_are_pictures_and_every_number_has_its_own() -> None:
    drawn = [portrait(n) for n in range(0, VARIANTS, 5)]
    assert len(set(drawn)) == len(drawn)
    assert portrait(0) == drawn[0]
    image = Image.open(io.BytesIO(drawn[0]))
    image.load()
    assert (image.format, image.size) == ("JPEG", SIZE)


@pytest.mark.django_db
def test_given_papers_get_a_file_of_their_kind_once() -> None:
    case = handed_in(small_city())[1]
    with scoped(READER):
        Material.objects.bulk_create(
            [
                Material(case=case, key=key, name=name, state="given")
                for key, name in (("photo", "近期免冠照片"), ("income_proof", "家庭收入证明"))
            ]
        )
        Material.objects.create(case=case, key="photo", name="没有交的照片", state="missing")
    city = CityContext(people=1, cases=1, seed=1, as_of=date(2026, 3, 2))
    scan_materials(city)
    scan_materials(city)
    with scoped(READER):
        files = {m.key: m.file for m in Material.objects.filter(case=case, state="given").select_related("file") if m.file}
        assert Material.objects.get(case=case, state="missing").file is None
        assert StoredFile.objects.filter(case_id=case.id).count() == 2
        assert Case.objects.get().region_path == files["photo"].region_path
    assert (files["photo"].name, sniff(path_of(files["photo"].id))) == ("近期免冠照片.jpg", "image/jpeg")
    assert sniff(path_of(files["income_proof"].id)) == "application/pdf"
