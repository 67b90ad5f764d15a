"""Reading a form out of a page, as a browser would before sending it."""

from __future__ import annotations

from html.parser import HTMLParser


class _Fields(HTMLParser):
    """Successful controls of the last form that posts; radio groups and selects without a choice take their first real value."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self.hidden: list[tuple[str, str]] = []
        self._select = ""
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append({})
        if not self.forms:
            return
        fields, name = self.forms[-1], given.get("name", "")
        if tag == "input" and name and given.get("type") not in ("submit", "button", "file", "search"):
            self._input(fields, name, given, dict(attrs))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and given.get("value") and (self._select not in fields or "selected" in given):
            fields[self._select] = given["value"]
        elif tag == "textarea":
            self._area = name

    def _input(self, fields: dict[str, str], name: str, given: dict[str, str], attrs: dict[str, str | None]) -> None:
        kind = given.get("type", "text")
        if kind == "hidden":
            self.hidden.append((name, given.get("value", "")))
        if kind == "checkbox":
            fields[name] = given.get("value") or "on"
        elif kind == "radio":
            if name not in fields or "checked" in attrs:
                fields[name] = given.get("value", "")
        else:
            fields[name] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area and self.forms:
            self.forms[-1].setdefault(self._area, data.strip())


def fields_of(html: str) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Names and values of all controls of a page's forms, and the hidden ones that stand there several times."""
    reader = _Fields()
    reader.feed(html)
    merged = {name: value for fields in reader.forms for name, value in fields.items()}
    names = [name for name, _ in reader.hidden]
    return merged, [pair for pair in reader.hidden if names.count(pair[0]) > 1]
