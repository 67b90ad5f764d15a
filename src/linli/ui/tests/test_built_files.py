"""Static files of a front end that is rebuilt while the process runs."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from linli.ui.views.built import BuiltFiles


@pytest.fixture
def assets(built: Path) -> Path:
    folder = built.parents[1] / "assets"
    folder.mkdir()
    return folder


@pytest.fixture
def site(assets: Path, settings: pytest.FixtureRequest) -> Callable[[str], HttpResponseBase]:
    """A running site whose files were listed when `desk-aaaaaaaa.js` was all there was."""
    (assets / "desk-aaaaaaaa.js").write_text("first")
    settings.STATICFILES_DIRS = [assets.parent]  # type: ignore[attr-defined]
    middleware = BuiltFiles(lambda request: HttpResponse("no such page", status=404))
    return lambda url: middleware(_get(url))


def _get(url: str) -> HttpRequest:
    return RequestFactory().get(url)


def body(response: HttpResponseBase) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]


def test_a_file_of_a_later_build_is_served_without_a_restart(site: Callable[[str], HttpResponseBase], assets: Path) -> None:
    assert site("/static/assets/desk-bbbbbbbb.js").status_code == 404
    (assets / "desk-bbbbbbbb.js").write_text("second")
    assert body(site("/static/assets/desk-bbbbbbbb.js")) == b"second"
    assert body(site("/static/assets/desk-aaaaaaaa.js")) == b"first"


def test_a_file_that_a_later_build_removed_is_not_found(site: Callable[[str], HttpResponseBase], assets: Path) -> None:
    assert body(site("/static/assets/desk-aaaaaaaa.js")) == b"first"
    (assets / "desk-aaaaaaaa.js").unlink()
    assert [site("/static/assets/desk-aaaaaaaa.js").status_code for _ in range(2)] == [404, 404]


def test_what_the_content_names_may_be_kept_for_ever_and_nothing_else(site: Callable[[str], HttpResponseBase], assets: Path) -> None:
    (assets / "plain.js").write_text("may change")
    assert "immutable" in site("/static/assets/desk-aaaaaaaa.js")["Cache-Control"]
    assert "immutable" not in site("/static/assets/plain.js")["Cache-Control"]


@pytest.mark.parametrize("name", ["../.vite/manifest.json", "%2e%2e/secret", "..", "", "x\x00y", "a" * 5000, "folder"])
def test_nothing_outside_the_built_files_is_reached(site: Callable[[str], HttpResponseBase], assets: Path, name: str) -> None:
    (assets / "folder").mkdir()
    assert site(f"/static/assets/{name}").status_code == 404
