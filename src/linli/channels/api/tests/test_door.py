"""The door: limits, shapes of refusals, the OpenAPI document, the page that explains it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from linli.channels.api.actions import DOOR, take
from linli.channels.api.models import ApiBucket
from linli.channels.api.tests.conftest import Partner, new_partner
from linli.foundation.scope.actions import scoped

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"
MEMBERS = {"type", "title", "status", "detail", "code", "field", "hint"}


def is_problem(answer: Any, status: int) -> dict[str, Any]:
    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM)
    body: dict[str, Any] = answer.json()
    assert set(body) >= MEMBERS and body["status"] == status
    return body


def test_whatever_is_not_there_is_a_problem_document(partner: Partner) -> None:
    is_problem(partner.get("nothing"), 404)
    is_problem(partner.get("matters/XX99"), 404)
    is_problem(partner.get("matters/"), 404)
    refused = Client().delete("/api/v1/matters", headers=partner.headers)
    is_problem(refused, 405)
    assert refused["Allow"] == "GET"


def test_a_missing_scope_is_named(partner: Partner) -> None:
    reader = new_partner("cases:read", name="Reader")
    answer = reader.get("matters")
    assert is_problem(answer, 403)["code"] == "INSUFFICIENT_SCOPE"
    assert 'scope="matters:read"' in answer["WWW-Authenticate"]
    assert is_problem(reader.submit(), 403)["code"] == "INSUFFICIENT_SCOPE"


def test_a_fault_of_ours_is_a_problem_without_its_insides(partner: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the database password is 12345")

    monkeypatch.setattr("linli.cases.catalogue.views.api.queries.matters", broken)
    body = is_problem(partner.get("matters"), 500)
    assert "12345" not in str(body)


def test_a_client_that_asks_too_much_waits(city: Any) -> None:
    slow = new_partner("matters:read", name="Slow", per_minute=6, burst=2)
    quick = new_partner("matters:read", name="Quick")
    assert [slow.get("matters").status_code for _ in range(3)] == [200, 200, 429]
    answer = slow.get("matters")
    assert is_problem(answer, 429)["code"] == "RATE_LIMIT"
    assert 1 <= int(answer["Retry-After"]) <= 10
    assert quick.get("matters").status_code == 200


def test_a_bucket_fills_up_again() -> None:
    with scoped(DOOR):
        assert take("k", per_minute=60, burst=1) == 0
        assert 0 < take("k", per_minute=60, burst=1) <= 1
        bucket = ApiBucket.objects.get(key="k")
        bucket.at = bucket.at.replace(year=bucket.at.year - 1)
        bucket.save(update_fields=["at"])
        assert take("k", per_minute=60, burst=1) == 0
        assert take("k", per_minute=60, burst=1) > 0


def test_a_session_opens_nothing_here(city: Any) -> None:
    client = Client()
    client.force_login(city.users["clerk"])
    is_problem(client.get("/api/v1/matters"), 401)


def test_the_catalogue_is_described_for_machines(partner: Partner) -> None:
    listed = {m["code"]: m for m in partner.get("matters").json()}
    assert listed["MZ06"]["url"] == "/api/v1/matters/MZ06"
    assert [m["code"] for m in partner.get("matters", q="gljt").json()] == ["MZ06"]
    matter = partner.get("matters/MZ06").json()
    assert matter["guide"]["promised"] == {"amount": 5, "unit": "W"} and matter["guide"]["conditions"]
    assert "bank_account" in [f["key"] for s in matter["form"]["sections"] for f in s["fields"]]
    assert {"key", "name", "necessity", "shared"} <= set(matter["materials"][0])


def test_the_openapi_document_is_valid_and_names_the_terms(db: None) -> None:
    validator = pytest.importorskip("openapi_spec_validator")
    answer = Client().get("/api/v1/openapi.json")
    document = answer.json()
    validator.validate(document)
    assert set(document["paths"]) == {
        "/api/v1/token",
        "/api/v1/revoke",
        "/api/v1/matters",
        "/api/v1/imports/{connector}",
        "/api/v1/matters/{code}",
        "/api/v1/files",
        "/api/v1/cases",
        "/api/v1/cases/{number}",
        "/api/v1/exchange",
        "/api/v1/exchange/{subscription}",
        "/api/v1/exchange/{subscription}/changes",
        "/api/v1/exchange/{subscription}/files",
        "/api/v1/exchange/{subscription}/files/{file}",
        "/api/v1/exchange/{subscription}/files/{file}/content",
        "/api/v1/exchange/{subscription}/files/{file}/manifest",
        "/api/v1/exchange/{subscription}/records",
        "/api/v1/exchange/{subscription}/records/{subject}",
    }
    submit = document["paths"]["/api/v1/cases"]["post"]
    assert submit["security"] == [{"oauth2": ["cases:submit"]}]
    assert "Idempotency-Key" in [p["name"] for p in submit["parameters"] if p["required"]]
    assert PROBLEM in submit["responses"]["409"]["content"]
    schemes = document["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]
    assert schemes["tokenUrl"] == "/api/v1/token" and set(schemes["scopes"]) == {
        "matters:read",
        "cases:submit",
        "cases:read",
        "exchange:read",
        "imports:push",
        "maps:read",
    }


def test_the_page_that_explains_it_loads_nothing_from_outside(db: None) -> None:
    answer = Client().get("/api/v1/")
    page = answer.content.decode()
    assert answer.status_code == 200 and "/api/v1/cases/{number}" in page
    assert not [url for url in re.findall(r'(?:src|href)="([^"]+)"', page) if url.startswith(("http", "//")) and "linli" not in url]
