"""Definitions and answers the tests share. All numbers are synthetic (county 360599 is not assigned)."""

from __future__ import annotations

from datetime import date
from typing import Any

from linli.lib.idcard import check_digit
from linli.records.forms.engine import BoundForm, bind, load_form
from linli.records.forms.types import Form

TODAY = date(2026, 3, 10)


def id_number(body: str = "36059919880229001") -> str:
    return body + check_digit(body)


def one(field_type: str, **attributes: Any) -> Form:
    """A form of one question `q`."""
    field = {"key": "q", "type": field_type, "label": "问题"} | attributes
    return load_form({"sections": [{"key": "only", "title": "一", "fields": [field]}]})


def answer(form: Form, raw: Any, **more: Any) -> BoundForm:
    return bind(form, {"q": raw}, today=TODAY, **more)


FAMILY: dict[str, Any] = {
    "title": "家庭补助申请",
    "sections": [
        {
            "key": "applicant",
            "title": "申请人",
            "fields": [
                {"key": "name", "type": "person_name", "label": "姓名", "required": True, "source": "person.name", "editable": False},
                {"key": "id_number", "type": "id_number", "label": "公民身份号码", "required": True, "source": "person.id_number"},
                {"key": "phone", "type": "phone", "label": "电话", "required": True, "source": "person.phone", "width": "half"},
                {"key": "has_family", "type": "yes_no", "label": "有共同生活的家人", "required": True},
                {"key": "has_agent", "type": "yes_no", "label": "由他人代办"},
            ],
        },
        {
            "key": "agent",
            "title": "代办人",
            "when": {"field": "has_agent", "equals": True},
            "fields": [{"key": "agent_name", "type": "person_name", "label": "代办人姓名", "required": True}],
        },
        {
            "key": "members",
            "title": "家庭成员",
            "repeat": {"min": 0, "max": 3, "label": "成员"},
            "when": {"field": "has_family", "equals": True},
            "fields": [
                {"key": "name", "type": "person_name", "label": "姓名", "required": True},
                {"key": "kin", "type": "code", "codes": "kinship", "label": "关系", "required": True},
                {"key": "works", "type": "yes_no", "label": "有工作"},
                {
                    "key": "income",
                    "type": "money",
                    "label": "月收入",
                    "min": 0,
                    "required": True,
                    "when": {"field": "works", "equals": True},
                },
            ],
        },
        {
            "key": "claim",
            "title": "申请",
            "fields": [
                {"key": "start", "type": "date", "label": "开始", "min": "2020-01-01", "max": "today"},
                {"key": "end", "type": "date", "label": "结束"},
                {"key": "family_income", "type": "computed", "label": "合计", "expr": "total('members', 'income')", "result": "money"},
                {
                    "key": "photo",
                    "type": "file",
                    "label": "照片",
                    "accept": ["image/jpeg", "application/pdf"],
                    "max_mb": 10,
                    "max_count": 2,
                },
                {"key": "agree", "type": "statement", "label": "我已阅读并同意", "text": "所填内容属实。", "required": True},
            ],
        },
    ],
    "rules": [
        {"expr": "end >= start", "message": "结束不得早于开始", "field": "end"},
        {"expr": "income <= 100000", "message": "月收入过高", "field": "income", "each": "members"},
    ],
}


def family() -> Form:
    return load_form(FAMILY)


def family_answers() -> dict[str, Any]:
    return {
        "name": "王小明",
        "id_number": id_number(),
        "phone": "13800138000",
        "has_family": True,
        "has_agent": False,
        "members": [
            {"name": "王大明", "kin": "51", "works": True, "income": "1200.5"},
            {"name": "李小红", "kin": "52", "works": False},
        ],
        "start": "2026-01-01",
        "end": "2026-02-01",
        "agree": True,
    }
