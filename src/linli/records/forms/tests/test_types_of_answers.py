"""Every field type takes what a person reasonably types and refuses the rest with its own code."""

from __future__ import annotations

from typing import Any

import pytest

from linli.records.forms.types import FileInfo

from .samples import TODAY, answer, id_number, one

OPTIONS: list[dict[str, str]] = [{"value": "a", "label": "甲"}, {"value": "b", "label": "乙"}, {"value": "c", "label": "丙"}]
DOCUMENT = {"type": "516", "number": "h12345678"}

VALID: list[tuple[str, dict[str, Any], Any, Any]] = [
    ("text", {}, "  你好 ", "你好"),
    ("text", {"min_length": 2}, "ab", "ab"),
    ("long_text", {}, "一\r\n二", "一\n二"),
    ("number", {"places": 3}, "1,234.5", "1234.500"),
    ("number", {}, "１２．５", "12.50"),
    ("integer", {"min": 0}, "12", 12),
    ("integer", {}, 7, 7),
    ("money", {"min": 0}, "1200.5", "1200.50"),
    ("money", {"min": -10}, "-3", "-3.00"),
    ("date", {}, "2026/1/3", "2026-01-03"),
    ("date", {}, "20260103", "2026-01-03"),
    ("date", {}, "2026年1月3日", "2026-01-03"),
    ("date", {"max": "today"}, TODAY.isoformat(), TODAY.isoformat()),
    ("date", {"max": "today-18y"}, "2008-03-10", "2008-03-10"),
    ("month", {}, "2026-2", "2026-02"),
    ("yes_no", {}, "true", True),
    ("yes_no", {}, False, False),
    ("choice", {"options": OPTIONS}, "b", "b"),
    ("choice", {"codes": "sex"}, "1", "1"),
    ("code", {"codes": "kinship"}, "51", "51"),
    ("multi_choice", {"options": OPTIONS}, ["c", "a"], ["a", "c"]),
    ("id_number", {}, id_number().lower(), id_number()),
    ("id_document", {}, DOCUMENT, {"type": "516", "number": "H12345678"}),
    ("id_document", {}, {"type": "111", "number": id_number()}, {"type": "111", "number": id_number()}),
    ("phone", {}, "138 0013 8000", "13800138000"),
    ("person_name", {}, "阿依古丽•买买提", "阿依古丽·买买提"),
    ("address", {}, "幸福路18号", "幸福路18号"),
    ("bank_card", {}, "6222 0212 3456 7894", "6222021234567894"),
    ("plate", {}, "赣k·12345", "赣K12345"),
    ("uscc", {}, "91350100m000100y43", "91350100M000100Y43"),
    ("email", {}, "a@example.com", "a@example.com"),
    ("statement", {"text": "属实"}, True, True),
    ("signature", {}, {"name": "王小明", "agreed": "true"}, {"name": "王小明", "agreed": True}),
]

INVALID: list[tuple[str, dict[str, Any], Any, str]] = [
    ("text", {}, 5, "NOT_TEXT"),
    ("text", {}, "a\x00b", "BAD_CHARACTERS"),
    ("text", {}, "\ud800", "BAD_CHARACTERS"),
    ("text", {"max_length": 2}, "abc", "TOO_LONG"),
    ("text", {"min_length": 3}, "ab", "TOO_SHORT"),
    ("long_text", {}, "长" * 2001, "TOO_LONG"),
    ("number", {}, "zwölf", "NOT_A_NUMBER"),
    ("number", {}, True, "NOT_A_NUMBER"),
    ("number", {}, "NaN", "NOT_A_NUMBER"),
    ("number", {"places": 1}, "1.25", "TOO_MANY_DECIMALS"),
    ("number", {"max": 5}, "5.01", "TOO_LARGE"),
    ("integer", {}, "1.5", "NOT_WHOLE"),
    ("integer", {"min": 1}, "0", "TOO_SMALL"),
    ("money", {"min": 0}, "-1", "MONEY_NEGATIVE"),
    ("money", {}, "1.234", "MONEY_PRECISION"),
    ("money", {"max": 100}, "101", "TOO_LARGE"),
    ("money", {}, [], "REQUIRED"),
    ("date", {}, "2026-02-30", "NOT_A_DATE"),
    ("date", {}, "tomorrow", "NOT_A_DATE"),
    ("date", {"min": "2026-01-01"}, "2025-12-31", "TOO_EARLY"),
    ("date", {"max": "today"}, "2026-03-11", "TOO_LATE"),
    ("date", {"max": "today-18y"}, "2008-03-11", "TOO_LATE"),
    ("month", {}, "2026-13", "NOT_A_DATE"),
    ("yes_no", {}, "perhaps", "NOT_YES_NO"),
    ("choice", {"options": OPTIONS}, "z", "NOT_AN_OPTION"),
    ("code", {"codes": "kinship"}, "zz", "NOT_AN_OPTION"),
    ("multi_choice", {"options": OPTIONS}, ["a", "z"], "NOT_AN_OPTION"),
    ("multi_choice", {"options": OPTIONS, "max_count": 1}, ["a", "b"], "TOO_MANY_CHOSEN"),
    ("id_number", {}, id_number()[:-1] + "5", "ID_CHECK"),
    ("id_number", {}, "123", "ID_FORMAT"),
    ("id_document", {}, {"type": "516", "number": "123"}, "ID_FORMAT"),
    ("id_document", {"documents": ["111"]}, DOCUMENT, "ID_TYPE"),
    ("id_document", {}, "H12345678", "DOCUMENT_FORMAT"),
    ("phone", {}, "12", "PHONE_FORMAT"),
    ("person_name", {}, "王5", "NAME_FORMAT"),
    ("bank_card", {}, "6222021234567890", "CARD_CHECK"),
    ("plate", {}, "XYZ", "PLATE_FORMAT"),
    ("uscc", {}, "91350100M000100Y44", "USCC_CHECK"),
    ("email", {}, "nobody", "EMAIL_FORMAT"),
    ("signature", {}, {"name": "王小明", "agreed": ""}, "SIGNATURE_TICK"),
    ("signature", {}, {"name": "", "agreed": "true"}, "SIGNATURE_NAME"),
    ("statement", {"text": "属实"}, False, "REQUIRED"),
    ("file", {}, ["gone"], "FILE_UNKNOWN"),
]


@pytest.mark.parametrize(("field_type", "attributes", "raw", "clean"), VALID)
def test_a_good_answer_is_kept_in_its_stored_form_and_reads_back(field_type: str, attributes: dict[str, Any], raw: Any, clean: Any) -> None:
    form = one(field_type, required=True, **attributes)
    bound = answer(form, raw)
    assert bound.errors == ()
    assert bound.clean() == {"q": clean}
    assert answer(form, clean).clean() == {"q": clean}


@pytest.mark.parametrize(("field_type", "attributes", "raw", "code"), INVALID)
def test_a_bad_answer_is_refused_with_its_code_and_a_readable_message(
    field_type: str, attributes: dict[str, Any], raw: Any, code: str
) -> None:
    bound = answer(one(field_type, required=True, **attributes), raw)
    assert [(error.path, error.code) for error in bound.errors] == [("q", code)]
    assert "%(" not in bound.errors[0].text(str)
    assert bound.values() == {"q": None}


@pytest.mark.parametrize(
    "size_type_code", [(0, "image/jpeg", "FILE_EMPTY"), (11 << 20, "image/jpeg", "FILE_TOO_LARGE"), (9, "text/html", "FILE_TYPE")]
)
def test_a_file_is_judged_by_size_and_content(size_type_code: tuple[int, str, str]) -> None:
    size, content_type, code = size_type_code
    form = one("file", accept=["image/*", "application/pdf"], max_mb=10)
    bound = answer(form, ["f1"], files={"f1": FileInfo("f1", "a.jpg", size, content_type)})
    assert [error.code for error in bound.errors] == [code]


def test_files_are_counted_and_an_upload_is_added_to_those_already_there() -> None:
    form = one("file", max_count=2)
    files = {name: FileInfo(name, f"{name}.pdf", 10, "application/pdf") for name in ("a", "b")}
    assert answer(form, ["a"], files=files, uploaded={"q": [FileInfo("n", "n.pdf", 3, "application/pdf")]}).clean() == {"q": ["a", "n"]}
    too_many = answer(form, ["a", "b"], files=files, uploaded={"q": [FileInfo("n", "n.pdf", 3, "application/pdf")]})
    assert [error.code for error in too_many.errors] == ["TOO_MANY_FILES"]


def test_an_optional_blank_answer_is_none() -> None:
    for field_type, attributes, _raw, _clean in VALID:
        assert answer(one(field_type, **attributes), None).clean() == {"q": None}
