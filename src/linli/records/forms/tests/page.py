"""What a browser would do with a rendered form: read its inputs and send them. Also collects what accessibility tests look at."""

from __future__ import annotations

from html.parser import HTMLParser

from django.http import QueryDict


class Page(HTMLParser):
    """The successful controls of a page, its ids, labels and buttons."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.sent: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.label_targets: list[str] = []
        self.inputs: list[dict[str, str]] = []
        self.buttons: list[tuple[str, str]] = []
        self.references: list[str] = []
        self.links: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self._select = ""
        self._options: list[tuple[str, bool]] = []
        self._textarea: list[str] | None = None
        self._textarea_name = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append((tag, found))
        if "id" in found:
            self.ids.append(found["id"])
        for name in ("aria-describedby", "aria-labelledby"):
            self.references.extend(found.get(name, "").split())
        if tag == "label":
            self.label_targets.append(found["for"])
        elif tag == "a":
            self.links.append(found["href"])
        elif tag == "button" and "name" in found:
            self.buttons.append((found["name"], found["value"]))
        elif tag == "option":
            self._options.append((found["value"], "selected" in found))
        elif tag == "select":
            self.inputs.append(found)
            self._select, self._options = found["name"], []
        elif tag == "textarea":
            self.inputs.append(found)
            self._textarea, self._textarea_name = [], found["name"]
        elif tag == "input":
            self._input(found)

    def _input(self, found: dict[str, str]) -> None:
        kind = found.get("type", "text")
        if kind != "hidden":
            self.inputs.append(found)
        if kind == "file" or (kind in ("radio", "checkbox") and "checked" not in found):
            return
        self.sent.append((found["name"], found["value"]))

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self._textarea.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            chosen = [value for value, selected in self._options if selected]
            self.sent.append((self._select, chosen[-1] if chosen else self._options[0][0]))
        elif tag == "textarea" and self._textarea is not None:
            self.sent.append((self._textarea_name, "".join(self._textarea)))
            self._textarea = None

    def post(self, *pressed: tuple[str, str], **changed: str) -> QueryDict:
        """What pressing a button sends, with some inputs changed."""
        data = QueryDict(mutable=True)
        for name, value in self.sent:
            data.appendlist(name, value)
        for name, value in changed.items():
            data.setlist(name.replace("members_", "members-").replace("-0_", "-0-"), [value])
        for name, value in pressed:
            assert (name, value) in self.buttons, f"no button {name}={value}"
            data.appendlist(name, value)
        return data
