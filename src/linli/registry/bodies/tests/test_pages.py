"""Pages of organisations over HTTP: nothing listed before something is asked, one page each, refusals beside their fields."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from linli.cases.casefile.tests.desk import city, client_of  # noqa: F401 - fixture
from linli.cases.casefile.tests.factories import City, resident
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.registry.bodies import actions
from linli.registry.bodies.models import Body, BodyRole
from linli.registry.bodies.tests.factories import allow, code, company, weigh_sources
from linli.registry.sources.models import Claim

pytestmark = pytest.mark.django_db
JOB = system_actor("test.bodies")
DAY = timezone.localdate().isoformat()


@pytest.fixture
def clerk(city: City) -> Client:  # noqa: F811
    allow(city)
    weigh_sources()
    return client_of(city, "clerk")


def text_of(page: object) -> str:
    return page.content.decode()  # type: ignore[attr-defined,no-any-return]


def test_nothing_is_listed_before_something_is_asked(city: City, clerk: Client) -> None:  # noqa: F811
    made = company(city, city.actor("clerk"), phone="13800001234")
    assert made.name not in text_of(clerk.get("/desk/bodies/"))
    for what in ("阳光物业", made.uscc, "13800001234"):
        assert made.name in text_of(clerk.post("/desk/bodies/", {"what": what})), what
    assert "No organisation found" in text_of(clerk.post("/desk/bodies/", {"what": "月光"}))
    path = city.regions["home"].path
    assert made.name in text_of(clerk.get(f"/desk/bodies/?region={path}&kind=enterprise"))
    assert made.name not in text_of(clerk.get(f"/desk/bodies/?region={path}&kind=individual"))
    assert made.name not in text_of(clerk.get("/desk/bodies/?kind=enterprise")), "a kind alone lists nothing"


def test_an_organisation_is_entered_and_its_page_says_who_said_it(city: City, clerk: Client) -> None:  # noqa: F811
    sent = {"name": "新余市晨光超市", "region": str(city.regions["home"].id), "kind": "individual", "capital": "x", "phone": "13800001234"}
    wrong = clerk.post("/desk/bodies/new/", sent)
    assert wrong.status_code == 422 and "This is not an amount in yuan." in text_of(wrong)
    missing = clerk.post("/desk/bodies/new/", {**sent, "capital": "50000"})
    assert missing.status_code == 422 and "Enter the credit code, or say why there is none." in text_of(missing)
    made = clerk.post("/desk/bodies/new/", {**sent, "capital": "50000", "uscc": code(3, "92")})
    assert made.status_code == 303
    page = text_of(clerk.get(made["Location"]))
    assert all(word in page for word in ("新余市晨光超市", "个体工商户", "50,000", "138****1234", "社区采集"))
    assert "13800001234" not in page
    again = clerk.post("/desk/bodies/new/", {**sent, "capital": "50000", "uscc": code(3, "92")})
    assert again.status_code == 409 and "already in the register" in text_of(again)


def test_everything_is_done_from_its_page(city: City, clerk: Client) -> None:  # noqa: F811
    made = company(city, city.actor("clerk"), established_on="2010-01-01")
    other = company(city, city.actor("clerk"), 2, name="新余市月光物业服务有限公司")
    person = resident(city)
    address = f"/desk/bodies/{made.pk}/"
    steps = (
        ("roles/", {"role": "legal", "id_number": person.id_number, "since": DAY}),
        ("roles/", {"role": "shareholder", "name": "李建国", "share": "60", "since": DAY}),
        ("name/", {"name": "新余市晨光物业服务有限公司", "since": DAY}),
        ("former-name/", {"name": "新余市星光物业管理所", "until": "2010-01-01"}),
        ("status/", {"status": "suspended", "on": DAY, "note": "歇业"}),
    )
    for step, sent in steps:
        assert clerk.post(address + step, sent).status_code == 303, step
    page = text_of(clerk.get(address))
    assert all(word in page for word in ("晨光物业", "阳光物业", "星光物业", "停业", "李建国", "60.00", f"/desk/people/{person.pk}/"))
    allow(city, "clerk", "people.daily")
    assert "晨光物业" in text_of(clerk.get(f"/desk/people/{person.pk}/")), "and on the page of the person"
    refused = clerk.post(address + "roles/", {"role": "shareholder", "name": "王建国", "share": "50", "since": DAY})
    assert refused.status_code == 422 and "more than 100 percent" in text_of(refused) and "王建国" in text_of(refused)
    with scoped(JOB):
        role = BodyRole.objects.get(role="shareholder")
    assert clerk.post(f"{address}roles/{role.pk}/end/", {"until": ""}).status_code == 422
    assert clerk.post(f"{address}roles/{role.pk}/end/", {"until": DAY}).status_code == 303
    assert clerk.post(address + "join/", {"into": "nothing", "on": DAY, "document": "1号"}).status_code == 422
    assert clerk.post(address + "join/", {"into": other.uscc, "on": DAY, "document": "余市监〔2026〕1号"}).status_code == 303
    assert "余市监〔2026〕1号" in text_of(clerk.get(f"/desk/bodies/{other.pk}/"))
    assert "What has changed" not in text_of(clerk.get(address)), "what is deregistered has no forms"


def test_a_difference_waits_on_its_page(city: City, clerk: Client) -> None:  # noqa: F811
    made = company(city, city.actor("clerk"), scope="物业管理")
    actions.correct_body(
        city.actor("clerk"), body_id=made.pk, values={"authority": "渝水区市场监督管理局"}, source="market", as_of=date(2026, 1, 1)
    )
    page = clerk.get(f"/desk/bodies/{made.pk}/correct/")
    assert page.status_code == 200 and "渝水区市场监督管理局" in text_of(page)
    kept = {"kind": "enterprise", "uscc": made.uscc, "org_code": made.org_code, "scope": "物业管理", "source": "collected", "as_of": DAY}
    assert clerk.post(f"/desk/bodies/{made.pk}/correct/", {**kept, "authority": "分宜县市场监督管理局"}).status_code == 303
    shown = text_of(clerk.get(f"/desk/bodies/{made.pk}/"))
    assert "1 value waits to be checked" in shown and "分宜县市场监督管理局" in shown
    with scoped(JOB):
        claim = Claim.objects.get(subject_id=made.pk, state="open")
    assert clerk.post(f"/desk/bodies/{made.pk}/claims/{claim.pk}/", {"accept": "1"}).status_code == 303
    with scoped(JOB):
        assert Body.objects.get(pk=made.pk).authority == "分宜县市场监督管理局"


def test_another_community_and_another_post_get_no_page(city: City, clerk: Client) -> None:  # noqa: F811
    made = company(city, city.actor("clerk"))
    stranger = client_of(city, "stranger")
    for address in ("", "correct/"):
        assert stranger.get(f"/desk/bodies/{made.pk}/{address}").status_code == 404
    for address in ("name/", "former-name/", "status/", "join/", "roles/"):
        sent = {
            "name": "新余市晨光",
            "since": DAY,
            "until": DAY,
            "status": "revoked",
            "on": DAY,
            "into": made.uscc,
            "document": "1号",
            "role": "contact",
        }
        assert stranger.post(f"/desk/bodies/{made.pk}/{address}", sent).status_code in (422, 404)
    assert made.name not in text_of(stranger.post("/desk/bodies/", {"what": "阳光物业"}))
    assert client_of(city, "reviewer").get("/desk/bodies/").status_code == 403
    with scoped(JOB):
        assert Body.objects.get(pk=made.pk).name == made.name
