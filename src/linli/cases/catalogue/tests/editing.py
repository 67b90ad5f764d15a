"""The matter editor as a department head uses it: a small city, a signed-in client, the stamps its pages carry."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.test import Client

from linli.cases.casefile.tests.factories import City, _staff, small_city
from linli.cases.catalogue.queries.editing import Draft, get_draft
from linli.foundation.access.models import Role
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.lib.remembered import forget_all

READER = system_actor("test.reader")
EDITOR = ["cases.view", "catalogue.edit"]


@dataclass
class Office:
    """The city, and two people who edit matters; only the first may publish."""

    city: City
    head: Client
    author: Client

    def draft(self, code: str) -> Draft:
        with scoped(READER):
            return get_draft(READER, code)

    def values(self, code: str, part: str) -> dict[str, Any]:
        return self.draft(code).values(part)


def office() -> Office:
    city = small_city()
    Role(code="head", name="head", permissions=[*EDITOR, "catalogue.publish"], level=4).save()
    Role(code="author", name="author", permissions=EDITOR, level=4).save()
    clients = []
    for name in ("head", "author"):
        city.users[name] = _staff(name, city.units["county_mz"], name)
        client = Client()
        client.force_login(city.users[name], backend="linli.foundation.accounts.queries.SessionBackend")
        clients.append(client)

    forget_all()
    return Office(city, *clients)


def page(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, f"{url}: {response.status_code} {response.headers} {response.content.decode()[:3000]}"
    return response.content.decode()


def base(html: str) -> str:
    """The stamp of the part the page shows."""
    found = re.search(r'name="base" value="([0-9a-f]*)"', html) or re.search(r'action="\?base=([0-9a-f]*)"', html)
    assert found, html[:2000]
    return found[1]


def fields(html: str) -> dict[str, Any]:
    """What a browser would send from the page's form (`linli-form`): every control with what it shows."""
    form = re.search(r'<form class="linli-form.*?</form>', html, re.S)
    assert form
    from html.parser import HTMLParser

    sent: dict[str, list[str]] = {}

    class Reader(HTMLParser):
        name = ""
        text: list[str] = []
        select = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            a = dict(attrs)
            name = a.get("name") or ""
            if tag == "input" and name and (a.get("type") not in ("checkbox", "radio") or "checked" in a) and a.get("type") != "submit":
                sent.setdefault(name, []).append(a.get("value") or "")
            elif tag == "textarea":
                self.name, self.text = name, []
            elif tag == "select":
                self.select = name
            elif tag == "option" and "selected" in a and self.select:
                sent.setdefault(self.select, []).append(a.get("value") or "")

        def handle_data(self, data: str) -> None:
            if self.name:
                self.text.append(data)

        def handle_endtag(self, tag: str) -> None:
            if tag == "textarea" and self.name:
                sent.setdefault(self.name, []).append("".join(self.text).removeprefix("\n"))
                self.name = ""
            elif tag == "select":
                self.select = ""

    Reader().feed(form[0])
    return dict(sent)


def save(client: Client, url: str, changes: dict[str, Any], status: int = 302) -> str:
    """Open a section, change some of its answers, save."""
    html = page(client, url)
    response = client.post(f"{url}?base={base(html)}", {**fields(html), **changes})
    assert response.status_code == status, response.content.decode()[:6000]
    return response.content.decode()
