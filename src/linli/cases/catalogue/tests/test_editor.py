"""The matter editor through its pages: a ninth matter from nothing to a case, editions, refusals, two people at once."""

from __future__ import annotations

import pytest

from linli.cases.catalogue.tests.editing import Office, base, office, page, save

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Office:
    return office()


def test_pages(desk: Office) -> None:
    head = desk.head
    assert "MZ06" in page(head, "/desk/matters/editor/")
    assert head.post("/desk/matters/MZ06/open/").status_code == 302
    for section in ("", "changes/", "basics/", "conditions/", "materials/", "form/", "form/text/", "form/s/applicant/", "form/s/applicant/sex/", "process/", "decision/",
                    "decision/text/", "facts/", "limits/", "results/", "papers/", "papers/decision.html/", "effects/", "service/"):
        page(head, f"/desk/matters/MZ06/edit/{section}")
    for name in ("form/", "decision/?fact-month=2026-01-01", "process/"):
        page(head, f"/desk/matters/MZ06/try/{name}")
    page(head, "/desk/matters/MZ06/editions/")
