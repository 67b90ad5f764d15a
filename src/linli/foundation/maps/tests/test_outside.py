"""Layers of other offices: fetched by the server within bounds, shown from the copy, refused where they lead into the house."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from linli.cases.casefile.tests.factories import City
from linli.cases.casefile.tests.visitors import BACKEND
from linli.foundation.access.models import Role
from linli.foundation.accounts.models import User
from linli.foundation.actions.engine import CityContext
from linli.foundation.maps.actions import add_layer, change_layer, fetch_on, pause_layer, queue_due, remove_layer
from linli.foundation.maps.actions.city import build_layers, export_layers
from linli.foundation.maps.engine import outside
from linli.foundation.maps.engine.outside import Errand, fetch
from linli.foundation.maps.models import OutsideFeature, OutsideLayer
from linli.foundation.maps.tests.test_desk import city, visitor  # noqa: F401 - fixture
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, ActorKind
from linli.lib.errors import Conflict, Invalid, LinliError
from linli.lib.remembered import forget_all

pytestmark = pytest.mark.django_db
ADMIN = Actor(ActorKind.STAFF, user_id=uuid4(), label="Admin", permissions=frozenset({"admin.packs"}))
STOP = {
    "type": "Feature",
    "id": 7,
    "geometry": {"type": "Point", "coordinates": [114.95, 27.75, 30.0]},
    "properties": {"name": "Stop", "lines": 101},
}
RIVER = {
    "type": "Feature",
    "geometry": {"type": "LineString", "coordinates": [[114.9, 27.7], [115.0, 27.8]]},
    "properties": {"NAME": "River\u0000", "grade": "two", "deep": True},
}
HERE = "bbox=114.8,27.6,115.2,28.0&zoom=12"


def collection(*features: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features), **more}


@dataclass
class Office:
    """The reference server of another office: documents, redirects and bad days by path."""

    documents: dict[str, Any] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    status: int = 200
    slow: float = 0.0
    asked: list[str] = field(default_factory=list)
    port: int = 0

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@pytest.fixture
def office() -> Iterator[Office]:
    state = Office()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(self.path)
            if self.path in state.moved:
                self.send_response(302)
                self.send_header("Location", state.moved[self.path])
                self.end_headers()
                return
            found = state.documents.get(self.path.split("?")[0]) if "?" not in self.path else state.documents.get(self.path)
            found = found if found is not None else state.documents.get(self.path.split("?")[0])
            body = found if isinstance(found, bytes) else json.dumps(found).encode()
            self.send_response(state.status if found is not None else 404)
            self.end_headers()
            half = len(body) // 2
            self.wfile.write(body[:half])
            time.sleep(state.slow)
            self.wfile.write(body[half:])

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield state
    server.shutdown()
    server.server_close()


def layer_at(office: Office, path: str = "/stops.geojson") -> OutsideLayer:
    layer = add_layer(ADMIN, name="Stops", url=office.url(path), every_hours=24)
    fetch_on(layer.pk)
    layer.refresh_from_db()
    return layer


def shown(client: Client, layer: OutsideLayer) -> list[dict[str, Any]]:
    found = client.get(f"/desk/map/layers/outside-{layer.pk.hex}/?{HERE}")
    assert found.status_code == 200, found.content
    return list(found.json()["features"])


def test_a_file_of_geojson_becomes_a_layer_of_the_map(city: City, office: Office) -> None:  # noqa: F811
    office.documents["/stops.geojson"] = collection(STOP, RIVER, {"type": "Feature", "geometry": None, "properties": {}})
    layer = layer_at(office)
    assert (layer.number, layer.failure, layer.failed_since) == (2, {}, None) and layer.fetched_at
    client = visitor(city, "maps.view")
    first, second = shown(client, layer)
    assert first["geometry"] == {"type": "Point", "coordinates": [114.95, 27.75]}
    assert (first["properties"]["name"], first["properties"]["detail"]) == ("Stop", "101")
    assert (second["properties"]["name"], second["properties"]["detail"]) == ("River", "two")
    page = client.get("/desk/map/").content.decode()
    assert "Stops" in page and "copy of" in page and "127.0.0.1" not in page
    assert "River" in client.get(f"/desk/map/table/?{HERE}&layers=outside-{layer.pk.hex}").content.decode()
    away = client.get(f"/desk/map/layers/outside-{layer.pk.hex}/?bbox=100,20,101,21&zoom=12").json()
    assert away["features"] == []
    assert client.get("/ogc/collections?f=json").content.decode().count("Stops") == 0, "what is not ours is not published on"


def test_a_collection_is_followed_to_its_items_and_from_page_to_page(city: City, office: Office) -> None:  # noqa: F811
    office.documents |= {
        "/collections/stops": {
            "id": "stops",
            "links": [
                {"rel": "items", "type": "text/html", "href": "/page"},
                {"rel": "items", "type": "application/geo+json", "href": "/collections/stops/items"},
            ],
        },
        "/collections/stops/items?limit=1000": collection(STOP, links=[{"rel": "next", "href": "items?after=1"}]),
        "/collections/stops/items?after=1": collection(RIVER),
    }
    assert layer_at(office, "/collections/stops").number == 2
    assert office.asked == ["/collections/stops", "/collections/stops/items?limit=1000", "/collections/stops/items?after=1"]


def test_what_fails_is_told_and_the_last_good_copy_stays(city: City, office: Office) -> None:  # noqa: F811
    office.documents["/stops.geojson"] = collection(STOP)
    layer = layer_at(office)
    good = layer.fetched_at
    office.status = 503
    for _ in range(2):
        fetch_on(layer.pk)
    layer.refresh_from_db()
    since = layer.failed_since
    assert layer.failure["code"] == "LAYER_DOWN" and layer.fetched_at == good and since
    client = visitor(city, "maps.view")
    assert len(shown(client, layer)) == 1
    assert "last good copy of" in client.get("/desk/map/").content.decode()
    page = visitor_admin(city).get("/desk/admin/map-layers/").content.decode()
    assert "HTTP 503" in page and "asked again later" in page
    office.status = 200
    fetch_on(layer.pk)
    layer.refresh_from_db()
    assert (layer.failure, layer.failed_since) == ({}, None) and good and layer.fetched_at and layer.fetched_at > good


def visitor_admin(city: City) -> Client:  # noqa: F811
    Role.objects.filter(code="mapped").update(permissions=["admin.packs"])
    forget_all()
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(username="mapped"), backend=BACKEND)
    return client


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (b"<html>", "LAYER_NO_GEOJSON"),
        (b"[" * 100_000, "LAYER_NO_GEOJSON"),
        ([], "LAYER_NO_GEOJSON"),
        ({"type": "Topology"}, "LAYER_NO_GEOJSON"),
        (collection({"type": "Feature", "geometry": {"type": "Point", "coordinates": ["a", "b"]}}), "LAYER_NO_GEOJSON"),
        (collection({"type": "Feature", "geometry": {"type": "GeometryCollection", "geometries": []}}), "LAYER_NO_GEOJSON"),
        (collection({"type": "Feature", "geometry": {"type": "Point", "coordinates": [500000, 3000000]}}), "LAYER_DEGREES"),
        (collection(STOP, STOP, STOP), "LAYER_TOO_LARGE"),
        (collection(links=[{"rel": "next", "href": "/x"}]), "LAYER_NO_GEOJSON"),
        (b" " * 200_000, "LAYER_TOO_LARGE"),
        (None, "LAYER_DOWN"),
    ],
)
def test_what_is_no_layer_is_refused(office: Office, document: Any, code: str) -> None:
    if document is not None:
        office.documents["/x"] = document
    with pytest.raises(LinliError) as refused:
        fetch(Errand(local=True, most_features=2, most_bytes=150_000), office.url("/x"))
    assert refused.value.code == code


def test_a_server_that_dawdles_is_left(office: Office) -> None:
    office.documents["/x"], office.slow = collection(STOP), 0.5
    with pytest.raises(LinliError, match="LAYER_SLOW"):
        fetch(Errand(local=True, seconds=0.2), office.url("/x"))


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ("https://10.0.0.1/stops", "URL_PRIVATE"),
        ("https://169.254.169.254/latest/meta-data", "URL_PRIVATE"),
        ("http://169.254.169.254/latest/meta-data", "URL_SHAPE"),
        ("https://[fd00::1]/", "URL_PRIVATE"),
        ("file:///etc/passwd", "URL_SHAPE"),
        ("/x", "LAYER_DOWN"),
    ],
)
def test_a_redirect_does_not_lead_into_the_house(office: Office, where: str, code: str) -> None:
    office.moved["/x"] = where
    with pytest.raises(LinliError) as refused:
        fetch(Errand(local=True), office.url("/x"))
    assert refused.value.code == code


def test_a_redirect_to_another_place_is_followed(office: Office) -> None:
    office.moved["/x"], office.documents["/y"] = "/y", collection(STOP)
    assert [one.name for one in fetch(Errand(local=True), office.url("/x"))[0]] == ["Stop"]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://example.com/x", "URL_SHAPE"),
        ("https://user@example.com/x", "URL_SHAPE"),
        ("https://192.168.1.1/x", "URL_PRIVATE"),
    ],
)
def test_an_address_is_checked_when_it_is_entered(url: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        add_layer(ADMIN, name="Stops", url=url, every_hours=24)
    assert (refused.value.code, refused.value.field) == (code, "url")


def test_local_addresses_are_refused_where_nobody_tests(settings: Any, office: Office) -> None:
    settings.MAP_LOCAL = False
    with pytest.raises(Invalid, match="URL_SHAPE"):
        add_layer(ADMIN, name="Stops", url=office.url("/x"), every_hours=24)


def test_an_address_is_entered_once_and_what_was_changed_meanwhile_wins(
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office.documents |= {"/stops.geojson": collection(STOP), "/other": collection(RIVER)}
    layer = layer_at(office)
    with pytest.raises(Conflict, match="LAYER_KNOWN"):
        add_layer(ADMIN, name="Again", url=layer.url, every_hours=24)
    asked: Callable[..., Any] = outside.fetch

    def changed_meanwhile(*args: Any, **kwargs: Any) -> Any:
        found = asked(*args, **kwargs)
        change_layer(ADMIN, layer_id=layer.pk, name="Rivers", url=office.url("/other"), every_hours=1)
        return found

    monkeypatch.setattr("linli.foundation.maps.actions.outside.fetch", changed_meanwhile)
    fetch_on(layer.pk)
    monkeypatch.undo()
    layer.refresh_from_db()
    assert (layer.name, layer.digest) == ("Rivers", "")
    fetch_on(layer.pk)
    with scoped(ADMIN):
        assert [one.name for one in OutsideFeature.objects.filter(layer=layer)] == ["River"]


def test_layers_are_queued_by_their_cycle(office: Office) -> None:
    office.documents["/stops.geojson"] = collection(STOP)
    layer = layer_at(office)
    assert queue_due() == 0
    OutsideLayer.objects.update(next_at=layer.fetched_at)
    assert queue_due() == 1
    pause_layer(ADMIN, layer_id=layer.pk, paused=True)
    assert queue_due() == 0
    fetch_on(layer.pk)
    layer.refresh_from_db()
    assert layer.next_at is None, "a paused layer stays paused whatever was on its way"
    remove_layer(ADMIN, layer_id=layer.pk)
    fetch_on(layer.pk)
    assert not OutsideFeature.objects.exists()


def test_only_an_administrator_adds_layers(city: City) -> None:  # noqa: F811
    client = visitor(city, "maps.view")
    assert client.get("/desk/admin/map-layers/").status_code in (403, 404)
    admin = visitor_admin(city)
    assert admin.get("/desk/admin/map-layers/new/").status_code == 200
    wrong = admin.post("/desk/admin/map-layers/new/", {"name": "x y", "url": "https://10.1.1.1/a", "every_hours": "24"})
    assert wrong.status_code == 422 and "private network" in wrong.content.decode()


def test_a_synthetic_city_has_copies_out_of_its_packs_and_builds_them_once() -> None:
    asked = CityContext(people=1, cases=0, seed=1, as_of=date(2026, 1, 1))
    for _ in range(2):
        build_layers(asked)
    told = list(export_layers())
    assert [line.split("\t")[1:4:2] for line in told[:2]] == [["公交站点（市交通运输局）", "168"], ["河湖水系（市水利局）", "744"]]
    assert any("仙女湖" in line for line in told) and queue_due() == 0
