"""A small, complete matter as files, for the tests of loading and completeness."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

PROCESS = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:linli="https://linli.dev/bpmn">
  <process id="p" isExecutable="true">
    <startEvent id="start"/>
    <userTask id="accept" linli:office="community" linli:kind="accept" linli:days="1"/>
    <userTask id="left" linli:office="county" linli:kind="verify" linli:days="2"/>
    <userTask id="right" linli:office="county" linli:kind="verify" linli:days="3"/>
    <userTask id="notice" linli:office="community" linli:kind="publicity" linli:days="7" linli:unit="N"/>
    <userTask id="decide" linli:office="county" linli:kind="decide" linli:days="2"/>
    <userTask id="deliver" linli:office="community" linli:kind="deliver" linli:days="10"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="accept"/>
    <sequenceFlow id="f2" sourceRef="accept" targetRef="left"/>
    <sequenceFlow id="f3" sourceRef="accept" targetRef="right"/>
    <sequenceFlow id="f4" sourceRef="left" targetRef="notice"/>
    <sequenceFlow id="f5" sourceRef="right" targetRef="notice"/>
    <sequenceFlow id="f6" sourceRef="notice" targetRef="left"/>
    <sequenceFlow id="f7" sourceRef="notice" targetRef="decide"/>
    <sequenceFlow id="f8" sourceRef="decide" targetRef="deliver"/>
  </process>
</definitions>
"""

FORM = """sections:
  - key: applicant
    title: 申请人
    fields:
      - {key: applicant_name, type: person_name, label: 姓名}
"""

MATTER = """code: XX01
name: 示例事项
short: 示例
line: XX
item_type: "20"
handle_kind: promised
accept_level: [community]
decide_level: [county]
statutory: {amount: 20, unit: W}
promised: {amount: 5, unit: W}
fee: {charged: false}
legal_basis:
  - title: 示例办法
conditions: [本市居民]
materials:
  - {key: id_card, name: 身份证}
steps_text: [申请, 办理]
results:
  - {key: paper, name: 示例证明}
consult_tel: "12345"
complaint_tel: "12345"
remedy: {review_body: 本级人民政府, court: 人民法院}
papers: {decision: decision.html}
"""


def table(*rows: dict[str, str], name: str = "年龄") -> dict[str, Any]:
    """A decision table with one condition on `age`; rows give the cells `i1`, `o1` (passed) and `o2` (text)."""
    return {
        "nodes": [
            {"id": "in", "name": "in", "type": "inputNode", "content": {}},
            {
                "id": "t1",
                "name": name,
                "type": "decisionTableNode",
                "content": {
                    "hitPolicy": "first",
                    "inputs": [{"id": "i1", "name": "age", "field": "age"}],
                    "outputs": [
                        {"id": "o1", "name": "p", "field": "checks.age.passed"},
                        {"id": "o2", "name": "t", "field": "checks.age.text"},
                        {"id": "o3", "name": "a", "field": "amount"},
                    ],
                    "rules": list(rows),
                },
            },
            {"id": "out", "name": "out", "type": "outputNode", "content": {}},
        ],
        "edges": [
            {"id": "e1", "sourceId": "in", "targetId": "t1", "type": "edge"},
            {"id": "e2", "sourceId": "t1", "targetId": "out", "type": "edge"},
        ],
    }


AGE_TABLE = table(
    {"_id": "unknown", "i1": "null", "o1": "null", "o2": "'不详'", "o3": "0"},
    {"_id": "old", "i1": ">= 80", "o1": "true", "o2": "`${string(age)} 周岁`", "o3": "params.amount"},
    {"_id": "young", "i1": "", "o1": "false", "o2": "'未满80周岁'", "o3": "0"},
)


def write_matter(root: Path, matter: str = MATTER, form: str = FORM, process: str = PROCESS, jdm: dict[str, Any] | None = None) -> Path:
    """Write the files of a matter below `root` and return its folder."""
    folder = root / "XX01-sample"
    folder.mkdir()
    (folder / "matter.yaml").write_text(matter, encoding="utf-8")
    (folder / "form.yaml").write_text(form, encoding="utf-8")
    (folder / "process.bpmn").write_text(process, encoding="utf-8")
    if jdm is not None:
        (folder / "eligibility.json").write_text(json.dumps(jdm), encoding="utf-8")
    return folder
