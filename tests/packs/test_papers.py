"""Statutory papers are drawn from every template, say what the law wants them to say, and use only documented variables."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Engine
from django.utils.safestring import mark_safe

PAPERS = Path(__file__).parents[2] / "packs" / "national" / "papers"
SHARED = {"paper.html", "voucher.html", "seal.svg.html"}
NAMES = sorted(file.name for file in PAPERS.glob("*.html") if file.name not in SHARED)
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
CONTEXT: dict[str, Any] = {
    "case_no": "36050200100120261123000017",
    "query_code": "482913",
    "matter": "高龄津贴",
    "applicant": "王某某",
    "masked_id": "360599********0024",
    "unit": "渝水区民政局",
    "officer": "李某",
    "today": NOW,
    "submitted_at": NOW,
    "accepted_at": NOW,
    "due_text": "2026年11月30日24时",
    "promised_text": "5个工作日",
    "materials": [{"name": "户口簿", "form": "电子", "copies": 1, "state": "免交"}],
    "missing": [{"name": "委托书", "reason": "未写期限", "how": "补写"}],
    "reason": "<b>理由</b>",
    "basis": "示例办法",
    "where_to": "户籍地",
    "remedy": {"review_body": "渝水区人民政府", "review_days": 60, "court": "渝水区人民法院", "court_months": 6},
    "result_name": "确认书",
    "result_no": "XY1",
    "amount": "100",
    "start_month": NOW,
    "account_masked": "6217 **** 3318",
    "granted": False,
    "rows": [{"label": "档次", "value": "80—89周岁", "name": "王某", "people": 3, "opinion": "拟同意", "summary": "低收入"}],
    "seal_text": "新余市渝水区民政局",
    "qr_svg": mark_safe('<svg viewBox="0 0 2 2"><rect width="2" height="2"/></svg>'),
    "delivered_papers": ["决定书"],
    "delivered_at": NOW,
    "publicity_from": NOW,
    "publicity_to": NOW,
    "birth_date": NOW,
    "subject": "路灯不亮",
}
ENGINE = Engine(dirs=[str(PAPERS)])


def drawn(name: str, **changes: Any) -> str:
    return ENGINE.get_template(name).render(Context(CONTEXT | changes))


@pytest.mark.parametrize("name", NAMES)
def test_a_paper_names_its_case_and_escapes_what_people_wrote(name: str) -> None:
    html = drawn(name)
    assert CONTEXT["applicant"] in html or name == "publicity.html"
    assert "<svg viewBox" in html
    assert "<b>理由</b>" not in html


@pytest.mark.parametrize("name", ["decision.html", "refusal.html"])
def test_a_refusal_tells_reason_and_remedy(name: str) -> None:
    html = drawn(name)
    assert "60日内向渝水区人民政府申请行政复议" in html
    assert "6个月内依法向渝水区人民法院提起行政诉讼" in html
    assert "理由" in html


def test_a_receipt_says_it_is_no_acceptance_and_carries_the_query_code() -> None:
    html = drawn("receipt.html")
    assert "收件不等于受理" in html and "482913" in html


def test_a_public_notice_shows_no_number_of_a_person() -> None:
    assert "360599" not in drawn("publicity.html")


def test_every_variable_is_documented() -> None:
    documented = set(re.findall(r"[a-z_]+", (PAPERS / "README.md").read_text(encoding="utf-8")))
    for file in PAPERS.glob("*.html"):
        text = file.read_text(encoding="utf-8")
        used = set(re.findall(r"{{ (?!forloop|letter|item)([a-z_]+)", text)) | set(re.findall(r"{% if (?:not )?(?!forloop)([a-z_]+)", text))
        loops = set(re.findall(r"{% for ([a-z_]+) in", text))
        assert used - loops - {"not"} <= documented, file.name


@pytest.mark.parametrize(("name", "pages"), [("decision.html", 1), ("receipt.html", 1), ("result_senior_card.html", 2)])
def test_a_paper_prints_on_the_expected_pages(name: str, pages: int) -> None:
    weasyprint = pytest.importorskip("weasyprint")
    document = weasyprint.HTML(string=drawn(name), base_url=str(PAPERS) + "/").render()
    assert len(document.pages) == pages
    width = round(document.pages[0].width * 25.4 / 96, 1)
    assert width == (85.6 if "card" in name else 210.0)


def test_stylesheet_and_templates_load_nothing_from_elsewhere() -> None:
    for file in [*PAPERS.glob("*.html"), PAPERS / "paper.css"]:
        assert not re.search(r"(?:https?:)?//[a-z]", file.read_text(encoding="utf-8")), file.name
