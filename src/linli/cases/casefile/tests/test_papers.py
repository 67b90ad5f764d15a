"""Papers become real PDFs from the version's own templates; the verification code finds them."""

from __future__ import annotations

import io
from uuid import UUID

import pytest
from pypdf import PdfReader

from linli.cases.casefile import actions
from linli.cases.casefile.models import Paper
from linli.cases.casefile.queries.papers import verified_paper
from linli.cases.casefile.tasks import print_paper
from linli.cases.casefile.tests.factories import City, small_city
from linli.cases.casefile.tests.test_old_age_allowance import submit, task_of
from linli.foundation.files.engine import path_of
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.lib.errors import NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    return small_city()


def text_of(paper: Paper) -> str:
    assert paper.file_id is not None
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(path_of(paper.file_id).read_bytes())).pages)


def printed(case_id: UUID, kind: str) -> Paper:
    with scoped(system_actor("test")):
        paper = Paper.objects.get(case_id=case_id, kind=kind)
    print_paper(paper_id=str(paper.id))
    with scoped(system_actor("test")):
        return Paper.objects.select_related("file").get(pk=paper.pk)


def test_receipt_and_result_are_printed_with_masked_numbers(city: City) -> None:
    _, case = submit(city)
    receipt = printed(case.id, "receipt")
    text = text_of(receipt)
    assert case.number in text and "收件凭证" in text
    assert "360599194503070023" not in text and "13800000001" not in text
    actions.accept_case(city.actor("clerk"), case_id=case.id)
    actions.complete_task(city.actor("reviewer"), task_id=task_of(case).id, outcome="agree")
    actions.complete_task(city.actor("decider"), task_id=task_of(case).id, outcome="agree")
    result = printed(case.id, "result")
    assert result.state == "ready" and "高龄津贴确认书" in text_of(result)


def test_printing_again_makes_no_second_file(city: City) -> None:
    _, case = submit(city)
    first, second = printed(case.id, "receipt"), printed(case.id, "receipt")
    assert first.file_id == second.file_id


def test_the_code_on_a_paper_verifies_it(city: City) -> None:
    _, case = submit(city)
    paper = printed(case.id, "receipt")
    with scoped(system_actor("test")):
        assert verified_paper(paper.verify_code.lower()).id == paper.id
        with pytest.raises(NotFound):
            verified_paper("AAAAAAAAAA")
