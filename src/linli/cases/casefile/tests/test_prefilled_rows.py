"""Collected once, also for families: rows of a form are filled from the household register; who applies corrects, removes and adds."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from linli.cases.casefile.queries.cases import answers
from linli.cases.casefile.tests.desk import city as city
from linli.cases.casefile.tests.desk import client_of, grant
from linli.cases.casefile.tests.factories import City, citizen, resident
from linli.cases.casefile.tests.visitors import CARD, DAUGHTER, MOTHER, TEST, YOUNG, action_of, complete, send, signed_in, sources, the_case
from linli.foundation.scope.actions import scoped
from linli.lib.masking import mask_id_number
from linli.registry.households.models import Household, Membership
from linli.registry.people.models import Person

pytestmark = pytest.mark.django_db
APPLY = "/matters/ZJ01/apply/?anyway=1"


def family(city: City) -> tuple[Person, Person, Person]:
    """A mother who heads the household, her daughter, and a brother-in-law whose relation to either does not follow from the book."""
    sources()
    mother = complete(resident(city, id_number=MOTHER))
    daughter = complete(resident(city, name="Li Na", id_number=DAUGHTER, birth=date(1970, 1, 1), phone="13800000002"))
    guest = resident(city, name="Zhou Qiang", id_number=YOUNG, birth=date(1990, 1, 1), phone="13800000003")
    with scoped(TEST):
        home = Household(number="360502001001H000777", region=city.regions["home"], region_path=city.regions["home"].path)
        home.save(force_insert=True)
        for person, relation in ((mother, "02"), (daughter, "30"), (guest, "78")):
            Membership(household=home, person=person, relation=relation, region_path=home.region_path).save(force_insert=True)
        daughter.marital, daughter.education = "21", "71"
        daughter.save()
    return mother, daughter, guest


def members_page(client: Client) -> Any:
    """Through the applicant's own page to the members."""
    page = client.get(APPLY)
    page = send(client, page, **({"marital_status": "30"} if 'name="marital_status"' in page.content.decode() else {}))
    assert 'name="_at" value="members"' in page.content.decode(), page.content.decode()[:2000]
    return page


def rows_of(html: str) -> list[str]:
    return re.findall(r'name="_rows" value="members-(\d+)"', html)


def test_members_stand_on_the_page_with_source_and_age_and_the_numbers_of_others_masked(city: City) -> None:
    _, daughter, _ = family(city)
    html = members_page(signed_in(citizen(daughter, name="Li Na", phone="13800000002"))).content.decode()
    assert len(rows_of(html)) == 3
    assert html.index("Li Na") < html.index("Wang Xiulan") < html.index("Zhou Qiang")  # who applies comes first
    assert html.count("form-row__source") == 3 == html.count("社区采集")  # once a row
    assert DAUGHTER in html
    assert MOTHER not in html and mask_id_number(MOTHER) in html and YOUNG not in html
    own, mother, guest = rows_of(html)
    assert f'name="members-{own}-relation"' not in html and "本人" in html
    assert f'name="members-{mother}-relation"' not in html and "父母" in html
    assert f'name="members-{guest}-relation"' in html  # a brother-in-law of the head is asked for, not guessed


def test_who_applies_removes_corrects_and_adds_without_a_script(city: City, settings: Any, tmp_path: Path) -> None:
    _, daughter, _ = family(city)
    client = signed_in(citizen(daughter, name="Li Na", phone="13800000002"))
    page = members_page(client)
    own, mother, guest = rows_of(page.content.decode())

    def press(page: Any, **pressed: Any) -> Any:
        rows = [f"members-{row}" for row in rows_of(page.content.decode())]
        open_fields = re.findall(r'name="_correcting" value="([^"]+)"', page.content.decode())
        data = {"_at": "members", "_section": ["members"], "_rows": rows, "_correcting": open_fields, **pressed}
        return client.post(action_of(page.content.decode()), data, follow=True)

    page = press(page, _remove=f"members-{guest}", **{f"members-{own}-member_income": "3000"})
    assert "Zhou Qiang" not in page.content.decode() and 'value="3000"' in page.content.decode()
    page = press(page, _correct=f"members-{mother}-member_id_number", **{f"members-{own}-member_income": "3000"})
    html = page.content.decode()
    assert f'name="members-{mother}-member_id_number"' in html and MOTHER not in html  # opened for correction it starts empty
    page = press(page, _keep=f"members-{mother}-member_id_number", **{f"members-{own}-member_income": "3000"})
    page = press(page, _add="members", **{f"members-{own}-member_income": "3000"})
    new = rows_of(page.content.decode())[-1]
    assert new not in (own, mother, guest) and len(rows_of(page.content.decode())) == 3
    page = press(page, _remove=f"members-{new}", **{f"members-{own}-member_income": "3000"})
    typed = {f"members-{own}-member_income": "3000", f"members-{mother}-member_income": "500"}
    page = press(page, _step="next", **typed)
    assert 'name="_at" value="housing"' in page.content.decode(), page.content.decode()
    page = send(client, page, housing_area="20", monthly_rent="0", in_housing_support="false", sold_house="false")
    page = send(client, page, wanted="any")
    settings.MEDIA_ROOT = tmp_path
    proof = SimpleUploadedFile("income.pdf", b"%PDF-1.7\n" + b"x" * 200, "application/pdf")
    for more in ({}, {"paper_income_proof__upload": proof}, {"truth": "yes", "signature__name": "Li Na", "signature__agreed": "on"}):
        page = send(client, page, **more)
    review = page.content.decode()
    assert 'name="_at" value="review"' in review, review[review.find("ui-error-summary") :][:1200]
    assert "Wang Xiulan" in review and MOTHER not in review and mask_id_number(MOTHER) in review
    send(client, page)
    with scoped(TEST):
        said = answers(the_case())["members"]
    assert [(row["member_name"], row["member_id_number"], row["relation"], row["member_income"]) for row in said] == [
        ("Li Na", DAUGHTER, "self", "3000.00"),
        ("Wang Xiulan", MOTHER, "parent", "500.00"),
    ]


def test_who_is_in_no_household_is_a_row_of_her_own(city: City) -> None:
    sources()
    person = complete(resident(city, id_number=MOTHER))
    html = members_page(signed_in(citizen(person))).content.decode()
    assert len(rows_of(html)) == 1 and "本人" in html and MOTHER in html


def test_coarser_forms_know_what_the_register_keeps_finer(city: City) -> None:
    _, daughter, _ = family(city)
    client = signed_in(citizen(daughter, name="Li Na", phone="13800000002"))
    html = client.get(APPLY).content.decode()
    assert 'name="marital_status"' not in html and "已婚" in html
    html = client.get("/matters/RS01/apply/?anyway=1").content.decode()
    assert 'name="education"' not in html and "初中" in html


def test_the_counter_lists_the_household_of_the_visitor(city: City) -> None:
    family(city)
    grant(city, "clerk", "people.view")
    client = client_of(city, "clerk")
    assert client.post(reverse("casefile_desk_visitor"), {"who": MOTHER}).status_code == 302
    page = client.get(reverse("casefile_desk_take_in", args=["ZJ01"]))
    html = page.content.decode()
    assert page.status_code == 200, html[html.find("<main") :][:1500]
    assert len(rows_of(html)) == 3
    assert "子女" in html and MOTHER not in html and DAUGHTER not in html
    assert CARD not in html
