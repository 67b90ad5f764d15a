"""`/ogc/` against the abstract test suites of OGC 17-069r4 (Annex A) and OGC 18-058 (Annex A): one function a group, named after it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from linli.cases.casefile.tests.factories import City, _staff
from linli.cases.casefile.tests.visitors import BACKEND
from linli.channels.api.tests.conftest import new_partner
from linli.foundation.access.models import Role
from linli.foundation.regions.models import Region
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.lib.remembered import forget_all
from linli.registry.premises.models import Premises

pytestmark = pytest.mark.django_db

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CGCS2000 = "http://www.opengis.net/def/crs/EPSG/0/4490"
WGS84 = "http://www.opengis.net/def/crs/EPSG/0/4326"
PUBLIC = ["counties", "streets", "communities"]


def box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]]}


@pytest.fixture
def drawn(city: City) -> City:
    """A county, its street, two communities side by side, two grids in the first, homes in the first grid and in the other community."""
    outlines = {
        "county": box(114.0, 27.0, 116.0, 29.0),
        "street": box(114.8, 27.6, 115.2, 28.0),
        "home": box(114.9, 27.7, 115.0, 27.8),
        "other": box(115.0, 27.7, 115.1, 27.8),
    }
    for name, outline in outlines.items():
        Region.objects.filter(pk=city.regions[name].pk).update(outline=outline)
    home = city.regions["home"]
    for n, outline in ((1, box(114.9, 27.7, 114.95, 27.8)), (2, box(114.95, 27.7, 115.0, 27.8))):
        Region(code=f"{home.code}00{n}", name=f"grid {n}", level="grid", path=f"{home.path}0000{n}", parent=home, outline=outline).save()
    for code in ("360502003000", "360502004000", "360502005000"):
        row = Region(
            code=code, name=code, level="street", path=f"{city.regions['county'].path}000{code[7:9]}", parent=city.regions["county"]
        )
        row.outline = box(114.1, 27.1, 114.2, 27.2)
        row.save()
    with scoped(system_actor("test")):
        for n, (region, x) in enumerate((("home", 114.91234), ("home", 114.93337), ("other", 115.05))):
            place = city.regions[region]
            Premises(
                addr_code=f"{place.code}{n:013d}",
                region=place,
                region_path=place.path,
                address="江西省新余市渝水区城北街道北湖社区某小区1号",
                estate=f"estate {n}",
                longitude=x,
                latitude=27.75555,
            ).save()
    forget_all()
    return city


def get(path: str, client: Client | None = None, bbox_crs: str = "", **query: str) -> Any:
    query |= {"bbox-crs": bbox_crs} if bbox_crs else {}
    return (client or Client()).get(f"/ogc/{path}", query, headers={"accept-language": "en"})


def clerk(city: City, *permissions: str, unit: str = "home") -> Client:
    Role(code="mapped", name="mapped", permissions=list(permissions), level=4).save()
    user = _staff("mapped", city.units[unit], "mapped")
    forget_all()
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def follow(link: dict[str, str], client: Client | None = None) -> Any:
    parts = urlsplit(link["href"])
    return (client or Client()).get(parts.path, dict(parse_qsl(parts.query)))


OURS = [*PUBLIC, "grids", "homes"]


def offered(answer: Any) -> list[str]:
    """The layers of this test among those listed; other apps have more."""
    return [one["id"] for one in answer.json()["collections"] if one["id"] in OURS]


def rel(body: dict[str, Any], name: str) -> dict[str, str]:
    return next(link for link in body["links"] if link["rel"] == name)


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [feature["properties"]["name"] for feature in answer.json()["features"]]


# ---- OGC 17-069r4, Annex A.2: conformance class Core ----


def test_http(drawn: City) -> None:
    """A.2.1: HTTP 1.1, also HEAD; a method that is not offered is 405, what does not exist 404."""
    assert Client().head("/ogc/").status_code == 200
    assert Client().post("/ogc/collections").status_code == 405
    missing = get("nothing")
    assert missing.status_code == 404


def test_landing_page(drawn: City) -> None:
    """A.2.2: links to the definition of the interface, the conformance declaration and the data; each of them answers."""
    body = get("").json()
    for name in ("self", "service-desc", "conformance", "data"):
        answer = follow(rel(body, name))
        assert answer.status_code == 200
        assert answer["Content-Type"].split(";")[0] == rel(body, name)["type"].split(";")[0]


def test_api_definition(drawn: City) -> None:
    """A.2.3: an OpenAPI 3.0 document of the type the landing page names."""
    answer = get("api")
    assert answer["Content-Type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert answer.json()["openapi"].startswith("3.0.")


def test_conformance_path(drawn: City) -> None:
    """A.2.4."""
    declared = get("conformance").json()["conformsTo"]
    core = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"
    assert set(declared) == {
        f"{core}/core",
        f"{core}/oas30",
        f"{core}/geojson",
        "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    }


def test_feature_collections(drawn: City) -> None:
    """A.2.5: every collection has an id, links to itself and its items, an extent in CRS84; the collection itself says the same as the list."""
    body = get("collections").json()
    assert rel(body, "self")
    assert offered(get("collections")) == PUBLIC
    for one in body["collections"]:
        assert rel(one, "items")["type"] == "application/geo+json"
        west, south, east, north = one["extent"]["spatial"]["bbox"][0]
        assert (west, south, east, north) == (114.0, 27.0, 116.0, 29.0)
        assert get(f"collections/{one['id']}").json() == one
    assert get("collections/homes").status_code == 404
    assert get("collections/none").status_code == 404


def test_features(drawn: City) -> None:
    """A.2.7, fc-op and fc-response: a FeatureCollection with self link, time stamp and numbers that are true."""
    answer = get("collections/communities/items")
    body = answer.json()
    assert answer["Content-Type"] == "application/geo+json"
    assert body["type"] == "FeatureCollection"
    assert body["numberReturned"] == len(body["features"]) == body["numberMatched"] == 2
    assert rel(body, "self")["type"] == "application/geo+json"
    assert body["timeStamp"].endswith("Z")
    assert 'rel="self"' in answer["Link"]


def test_features_bbox(drawn: City) -> None:
    """fc-bbox-definition and fc-bbox-response: only what meets the box; heights aside; a box that is none is 400."""
    assert ids(get("collections/communities/items", bbox="114.91,27.71,114.92,27.72")) == ["Beihu"]
    assert ids(get("collections/communities/items", bbox="114.91,27.71,0,114.92,27.72,99")) == ["Beihu"]
    assert ids(get("collections/communities/items", bbox="115.0,27.7,115.0,27.7")) == ["Beihu", "Donghu"]
    assert ids(get("collections/communities/items", bbox="100,10,101,11")) == []
    assert ids(get("collections/communities/items", bbox="170,-80,-170,80")) == []
    for bad in ("", "1,2,3", "a,b,c,d", "1,2,3,nan", "114,28,115,27", "114,27,115,128"):
        assert get("collections/communities/items", bbox=bad).status_code == 400, bad


def test_features_limit(drawn: City) -> None:
    """fc-limit: no more than asked for, a large limit gives the most there is, 0 and words are 400; the next links walk through everything once."""
    names, answer = [], get("collections/streets/items", limit="2")
    while True:
        body = answer.json()
        assert body["numberReturned"] <= 2
        assert body["numberMatched"] == 4
        names += [feature["properties"]["code"] for feature in body["features"]]
        links = [link for link in body["links"] if link["rel"] == "next"]
        if not links:
            break
        answer = follow(links[0])
    assert names == sorted(set(names))
    assert len(names) == 4
    assert get("collections/streets/items", limit="100000").status_code == 200
    for bad in ("0", "-1", "two", "1.5"):
        assert get("collections/streets/items", limit=bad).status_code == 400


def test_features_datetime(drawn: City) -> None:
    """fc-time: regions that existed; both ends may be open; a day that is none is 400."""
    Region.objects.filter(code="360502001002").update(valid_from="2025-06-01")
    forget_all()
    assert ids(get("collections/communities/items", datetime="2024-01-01/2025-01-01")) == ["Beihu"]
    assert ids(get("collections/communities/items", datetime="2026-01-01T00:00:00Z")) == ["Beihu", "Donghu"]
    assert ids(get("collections/communities/items", datetime="../2025-01-01")) == ["Beihu"]
    assert ids(get("collections/communities/items", datetime="2024-01-01/..")) == ["Beihu", "Donghu"]
    for bad in ("yesterday", "2026-13-01", "2026-01-02/2026-01-01", "/", "2026-01-01/2026-01-02/2026-01-03"):
        assert get("collections/communities/items", datetime=bad).status_code == 400, bad


def test_features_parameters(drawn: City) -> None:
    """query-param-unknown and -invalid, and filters on properties."""
    assert ids(get("collections/communities/items", name="Donghu")) == ["Donghu"]
    assert ids(get("collections/communities/items", name="Donghu", bbox="114.91,27.71,114.92,27.72")) == []
    assert get("collections/communities/items", nonsense="1").status_code == 400
    assert get("collections", nonsense="1").status_code == 400
    refused = get("collections/communities/items", nonsense="1").json()
    assert refused["code"] == "PARAMETER"
    assert "nonsense" in refused["description"]


def test_feature(drawn: City) -> None:
    """A.2.8: the feature of the list, with links to itself and its collection; what does not exist is 404."""
    listed = get("collections/communities/items").json()["features"][0]
    body = get(f"collections/communities/items/{listed['id']}").json()
    assert {name: body[name] for name in listed} == listed
    assert rel(body, "self")["href"].endswith(listed["id"])
    assert follow(rel(body, "collection")).json()["id"] == "communities"
    for missing in ("018f0000-0000-7000-8000-00000000dead", "none"):
        assert get(f"collections/communities/items/{missing}").status_code == 404
    assert get(f"collections/streets/items/{listed['id']}").status_code == 404


# ---- A.3 GeoJSON, A.4 OpenAPI 3.0 ----


def test_geojson(drawn: City) -> None:
    """A.3: features and collections are GeoJSON (RFC 7946), longitude first."""
    feature = get("collections/communities/items").json()["features"][0]
    assert feature["type"] == "Feature"
    assert feature["geometry"]["type"] in ("Polygon", "MultiPolygon")
    assert feature["geometry"]["coordinates"][0][0] == [114.9, 27.7]
    assert isinstance(feature["properties"], dict)


def test_openapi(drawn: City) -> None:
    """A.4: every path of every collection is defined with the parameters it takes, and every answer with its media type."""
    document = get("api").json()
    for code in PUBLIC:
        parameters = document["paths"][f"/collections/{code}/items"]["get"]["parameters"]
        names = {one.get("name") or one["$ref"].rpartition("/")[2] for one in parameters}
        assert {"bbox", "bbox-crs", "limit", "datetime", "crs", "code", "name"} <= names
        assert f"/collections/{code}/items/{{featureId}}" in document["paths"]
    assert not [path for path in document["paths"] if "homes" in path]
    limit = document["components"]["parameters"]["limit"]["schema"]
    assert (limit["minimum"], limit["maximum"], limit["default"]) == (1, 1000, 100)
    for path in document["paths"].values():
        assert {"200", "400"} <= path["get"]["responses"].keys()


# ---- OGC 18-058, Annex A: conformance class CRS ----


def test_crs_discovery(drawn: City) -> None:
    """A.1.1: every collection lists what it offers, its storage system among them."""
    for one in get("collections").json()["collections"]:
        assert set(one["crs"]) == {CRS84, CGCS2000, WGS84}
        assert one["storageCrs"] in one["crs"]


def test_crs_parameter(drawn: City) -> None:
    """A.1.2: answers come in the system asked for, with the axes of its definition; Content-Crs says which; an unknown one is 400."""
    for crs, first in ((CRS84, [114.9, 27.7]), (CGCS2000, [27.7, 114.9]), (WGS84, [27.7, 114.9])):
        answer = get("collections/communities/items", crs=crs)
        assert answer["Content-Crs"] == f"<{crs}>"
        feature = answer.json()["features"][0]
        assert feature["geometry"]["coordinates"][0][0] == first
        one = get(f"collections/communities/items/{feature['id']}", crs=crs)
        assert one["Content-Crs"] == f"<{crs}>"
        assert one.json()["geometry"]["coordinates"][0][0] == first
    assert get("collections/communities/items")["Content-Crs"] == f"<{CRS84}>"
    assert get("collections/communities/items", crs="EPSG:4490").status_code == 400


def test_bbox_crs_parameter(drawn: City) -> None:
    """A.1.3: the box is read with the axes of its system; an unknown one is 400."""
    assert ids(get("collections/communities/items", bbox="114.91,27.71,114.92,27.72", bbox_crs=CRS84)) == ["Beihu"]
    assert ids(get("collections/communities/items", bbox="27.71,114.91,27.72,114.92", bbox_crs=CGCS2000)) == ["Beihu"]
    assert get("collections/communities/items", bbox="114.91,27.71,114.92,27.72", bbox_crs=CGCS2000).status_code == 400
    assert get("collections/communities/items", bbox="1,2,3,4", bbox_crs="urn:none").status_code == 400


# ---- rights ----


def test_what_is_not_public_asks_for_the_permission(drawn: City) -> None:
    """A clerk sees homes of her own community, nobody's name, a hundred metres round about; the other community's home is not there."""
    client = clerk(drawn, "maps.view", "people.view")
    assert offered(get("collections", client)) == OURS
    body = get("collections/homes/items", client).json()
    assert [f["properties"]["estate"] for f in body["features"]] == ["estate 0", "estate 1"]
    assert body["numberMatched"] == 2
    assert body["features"][0]["geometry"]["coordinates"] == [114.912, 27.756]
    assert "1号" not in str(body)
    with scoped(system_actor("test")):
        hidden = Premises.objects.get(estate="estate 2").pk
    assert get(f"collections/homes/items/{hidden}", client).status_code == 404


def test_a_box_does_not_find_the_exact_place_of_a_home(drawn: City) -> None:
    """The box is compared with what is shown: the home at 114.91234 is in every box that holds 114.912 and in no other."""
    client = clerk(drawn, "maps.view", "people.view")
    items = "collections/homes/items"
    assert len(ids(get(items, client, bbox="114.912,27.756,114.912,27.756"))) == 1
    assert len(ids(get(items, client, bbox="114.9122,27.755,114.9125,27.757"))) == 0
    assert len(ids(get(items, client, bbox="114.9111,27.7551,114.9123,27.7569"))) == 1


def test_a_partner_sees_what_its_scope_says(drawn: City) -> None:
    """Without the scope what everybody sees, with it the inner layers; nothing of a home, for it has no area; a token not in force is 401."""
    for scope, seen in (("matters:read", PUBLIC), ("maps:read", [*PUBLIC, "grids"])):
        headers = new_partner(scope, name=scope).headers
        assert offered(Client().get("/ogc/collections", headers=headers)) == seen
    refused = Client().get("/ogc/", headers={"Authorization": "Bearer nonsense"})
    assert refused.status_code == 401
    assert refused.json()["code"] == "INVALID_TOKEN"
