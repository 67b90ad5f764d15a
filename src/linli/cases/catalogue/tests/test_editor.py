"""The matter editor through its pages: a ninth matter from nothing to a case, editions, refusals, two people at once."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings

from linli.cases.casefile import actions as cases
from linli.cases.casefile.models import Case, Task
from linli.cases.casefile.tests.factories import LOADER, OLD_AGE_ANSWERS, citizen, resident
from linli.cases.catalogue.actions import load_matters
from linli.cases.catalogue.models import Matter, MatterVersion
from linli.cases.catalogue.queries import current_definition
from linli.cases.catalogue.tests.editing import READER, Office, base, fields, office, page, save
from linli.foundation.access.queries import actor_of
from linli.foundation.audit.models import AuditEntry
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.models import EventRow
from linli.foundation.types import Actor

pytestmark = pytest.mark.django_db
EDIT = "/desk/matters/MZ06/edit/"
NINTH = "/desk/matters/MZ99/edit/"


@pytest.fixture
def desk() -> Office:
    return office()


@pytest.fixture
def draft(desk: Office) -> Office:
    assert desk.head.post("/desk/matters/MZ06/open/").status_code == 302
    return desk


def publish(desk: Office, code: str = "MZ06") -> int:
    """Publish the draft as the page offers it; the number of the edition in force afterwards."""
    response = desk.head.post(f"/desk/matters/{code}/publish/", {"digest": desk.draft(code).version.digest})
    assert response.status_code == 302
    with scoped(READER):
        return Matter.objects.get(code=code).current.number  # type: ignore[union-attr]


def hand_in(desk: Office, code: str, answers: dict[str, object]) -> tuple[Actor, Case]:
    person = resident(desk.city)
    actor = actor_of(citizen(person))
    done = cases.submit_case(
        actor,
        version_id=current_definition(code).version_id,
        answers=answers,
        submission_key=uuid4().hex,
        applicant=cases.Applicant(
            name=person.name, region_id=person.region_id, party_id=person.id, id_number="360599194503070023", phone="13800000001"
        ),
    )
    return actor, done.case


def refused(desk: Office, url: str, data: dict[str, str]) -> str:
    """Post with the page's own stamp and expect a refusal that keeps what was typed and changes nothing."""
    before = desk.draft("MZ06").version.digest
    response = desk.head.post(url, {"base": base(page(desk.head, url)), **data})
    assert response.status_code == 422
    assert desk.draft("MZ06").version.digest == before
    return response.content.decode()


def test_every_page_of_a_draft_opens(draft: Office) -> None:
    for section in (
        "",
        "changes/",
        "basics/",
        "conditions/",
        "materials/",
        "form/",
        "form/text/",
        "form/s/applicant/",
        "form/s/applicant/sex/",
        "process/",
        "decision/",
        "decision/text/",
        "facts/",
        "limits/",
        "results/",
        "papers/",
        "papers/decision.html/",
        "effects/",
        "service/",
    ):
        page(draft.head, f"{EDIT}{section}")
    assert "MZ06" in page(draft.head, "/desk/matters/editor/?state=draft")
    page(draft.head, "/desk/matters/MZ06/editions/")


def test_a_ninth_matter_is_made_on_the_desk_and_a_case_handed_in_under_it(desk: Office) -> None:
    head = desk.head
    response = head.post("/desk/matters/new/", {"code": "MZ99", "name": "Funeral subsidy", "line": "MZ", "copy_from": ""})
    assert response.headers["Location"] == NINTH
    assert "disabled" in page(head, NINTH)  # incomplete: it cannot be published yet
    assert head.post("/desk/matters/MZ99/publish/", {"digest": desk.draft("MZ99").version.digest}).headers["Location"] == NINTH
    save(
        head,
        f"{NINTH}conditions/",
        {
            "conditions": "Resident of the city\nDeath registered",
            "_rows": ["legal_basis-0"],
            "legal_basis-0-title": "City rule",
            "legal_basis-0-kind": "local",
        },
    )
    save(head, f"{NINTH}materials/", {"no_materials": "true"})
    save(head, f"{NINTH}limits/", {"steps_text": "Apply\nAccept\nDecide", "promised": "10"})
    save(
        head,
        f"{NINTH}service/",
        {"consult_tel": "12345", "complaint_tel": "12345", "remedy_review_body": "County government", "remedy_court": "County court"},
    )
    save(
        head,
        f"{NINTH}results/",
        {
            "_rows": ["results-0"],
            "results-0-key": "paper",
            "results-0-name": "Confirmation",
            "results-0-kind": "approval",
            "papers": "decision = decision.html",
        },
    )
    papers = page(head, f"{NINTH}papers/")
    assert head.post(f"{NINTH}papers/", {"base": base(papers), "name": "decision.html"}).status_code == 302
    one = page(head, f"{NINTH}papers/decision.html/")
    assert (
        head.post(f"{NINTH}papers/decision.html/", {"base": base(one), "text": "<p>{{ applicant }}: {{ result_name }}</p>"}).status_code
        == 302
    )
    pdf = head.post(f"{NINTH}papers/decision.html/preview/", {"text": "<p>{{ applicant }}</p>"})
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")
    form = page(head, f"{NINTH}form/")
    opened = head.post(f"{NINTH}form/change/", {"base": base(form), "op": "add|applicant"}).headers["Location"]
    save(head, opened, {"key": "amount_paid", "type": "money", "label": "Cost of the funeral", "required": "true"})
    assert "disabled" not in page(head, NINTH)
    assert publish(desk, "MZ99") == 1
    with scoped(READER):
        assert EventRow.objects.filter(topic="catalogue.published", payload__code="MZ99").count() == 1
        done = list(
            AuditEntry.objects.filter(outcome="done", action__startswith="catalogue.").order_by("seq").values_list("action", flat=True)
        )
    assert done.count("catalogue.draft_edited") == 9
    assert done[-1] == "catalogue.draft_published"
    _, case = hand_in(desk, "MZ99", {"applicant_name": "Wang Xiulan", "amount_paid": "3200.00"})
    assert case.title == "Funeral subsidy"
    cases.accept_case(desk.city.actor("clerk"), case_id=case.id)
    with scoped(READER):
        assert Task.objects.get(case=case, state="open").unit_name == "unit county"


def test_a_matter_copied_from_another_has_all_of_it_but_the_name(desk: Office) -> None:
    assert (
        desk.author.post("/desk/matters/new/", {"code": "MZ98", "name": "Centenarians", "line": "MZ", "copy_from": "MZ06"}).status_code
        == 302
    )
    assert desk.values("MZ98", "decision")["eligibility_table"] is not None
    assert "decision.html" in desk.draft("MZ98").papers
    assert desk.draft("MZ98").spec.name == "Centenarians"
    response = desk.author.post("/desk/matters/new/", {"code": "MZ98", "name": "Again", "line": "MZ", "copy_from": ""})
    assert response.status_code == 422


def test_a_running_case_keeps_its_edition_and_new_ones_get_the_new(draft: Office) -> None:
    _, old = hand_in(draft, "MZ06", OLD_AGE_ANSWERS)
    save(draft.head, f"{EDIT}limits/", {"promised": "6"})
    changes = page(draft.head, f"{EDIT}changes/")
    assert "promised.amount" in changes
    assert publish(draft) == 2
    with scoped(READER):
        kept = MatterVersion.objects.get(pk=old.version_id)
    assert (kept.number, kept.state, kept.spec["promised"]["amount"]) == (1, "retired", 5)
    assert current_definition("MZ06").spec.promised.amount == 6
    assert cases.accept_case(draft.city.actor("clerk"), case_id=old.id).version_id == old.version_id


def test_loading_the_same_pack_again_leaves_an_edition_made_on_the_desk_in_force(draft: Office) -> None:
    save(draft.head, f"{EDIT}service/", {"consult_tel": "111"})
    publish(draft)
    with scoped(LOADER):
        changed, unchanged = load_matters(Path(settings.PACKS_DIR) / "national", LOADER)
    assert (changed, unchanged) == (0, 8)
    assert current_definition("MZ06").spec.consult_tel == "111"


def test_two_editors_of_one_section_are_told_and_nothing_is_lost(draft: Office) -> None:
    mine, theirs = page(draft.head, f"{EDIT}service/"), page(draft.author, f"{EDIT}service/")
    assert draft.author.post(f"{EDIT}service/?base={base(theirs)}", {**fields(theirs), "consult_tel": "111"}).status_code == 302
    response = draft.head.post(f"{EDIT}service/?base={base(mine)}", {**fields(mine), "consult_tel": "222"})
    told = response.content.decode()
    assert response.status_code == 409
    assert "author" in told  # who was faster
    assert fields(told)["consult_tel"] == ["222"]  # what was typed is still there
    assert "111" in told  # and what is stored stands beside it
    assert draft.values("MZ06", "service")["consult_tel"] == "111"
    assert draft.head.post(f"{EDIT}service/?base={base(told)}", fields(told)).status_code == 302  # saved again, now seen
    assert draft.values("MZ06", "service")["consult_tel"] == "222"


def test_two_editors_of_different_sections_do_not_meet(draft: Office) -> None:
    mine, theirs = page(draft.head, f"{EDIT}service/"), page(draft.author, f"{EDIT}limits/")
    assert draft.author.post(f"{EDIT}limits/?base={base(theirs)}", {**fields(theirs), "promised": "4"}).status_code == 302
    assert draft.head.post(f"{EDIT}service/?base={base(mine)}", {**fields(mine), "consult_tel": "222"}).status_code == 302
    assert draft.draft("MZ06").spec.promised.amount == 4


def test_a_draft_edited_since_it_was_read_is_not_published_unread(draft: Office) -> None:
    read = draft.draft("MZ06").version.digest
    save(draft.author, f"{EDIT}service/", {"consult_tel": "111"})
    draft.head.post("/desk/matters/MZ06/publish/", {"digest": read})
    assert current_definition("MZ06").spec.consult_tel == "12349"


def test_there_is_one_draft_a_matter(draft: Office) -> None:
    save(draft.head, f"{EDIT}service/", {"consult_tel": "111"})
    assert draft.author.post("/desk/matters/MZ06/open/").status_code == 302
    assert draft.values("MZ06", "service")["consult_tel"] == "111"
    with scoped(READER):
        assert MatterVersion.objects.filter(matter__code="MZ06", state="draft").count() == 1


def test_rows_can_be_added_and_removed_without_javascript_and_without_saving(draft: Office) -> None:
    html = page(draft.head, f"{EDIT}service/")
    added = draft.head.post(f"{EDIT}service/?base={base(html)}", {**fields(html), "_add": "faq"}).content.decode()
    assert len(fields(added)["_rows"]) == len(fields(html)["_rows"]) + 1
    assert base(added) == base(html)
    assert len(draft.values("MZ06", "service")["faq"]) == len(fields(html)["_rows"])


def test_questions_are_ordered_removed_and_changed(draft: Office) -> None:
    def keys() -> list[str]:
        return [f["key"] for f in draft.values("MZ06", "form")["form"]["sections"][0]["fields"]]

    def press(op: str, status: int = 302) -> None:
        stamp = base(page(draft.head, f"{EDIT}form/"))
        assert draft.head.post(f"{EDIT}form/change/", {"base": stamp, "op": op}).status_code == status

    press("down|applicant|applicant_name")
    assert keys()[:2] == ["applicant_id_number", "applicant_name"]
    press("remove|applicant|live_address")
    assert "live_address" not in keys()
    press("remove|agent|has_agent", 422)  # other questions hang on it
    press("up|account")
    assert draft.values("MZ06", "form")["form"]["sections"][0]["key"] == "account"
    save(draft.head, f"{EDIT}form/s/situation/care_mode/", {"options": "family | With family\nalone | Alone | Somebody will call"})
    field = draft.values("MZ06", "form")["form"]["sections"][2]["fields"][2]
    assert field["options"][1] == {"value": "alone", "label": "Alone", "help": "Somebody will call"}


BAD_PROCESS = {
    "no office": ('linli:office="county" ', "", "county_decide"),
    "python in a condition": ("outcome == 'agree'", "__import__('os').system('true') == 0", "flow_5"),
    "attribute in a condition": ("outcome == 'agree'", "outcome.__class__ == 1", "flow_5"),
    "script task": ('bpmn:userTask id="street_review"', 'bpmn:serviceTask id="street_review"', ""),
    "dead end": ('<bpmn:sequenceFlow id="flow_7" sourceRef="deliver_grant" targetRef="end_granted" />', "", ""),
    "entity": ('<?xml version="1.0" encoding="UTF-8"?>', "<!DOCTYPE a [<!ENTITY b 'c'>]>", "definitions"),
}


@pytest.mark.parametrize("name", BAD_PROCESS)
def test_a_process_that_cannot_run_is_refused_and_the_element_named(draft: Office, name: str) -> None:
    old, new, element = BAD_PROCESS[name]
    xml = draft.draft("MZ06").spec.process_xml
    assert old in xml
    html = refused(draft, f"{EDIT}process/", {"xml": xml.replace(old, new)})
    assert f'data-fault="{element}' in html


def test_a_drawn_process_is_saved(draft: Office) -> None:
    xml = draft.draft("MZ06").spec.process_xml.replace('linli:days="2"', 'linli:days="1"')
    stamp = base(page(draft.head, f"{EDIT}process/"))
    assert draft.head.post(f"{EDIT}process/", {"base": stamp, "xml": xml}).status_code == 302
    assert "street_review.days" in page(draft.head, f"{EDIT}changes/")


@pytest.mark.parametrize(
    "text",
    [
        "sections:\n- key: a\n  title: A\n  fields:\n  - {key: b, type: javascript, label: B}",
        "sections:\n- key: a\n  title: A\n  fields:\n  - {key: b, type: computed, label: B, expr: \"__import__('os')\"}",
        "!!python/object/apply:os.system ['true']",
        "a: &a [x]\nsections: *a",
        "sections: 7",
    ],
    ids=["unknown type", "python", "tag", "alias", "shape"],
)
def test_a_form_as_text_that_is_wrong_or_hostile_is_refused(draft: Office, text: str) -> None:
    html = refused(draft, f"{EDIT}form/text/", {"text": text})
    assert "javascript" not in text or "javascript" in html


@pytest.mark.parametrize(
    "text",
    [
        '{"nodes": [{"id": "a", "name": "a", "type": "functionNode", "content": {"source": "export const x = 1"}}], "edges": []}',
        '{"nodes": 7}',
        '{"nodes": [7]}',
        '{"nodes": [{"type": "decisionTableNode", "content": {"rules": [{"i1": 4}], "inputs": [{"id": "i1"}]}}]}',
        "[]",
        "{",
        "[" * 100_000,
        '{"a": NaN}',
    ],
)
def test_a_decision_document_that_is_wrong_or_hostile_is_refused(draft: Office, text: str) -> None:
    refused(draft, f"{EDIT}decision/text/", {"text": text})


def test_cells_of_the_decision_table_are_edited_and_tried(draft: Office) -> None:
    html = page(draft.head, f"{EDIT}decision/")
    cell = "cell|age|1|i1"
    assert cell in html
    assert draft.head.post(f"{EDIT}decision/", {"base": base(html), cell: ">= 70", "op": "add|age|1"}).status_code == 302
    rules = next(n for n in draft.values("MZ06", "decision")["eligibility_table"]["nodes"] if n["id"] == "age")["content"]["rules"]
    assert rules[1]["i1"] == ">= 70"
    assert rules[2]["_id"] == "row_1"
    facts = (
        "fact-birth_date=1954-03-07&fact-month=2026-01-01&fact-hukou_in_city=true&fact-is_alive=true&fact-receives_old_age_allowance=false"
    )
    tried = page(draft.head, f"/desk/matters/MZ06/try/decision/?{facts}")
    assert "age_ok" in tried  # the row that hit is named
    refused(draft, f"{EDIT}decision/", {"cell|age|1|i1": ">= (", "op": "save"})


def test_the_form_can_be_tried_and_makes_no_case(draft: Office) -> None:
    url = "/desk/matters/MZ06/try/form/"
    assert "ui-error-summary" not in page(draft.head, url)
    response = draft.head.post(url, {"applicant_name": "x"})
    assert response.status_code == 200
    assert "applicant_id_number" in response.content.decode()
    with scoped(READER):
        assert not Case.objects.exists()


def test_the_process_is_walked_with_offices_and_due_dates(draft: Office) -> None:
    url = "/desk/matters/MZ06/try/process/?community=360502001001&day=2026-02-13"
    first = page(draft.head, url)
    assert "unit home" in first
    assert "2026-02-14" in first  # a make-up Saturday counts as the next working day
    second = page(draft.head, f"{url}&turn=accept~accept&turn=street_review~agree")
    assert "unit county_mz" in second
    end = page(draft.head, f"{url}&turn=accept~accept&turn=street_review~agree&turn=county_decide~agree&turn=deliver_grant~delivered")
    assert "unit home" not in end
    assert page(draft.head, f"{url}&turn=county_decide~agree", 422)
    with scoped(READER):
        assert not Case.objects.exists()


def test_a_matter_is_suspended_reopened_and_retired(desk: Office) -> None:
    def visitors(status: int) -> None:
        assert desk.head.get("/matters/MZ06/").status_code == status

    for to, status in (("suspend", 404), ("reopen", 200), ("retire", 404), ("reopen", 200)):
        assert desk.head.post("/desk/matters/MZ06/state/", {"to": to}).status_code == 302
        visitors(status)
    with scoped(READER):
        assert EventRow.objects.filter(topic="catalogue.published", payload__code="MZ06").count() == 5  # with the pack's own


def test_who_may_only_edit_cannot_publish(desk: Office) -> None:
    desk.author.post("/desk/matters/MZ06/open/")
    assert desk.author.post("/desk/matters/MZ06/publish/", {"digest": desk.draft("MZ06").version.digest}).status_code == 403
    assert desk.author.post("/desk/matters/MZ06/state/", {"to": "retire"}).status_code == 403
    assert desk.head.get("/desk/matters/editor/").status_code == 200
    with scoped(READER):
        assert Matter.objects.get(code="MZ06").current.number == 1  # type: ignore[union-attr]


def test_an_exported_matter_is_imported_as_a_draft(draft: Office) -> None:
    save(draft.head, f"{EDIT}service/", {"consult_tel": "111"})
    data = draft.head.get("/desk/matters/MZ06/editions/0.zip").content
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None

    def send() -> int:
        return draft.head.post("/desk/matters/import/", {"file": io.BytesIO(data)}).status_code

    assert send() == 422  # a draft is there: an import never writes over somebody's work
    assert draft.head.post("/desk/matters/MZ06/discard/").status_code == 302
    assert send() == 302
    assert draft.values("MZ06", "service")["consult_tel"] == "111"
    assert draft.head.post("/desk/matters/import/", {"file": io.BytesIO(b"nonsense")}).status_code == 422


def test_a_paper_template_that_reads_other_files_or_is_broken_is_refused(draft: Office) -> None:
    for text in ("{% include '/etc/passwd' %}{% if %}", "{% load static %}", "{% extends 'nothing.html' %}"):
        refused(draft, f"{EDIT}papers/decision.html/", {"text": text})
    shown = draft.head.post(f"{EDIT}papers/decision.html/preview/", {"text": "{% include '/etc/passwd' %}"})
    assert shown.status_code == 422
