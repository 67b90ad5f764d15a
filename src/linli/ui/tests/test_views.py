"""Elder mode, the installable app's files, error pages, style guide."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from linli.ui import views
from linli.ui.engine import links, menu
from linli.ui.views import errors

pytestmark = pytest.mark.usefixtures("built", "bare_shells")


@pytest.fixture
def bare_shells(monkeypatch: pytest.MonkeyPatch) -> None:
    """No channel has registered anything: the shells must still draw."""
    monkeypatch.setattr(links, "_links", {})
    monkeypatch.setattr(menu, "_items", {})


@pytest.mark.parametrize(("on", "value"), [("1", "1"), ("0", "")])
def test_elder_mode_is_kept_on_the_device_and_leads_back(on: str, value: str) -> None:
    response = views.elder_mode(RequestFactory().post("/elder/", {"on": on, "next": "/apply/?step=2"}))  # type: ignore[arg-type]
    assert (response.status_code, response["Location"]) == (302, "/apply/?step=2")
    assert response.cookies["elder"].value == value


@pytest.mark.parametrize("goal", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_elder_mode_never_leads_to_another_site(goal: str) -> None:
    response = views.elder_mode(RequestFactory().post("/elder/", {"on": "1", "next": goal}))  # type: ignore[arg-type]
    assert response["Location"] == "/"


def test_elder_mode_marks_the_page() -> None:
    request = RequestFactory().get("/offline/")
    assert b"data-elder" not in views.offline(request).content  # type: ignore[arg-type]
    request.COOKIES["elder"] = "1"
    assert b"<html" in views.offline(request).content and b" data-elder>" in views.offline(request).content  # type: ignore[arg-type]


def test_the_manifest_names_icons_that_exist() -> None:
    body = json.loads(views.web_manifest(RequestFactory().get("/manifest.webmanifest")).content)  # type: ignore[arg-type]
    folder = Path(views.__file__).parents[1] / "static"
    assert {icon["sizes"] for icon in body["icons"]} == {"any", "192x192", "512x512"}
    assert all((folder / icon["src"].removeprefix("/static/")).is_file() for icon in body["icons"])
    assert body["display"] == "standalone"


@pytest.mark.django_db  # closing a response looks at the connections
def test_the_service_worker_is_never_cached(built: Path) -> None:
    request = RequestFactory().get("/sw.js")
    with pytest.raises(Http404):
        views.service_worker(request)  # type: ignore[arg-type]
    (built.parent.parent / "sw.js").write_text("self", encoding="utf-8")
    response = views.service_worker(request)  # type: ignore[arg-type]
    assert (response["Content-Type"], response["Cache-Control"]) == ("text/javascript", "no-cache")
    response.close()


PAGES: list[tuple[int, Callable[..., HttpResponse], tuple[object, ...]]] = [
    (400, errors.bad_request, (ValueError(),)),
    (403, errors.permission_denied, (PermissionError(),)),
    (404, errors.not_found, (Http404(),)),
    (500, errors.server_error, ()),
    (413, errors.too_large, ()),
    (429, errors.too_many, (30,)),
    (403, errors.csrf_failure, ()),
]


@pytest.mark.parametrize("door", ["/desk/x/", "/x/"])
@pytest.mark.parametrize(("status", "view", "more"), PAGES)
def test_every_error_page_says_what_to_do_next(door: str, status: int, view: Callable[..., HttpResponse], more: tuple[object, ...]) -> None:
    response = view(RequestFactory().get(door), *more)
    page = response.content.decode()
    assert response.status_code == status
    assert 'class="ui-trouble-what"' in page
    assert page.count("<li>") >= 1
    assert ('class="desk"' in page) == (door.startswith("/desk") and status != 500)


def test_a_failure_without_a_built_front_end_still_answers(built: Path) -> None:
    built.unlink()
    response = errors.server_error(RequestFactory().get("/"))
    assert (response.status_code, response.content) == (500, b"Something went wrong on our side")


def test_a_refusal_shows_the_reason_that_was_given_escaped() -> None:
    page = errors.permission_denied(RequestFactory().get("/desk/"), PermissionError("Not <yours>")).content.decode()
    assert "Not &lt;yours&gt;" in page


def test_too_many_tells_machines_when_to_come_back() -> None:
    assert errors.too_many(RequestFactory().get("/"), 30)["Retry-After"] == "30"


@pytest.mark.parametrize("query", ["", "?errors=1", "?door=portal", "?door=portal&errors=1", "?page=3&sort=-number"])
def test_the_style_guide_draws_every_component(query: str) -> None:
    page = views.style_guide(RequestFactory().get("/desk/style-guide/" + query)).content.decode()  # type: ignore[arg-type]
    for name in ("ui-badge", "ui-timeline", "ui-steps", "ui-notice", "ui-empty", "ui-dialog", "ui-pages", "ui-details", "ui-field"):
        assert name in page
    assert ("ui-error-summary" in page) == ("errors=1" in query)
