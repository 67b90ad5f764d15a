"""Files over the API: judged like an attachment on the portal, kept for the partner that sent them, taken by one application once."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.cases.casefile.models import Case, Material
from linli.cases.casefile.tests.factories import City
from linli.cases.casefile.tests.visitors import DAUGHTER
from linli.channels.api.tests.conftest import SUBMISSION, Partner, new_partner
from linli.channels.api.tests.test_door import is_problem
from linli.foundation.files.models import StoredFile
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n" + b"1 0 obj << >> endobj\n" * 20
EXE = b"MZ\x90\x00" + b"\x00" * 500
READER = system_actor("test")


@pytest.fixture(autouse=True)
def _uploads(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def send(
    partner: Partner, content: bytes = PDF, name: str = "letter.pdf", *, key: str = "", field: str = "agent_letter", matter: str = "MZ06"
) -> Any:
    upload = SimpleUploadedFile(name, content, "application/pdf")
    headers = {**partner.headers, "Idempotency-Key": key or uuid4().hex}
    return Client().post("/api/v1/files", {"matter": matter, "field": field, "file": upload}, headers=headers)


def with_agent(*ids: str, key: str = "agent_letter") -> dict[str, Any]:
    """An application somebody else hands in, with the letter of authority."""
    body = deepcopy(SUBMISSION)
    body["answers"] |= {
        "has_agent": True,
        "agent_name": "李四",
        "agent_id_number": DAUGHTER,
        "agent_phone": "13800000002",
        "agent_relation": "child",
    }
    body["files"] = {key: list(ids)}
    return body


def stored() -> list[StoredFile]:
    with scoped(READER):
        return list(StoredFile.objects.exclude(name__endswith="-01.pdf"))


def test_a_file_is_uploaded_once_and_goes_with_the_application(city: City, partner: Partner) -> None:
    sent = send(partner, key="upload-0001")
    assert sent.status_code == 201, sent.content.decode()
    told = sent.json()
    assert (told["name"], told["size"], told["content_type"]) == ("letter.pdf", len(PDF), "application/pdf")
    again = send(partner, key="upload-0001")
    assert (again.status_code, again.json()["id"]) == (200, told["id"]) and len(stored()) == 1
    answer = partner.submit(with_agent(told["id"]))
    assert answer.status_code == 201, answer.content.decode()
    with scoped(READER):
        case = Case.objects.get(number=answer.json()["number"])
        letter = Material.objects.get(case=case, key="agent_letter")
        file = StoredFile.objects.get(pk=told["id"])
    assert (letter.state, str(letter.file_id), file.case_id, file.region_path) == ("given", told["id"], case.id, case.region_path)


def test_the_same_key_with_another_file_is_a_conflict(city: City, partner: Partner) -> None:
    send(partner, key="upload-0001")
    assert is_problem(send(partner, PDF + b"more", key="upload-0001"), 409)["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert is_problem(send(partner, name="other.pdf", key="upload-0001"), 409)["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert len(stored()) == 1


def test_a_program_called_pdf_is_refused_and_leaves_nothing(city: City, partner: Partner, settings: Any) -> None:
    refused = is_problem(send(partner, EXE, "letter.pdf"), 422)
    assert (refused["code"], refused["field"]) == ("FILE_TYPE", "file") and refused["hint"]
    assert not stored()
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []


def test_a_file_of_25_megabytes_is_refused_before_it_is_read(city: City, partner: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*args: Any) -> None:
        raise AssertionError("the body was read")

    monkeypatch.setattr("django.http.request.HttpRequest.parse_file_upload", read)
    refused = is_problem(send(partner, PDF + b"0" * 25 * 1024 * 1024), 413)
    assert (refused["code"], refused["field"]) == ("FILE_TOO_LARGE", "file")


def test_a_file_over_the_field_s_limit_is_refused_with_both_sizes(city: City, partner: Partner) -> None:
    refused = is_problem(send(partner, PDF + b"0" * 12 * 1024 * 1024), 422)
    assert refused["code"] == "FILE_TOO_LARGE" and "12" in refused["detail"] and "10" in refused["detail"]
    assert not stored()


def test_an_empty_file_is_refused(city: City, partner: Partner) -> None:
    assert is_problem(send(partner, b""), 422)["code"] == "FILE_EMPTY"


def test_anothers_file_is_not_known(city: City, partner: Partner) -> None:
    foreign = send(new_partner(name="Another")).json()["id"]
    for wrong in (foreign, str(uuid4())):
        refused = is_problem(partner.submit(with_agent(wrong)), 422)
        assert [(e["path"], e["code"]) for e in refused["errors"]] == [("files.agent_letter", "FILE_UNKNOWN")]
    with scoped(READER):
        assert not Case.objects.exists() and StoredFile.objects.get(pk=foreign).case_id is None


def test_a_file_goes_into_one_application_only(city: City, partner: Partner) -> None:
    mine = send(partner).json()["id"]
    assert partner.submit(with_agent(mine)).status_code == 201
    refused = is_problem(partner.submit(with_agent(mine), key="key-00000002"), 422)
    assert refused["errors"][0]["code"] == "FILE_UNKNOWN"


def test_a_paper_the_portal_would_ask_for_is_asked_for_here(city: City, partner: Partner) -> None:
    refused = is_problem(partner.submit(with_agent()), 422)
    assert [(e["path"], e["code"]) for e in refused["errors"]] == [("files.agent_letter", "REQUIRED")]


@pytest.mark.parametrize("field", ["id_card", "applicant_name", "colour"])
def test_only_what_the_matter_asks_for_is_taken(city: City, partner: Partner, field: str) -> None:
    refused = is_problem(send(partner, field=field), 422)
    assert (refused["code"], refused["field"]) == ("FILE_FIELD", "field") and not stored()


def test_the_call_has_its_shape(city: City, partner: Partner) -> None:
    headers = {**partner.headers, "Idempotency-Key": "upload-0001"}
    assert is_problem(Client().post("/api/v1/files", {"matter": "MZ06"}, "application/json", headers=headers), 415)
    assert is_problem(Client().post("/api/v1/files", {"matter": "MZ06", "field": "agent_letter"}, headers=headers), 422)["errors"]
    assert is_problem(send(partner, matter="XX99"), 404)
    no_key = Client().post("/api/v1/files", {"matter": "MZ06"}, headers=partner.headers)
    assert is_problem(no_key, 400)["field"] == "Idempotency-Key"
    reader = new_partner("cases:read", name="Reader")
    assert is_problem(send(reader), 403)["code"] == "INSUFFICIENT_SCOPE"


def test_the_document_describes_the_upload(db: None) -> None:
    upload = Client().get("/api/v1/openapi.json").json()["paths"]["/api/v1/files"]["post"]
    body = upload["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert set(body["required"]) == {"matter", "field", "file"} and body["properties"]["file"]["format"] == "binary"
    assert {"201", "200", "409", "413", "415", "422"} <= set(upload["responses"])
    assert "Idempotency-Key" in [p["name"] for p in upload["parameters"]]
