"""The front page and the guide: found by anybody, kept in memory for those nobody knows, never holding a personal byte."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse

from linli.cases.casefile.tests.factories import City, small_city
from linli.cases.casefile.tests.test_portal_cases import hand_in
from linli.cases.casefile.tests.visitors import old_lady
from linli.cases.catalogue.actions import open_draft, publish_draft, save_part
from linli.cases.catalogue.models import Matter
from linli.cases.catalogue.queries.editing import get_draft
from linli.channels.portal.engine import PageStore, fill_token, without_token
from linli.channels.portal.queries import catalogue_stamp
from linli.channels.portal.views import cache
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor

pytestmark = pytest.mark.django_db
MIDDLEWARE = "linli.channels.portal.views.cache.AnonymousPages"


@pytest.fixture(autouse=True)
def with_the_cache(settings: Any) -> None:
    """The cache as production has it, empty at the start of each test."""
    if MIDDLEWARE not in settings.MIDDLEWARE:
        at = settings.MIDDLEWARE.index("django.contrib.sessions.middleware.SessionMiddleware")
        settings.MIDDLEWARE = [*settings.MIDDLEWARE[:at], MIDDLEWARE, *settings.MIDDLEWARE[at:]]
    cache.STORE.clear()


@pytest.fixture
def city() -> City:
    return small_city()


def text(client: Client, address: str, **more: Any) -> str:
    answer = client.get(address, **more)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_home_page_has_search_and_what_is_asked_for_most(city: City) -> None:
    html = text(Client(), "/")
    assert 'action="/matters/"' in html
    assert 'name="q"' in html
    assert "高龄津贴" in html


@pytest.mark.parametrize("words", ["高龄", "gaoling", "gljt", "长寿金"])
def test_a_matter_is_found_by_name_pinyin_initials_and_other_names(city: City, words: str) -> None:
    assert reverse("catalogue_matter", args=["MZ06"]) in text(Client(), "/matters/", data={"q": words})
    assert reverse("catalogue_matter", args=["MZ06"]) in text(Client(), "/matters/suggest/", data={"q": words})


def test_the_list_is_narrowed_by_audience_and_field(city: City) -> None:
    companies = text(Client(), "/matters/", data={"audience": "body"})
    assert "TS01" in companies
    assert "MZ06" not in companies
    assert "MZ06" not in text(Client(), "/matters/", data={"line": "GA"})


def test_the_guide_says_everything_and_which_papers_are_not_needed(city: City) -> None:
    html = text(Client(), reverse("catalogue_matter", args=["MZ06"]))
    for words in (
        "年满80周岁",
        "12349",
        "居民户口簿",
        "满80岁那个月没来得及申请",
        "老年人权益保障法",
        reverse("casefile_apply", args=["MZ06"]),
    ):
        assert words in html, words
    assert "公安机关" in html
    assert "<table" in html


def test_a_matter_that_does_not_exist_gets_a_page_that_helps(city: City) -> None:
    assert Client().get(reverse("catalogue_matter", args=["XX99"])).status_code == 404


def test_a_kept_page_costs_no_query(city: City) -> None:
    first = text(Client(), "/")
    with CaptureQueriesContext(connection) as queries:
        second = text(Client(), "/")
    assert [q for q in queries if "catalogue_matter" not in q["sql"]] == []
    assert len(queries) <= 1  # the stamp, at most once a second
    assert strip(first) == strip(second)


def strip(html: str) -> str:
    return re.sub(r"[A-Za-z0-9]{64}", "TOKEN", html)


def test_what_is_published_is_on_the_page_at_once(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    text(Client(), "/")
    Matter.objects.filter(code="MZ06").update(open=False)
    monkeypatch.setattr(cache.STORE, "_checked", float("-inf"))  # a second later
    assert "高龄津贴" not in text(Client(), "/")
    assert "高龄津贴" not in text(Client(), "/matters/")


def test_a_guide_published_on_the_desk_is_seen_by_every_web_process_within_two_seconds(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each process has a store of its own; both have just kept the page and read the stamp, which is the worst moment."""
    guide = reverse("catalogue_matter", args=["MZ06"])
    processes = [PageStore(catalogue_stamp), PageStore(catalogue_stamp)]
    for store in processes:
        monkeypatch.setattr(cache, "STORE", store)
        assert "新的说明" not in text(Client(), guide) and store._pages
    office = system_actor("test.office", permissions=["catalogue.edit", "catalogue.publish"])
    with scoped(office):
        open_draft(office, code="MZ06")
        draft = get_draft(office, "MZ06")
        basics = draft.values("basics") | {"guide": "新的说明"}
        save_part(office, code="MZ06", part="basics", values=basics, base=draft.stamp("basics"))
        publish_draft(office, code="MZ06", digest=get_draft(office, "MZ06").version.digest)
    seen: set[int] = set()
    published = time.monotonic()
    while len(seen) < len(processes) and time.monotonic() - published < 2:
        for number, store in enumerate(processes):
            monkeypatch.setattr(cache, "STORE", store)
            if "新的说明" in text(Client(), guide):
                seen.add(number)
    assert seen == {0, 1}


@pytest.mark.parametrize("cookie", [django_settings.SESSION_COOKIE_NAME, "messages", "anything"])
def test_an_answer_that_sets_a_cookie_of_its_own_is_never_kept(city: City, cookie: str) -> None:
    def answer(request: Any) -> HttpResponse:
        request.resolver_match = resolve("/")
        response = HttpResponse("hello Wang Xiulan")
        response.set_cookie(cookie, "secret")
        return response

    assert cache.AnonymousPages(answer)(RequestFactory().get("/")).status_code == 200
    assert not cache.STORE._pages


@pytest.mark.parametrize(
    "more", [{"HTTP_AUTHORIZATION": "Bearer x"}, {"HTTP_HX_REQUEST": "true"}, {"QUERY_STRING": "q=x"}, {"HTTP_COOKIE": "messages=x"}]
)
def test_what_a_request_carries_of_its_own_passes_by_the_store(city: City, more: dict[str, str]) -> None:
    assert Client().get("/", **more).status_code == 200  # type: ignore[arg-type]
    assert not cache.STORE._pages


def test_signing_in_and_out_leaves_no_own_page_behind(city: City) -> None:
    """Pages asked for with a session that is over or forged pass by too: an unknown cookie is no proof of being nobody."""
    client, person, _ = old_lady(city)
    text(client, "/")
    client.logout()
    client.cookies[django_settings.SESSION_COOKIE_NAME] = "x" * 32
    assert person.name not in text(client, "/")
    assert not cache.STORE._pages


def test_the_stamp_is_read_at_most_once_a_second() -> None:
    now, asked = [0.0], []
    store = PageStore(lambda: asked.append(1) or str(len(asked)), clock=lambda: now[0])  # type: ignore[func-returns-value]
    store.put(("/", "zh-hans", False), b"page", "text/html", store.stamp())
    for tenth in range(10):
        now[0] = tenth / 10
        assert store.get(("/", "zh-hans", False)) is not None
    assert len(asked) == 1
    now[0] = 1.0
    assert store.get(("/", "zh-hans", False)) is None
    assert len(asked) == 2


def test_each_visitor_gets_a_token_that_works(city: City) -> None:
    text(Client(), "/")
    visitor = Client(enforce_csrf_checks=True)
    html = text(visitor, "/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)
    assert token
    assert visitor.post("/elder/", {"csrfmiddlewaretoken": token[1], "on": "1", "next": "/"}).status_code == 302
    other = Client()
    assert token[1] not in text(other, "/")
    assert other.cookies["csrftoken"].value != visitor.cookies["csrftoken"].value


def test_no_kept_page_holds_a_personal_byte(city: City) -> None:
    """Whoever is signed in passes by the cache, in both directions."""
    client, person, user = old_lady(city)
    case = hand_in(user, person)
    own = text(client, "/")
    assert person.name in own
    assert str(case.id) in own
    assert person.name not in text(Client(), "/")
    for page in cache.STORE._pages.values():
        for piece in page.pieces:
            for personal in (person.name, str(case.id), case.number, str(user.id), "138000"):
                assert personal.encode() not in piece
    assert person.name in text(client, "/")


def test_large_type_and_language_have_pages_of_their_own(city: City) -> None:
    text(Client(), "/")
    large = Client()
    large.cookies["elder"] = "1"
    assert "data-elder" in text(large, "/")
    assert "data-elder" not in text(Client(), "/")
    english = Client(headers={"accept-language": "en"})
    english.cookies["django_language"] = "en"
    assert 'lang="en"' in text(english, "/")
    assert 'lang="zh-hans"' in text(Client(), "/")


def test_shared_caches_keep_nothing(city: City) -> None:
    for _ in range(2):
        answer = Client().get("/")
        assert "private" in answer["Cache-Control"]
        assert "Cookie" in answer["Vary"]
        assert answer["X-Frame-Options"] == "DENY"


def test_somebody_who_follows_a_case_passes_by_the_cache(city: City) -> None:
    from linli.cases.casefile.engine import query_code

    _, person, user = old_lady(city)
    case = hand_in(user, person)
    visitor = Client()
    visitor.post("/track/", {"number": case.number, "secret": query_code(case.number)})
    assert django_settings.SESSION_COOKIE_NAME in visitor.cookies
    text(visitor, "/")
    assert not cache.STORE._pages


def test_a_token_is_cut_out_and_put_in_again() -> None:
    body = b'<input name="csrfmiddlewaretoken" value="' + b"a" * 64 + b'"> <meta name="csrf-token" content="' + b"b" * 64 + b'">'
    pieces = without_token(body)
    assert b"aaaa" not in b"".join(pieces)
    assert b"bbbb" not in b"".join(pieces)
    assert fill_token(pieces, "c" * 64).count(b"c" * 64) == 2


def test_the_portal_installs_as_an_app_and_tells_machines_what_is_private(city: City) -> None:
    client = Client()
    assert client.get("/manifest.webmanifest").status_code == 200
    assert client.get("/sw.js").status_code == 200
    assert client.get("/offline/").status_code == 200
    assert "Disallow: /my/cases/" in client.get("/robots.txt").content.decode()
    assert 'rel="manifest"' in text(client, "/")
