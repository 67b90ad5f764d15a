"""Decision tables (JDM) as the desk edits them: tables with rows and cells, added, moved and removed by number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from linli.lib.errors import NotFound

Jdm = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """One column of a table. `field` is what it looks at or writes."""

    id: str
    name: str
    field: str
    output: bool


@dataclass(frozen=True)
class Row:
    """One rule: its id, the note of its author, and a text a column."""

    id: str
    note: str
    cells: tuple[tuple[Column, str], ...]


@dataclass(frozen=True)
class Table:
    """A decision table node; `hit` is `first` or `collect`."""

    id: str
    name: str
    hit: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Formula:
    """An expression computed before the tables."""

    node: str
    key: str
    value: str


def tables(jdm: Mapping[str, Any]) -> list[Table]:
    """All decision tables in document order."""
    return [_table(node) for node in jdm.get("nodes", []) if node.get("type") == "decisionTableNode"]


def formulas(jdm: Mapping[str, Any]) -> list[Formula]:
    """All expressions; they are edited in the JSON tab."""
    nodes = [node for node in jdm.get("nodes", []) if node.get("type") == "expressionNode"]
    return [
        Formula(str(n.get("name", "")), str(e.get("key", "")), str(e.get("value", "")))
        for n in nodes
        for e in (n.get("content") or {}).get("expressions", [])
    ]


def _table(node: Mapping[str, Any]) -> Table:
    content = node.get("content") or {}
    columns = tuple(_columns(content))
    rows = tuple(
        Row(
            str(rule.get("_id", "")), str(rule.get("_description", "")), tuple((column, str(rule.get(column.id, ""))) for column in columns)
        )
        for rule in content.get("rules", [])
    )
    return Table(str(node["id"]), str(node.get("name", "")), str(content.get("hitPolicy", "first")), columns, rows)


def _columns(content: Mapping[str, Any]) -> Iterator[Column]:
    for output, name in ((False, "inputs"), (True, "outputs")):
        for column in content.get(name, []):
            yield Column(str(column["id"]), str(column.get("name", "")), str(column.get("field") or ""), output)


def _rules(jdm: Jdm, table: str) -> list[dict[str, Any]]:
    for node in jdm.get("nodes", []):
        if node.get("id") == table and node.get("type") == "decisionTableNode":
            rules: list[dict[str, Any]] = node.setdefault("content", {}).setdefault("rules", [])
            return rules
    raise NotFound("TABLE_UNKNOWN", "There is no such table any more.", hint="Reload the page.")


def with_cells(jdm: Jdm, cells: Mapping[str, str]) -> Jdm:
    """The document with the posted cells: names are `table|row number|column id`; `_id` and `_description` are columns too."""
    copy = deepcopy(jdm)
    known = {table.id: {column.id for column in table.columns} | {"_id", "_description"} for table in tables(copy)}
    for name, value in cells.items():
        table, _, rest = name.partition("|")
        number, _, column = rest.partition("|")
        if table in known and column in known[table] and number.isdecimal():
            rules = _rules(copy, table)
            if int(number) < len(rules):
                rules[int(number)][column] = value.strip()
    return copy


def row_changed(jdm: Jdm, table: str, number: int, how: str) -> Jdm:
    """A row added after `number` (-1: at the top), removed, or moved `up` or `down`."""
    copy = deepcopy(jdm)
    rules = _rules(copy, table)
    if how == "add":
        columns = next(t for t in tables(copy) if t.id == table).columns
        rules.insert(number + 1, {"_id": _free_id(rules), "_description": "", **{c.id: "null" if c.output else "" for c in columns}})
    elif 0 <= number < len(rules):
        if how == "remove":
            del rules[number]
        else:
            to = number + (1 if how == "down" else -1)
            if 0 <= to < len(rules):
                rules[number], rules[to] = rules[to], rules[number]
    return copy


def _free_id(rules: list[dict[str, Any]]) -> str:
    taken = {str(rule.get("_id")) for rule in rules}
    return next(f"row_{n}" for n in range(1, len(rules) + 2) if f"row_{n}" not in taken)


def blank_table(check: str, name: str, fact: str, sentence: str) -> Jdm:
    """A document with one table that writes one check and lets nothing pass by itself: an unknown fact stays unknown."""
    columns = {
        "inputs": [{"id": "i1", "name": name, "field": fact}],
        "outputs": [
            {"id": "o1", "name": "passed", "field": f"checks.{check}.passed"},
            {"id": "o2", "name": "text", "field": f"checks.{check}.text"},
        ],
    }
    rules = [{"_id": "unknown", "_description": "", "i1": "null", "o1": "null", "o2": f"'{sentence}'"}]
    return {
        "contentType": "application/vnd.gorules.decision",
        "nodes": [
            {"id": "facts", "name": "facts", "type": "inputNode", "position": {"x": 100, "y": 100}, "content": {}},
            {
                "id": check,
                "name": name,
                "type": "decisionTableNode",
                "position": {"x": 400, "y": 100},
                "content": {"hitPolicy": "first", **columns, "rules": rules},
            },
            {"id": "verdict", "name": "verdict", "type": "outputNode", "position": {"x": 700, "y": 100}, "content": {}},
        ],
        "edges": [
            {"id": "edge_1", "sourceId": "facts", "targetId": check, "type": "edge"},
            {"id": "edge_2", "sourceId": check, "targetId": "verdict", "type": "edge"},
        ],
    }
