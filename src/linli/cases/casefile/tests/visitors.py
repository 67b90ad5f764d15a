"""Browsers for tests of the residents' pages: requests go through the real middlewares, under row-level security."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from linli.cases.casefile.models import Case
from linli.cases.casefile.tests.factories import City, citizen, resident
from linli.foundation.accounts.models import Mandate, User
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.lib.idcard import check_digit
from linli.lib.luhn import check_digit as luhn_digit
from linli.registry.people.models import Person
from linli.registry.sources.models import Source


def id_number(body: str) -> str:
    """A number with the right check digit; 360599 belongs to no county, so it is nobody's."""
    return body + check_digit(body)


MOTHER, DAUGHTER, YOUNG = id_number("36059919450307002"), id_number("36059919700101002"), id_number("36059919900101002")
CARD = "622202000000000000" + luhn_digit("622202000000000000")
BACKEND = "linli.foundation.accounts.queries.SessionBackend"
TEST = system_actor("test.portal")


def sources() -> None:
    """The sources a pack brings; prefill names them."""
    for code, name, rank in (
        ("licence", "licence", 1),
        ("shared", "shared", 1),
        ("approval", "approval", 2),
        ("collected", "community", 3),
        ("stated", "own", 4),
    ):
        if not Source.objects.filter(code=code).exists():
            Source(code=code, name=name, rank=rank).save()


def complete(person: Person) -> Person:
    """What the register would know of a real resident, so that a form has nothing left to ask about her."""
    with scoped(TEST):
        person.live_address, person.hukou_address = "江西省新余市渝水区北湖路1号", "江西省新余市渝水区北湖路1号"
        person.bank_account, person.bank_name = CARD, "Bank"
        person.save()
    return person


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def old_lady(city: City) -> tuple[Client, Person, User]:
    """A resident of eighty-one, known to the register, at her telephone."""
    sources()
    person = complete(resident(city, id_number=MOTHER))
    user = citizen(person)
    return signed_in(user), person, user


def daughter_of(city: City, mother: Person) -> tuple[Client, Person]:
    """Her daughter, who has a mandate."""
    daughter = resident(city, name="Li Na", id_number=DAUGHTER, birth=date(1970, 1, 1), phone="13800000002")
    user = citizen(daughter, name="Li Na", phone="13800000002")
    today = timezone.localdate()
    with scoped(TEST):
        Mandate(
            grantor_id=mother.id,
            grantor_name=mother.name,
            grantee_id=daughter.id,
            grantee_name=daughter.name,
            region_path=mother.region_path,
            kind="family",
            since=today,
            until=today + timedelta(days=365),
        ).save()
    return signed_in(user), daughter


def the_case() -> Case:
    with scoped(TEST):
        return Case.objects.select_related("region", "unit").get()


def action_of(html: str) -> str:
    """The address the form of a page is sent to."""
    found = re.search(r'id="linli-form" method="post" action="([^"]+)"', html)
    assert found, html[:2000]
    return found[1].replace("&amp;", "&")


def send(client: Client, page: Any, **answers: Any) -> Any:
    """Fill in the page of a stepped form and press Continue (or Submit on the last)."""
    html = page.content.decode()
    at = re.search(r'name="_at" value="([a-z_]+)"', html)
    assert at
    sections = re.findall(r'name="_section" value="([a-z_]+)"', html)
    data: dict[str, Any] = {
        "_at": at[1],
        "_section": sections,
        "_correcting": re.findall(r'name="_correcting" value="([^"]+)"', html),
        **answers,
    }
    if at[1] != "review":
        data.setdefault("_step", "next")
    return client.post(action_of(html), data, follow=True)


def go_on(client: Client, page: Any, **answers: Any) -> Any:
    """`send`, and the page must have been right; what it complains of is the test's failure."""
    after = send(client, page, **answers)
    summary = re.search(r'<div class="ui-error-summary".*?</div>', after.content.decode(), re.S)
    assert summary is None, re.sub(r"<[^>]+>|\s+", " ", summary[0])
    return after
