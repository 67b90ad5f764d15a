"""A browser without a screen: cookies, redirects, forms as they stand in the page. The tour walks with it, so that it can only do what a person can."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import httpx
from lxml import html


class TourError(RuntimeError):
    """A page was not what a visitor would expect there."""


@dataclass
class Page:
    """One answer, parsed."""

    url: str
    status: int
    content: bytes
    kind: str
    _tree: Any = field(default=None, repr=False)

    @property
    def tree(self) -> Any:
        if self._tree is None:
            self._tree = html.fromstring(self.content, base_url=self.url)
        return self._tree

    @property
    def text(self) -> str:
        """What can be read on the page, white space folded."""
        return re.sub(r"\s+", " ", self.tree.text_content()).strip()

    @property
    def trouble(self) -> str:
        """What the page complains of, else its beginning."""
        found = self.tree.xpath("//*[@role='alert' or contains(@class, 'error-summary') or contains(@class, 'ui-trouble')]")
        return " | ".join(re.sub(r"\s+", " ", f.text_content()).strip() for f in found)[:500] or self.text[:400]

    @property
    def heading(self) -> str:
        found = self.tree.xpath("//h1")
        return re.sub(r"\s+", " ", found[0].text_content()).strip() if found else ""

    def links(self, pattern: str) -> list[str]:
        """Addresses of links that match a regular expression, in page order."""
        return [urljoin(self.url, a.get("href")) for a in self.tree.xpath("//a[@href]") if re.search(pattern, a.get("href"))]

    def form(self, pattern: str = "", has: str = "") -> Any:
        """The first form whose action matches and which has a field called ``has``."""
        for form in self.tree.forms:
            action = form.get("action") or self.url
            if re.search(pattern, action) and (not has or has in form.fields):
                return form
        raise TourError(f"no form {pattern or has!r} on {self.url} ({self.status}): {self.trouble}")


class Browser:
    """One visitor: a session of his own."""

    def __init__(self, base: str) -> None:
        self.base = base.rstrip("/")
        self.client = httpx.Client(follow_redirects=True, timeout=60, headers={"Accept-Language": "zh-CN"})
        self.page = Page(self.base, 0, b"<html></html>", "text/html")

    def get(self, path: str) -> Page:
        return self._take(self.client.get(urljoin(self.base + "/", path)))

    def submit(self, form: Any, values: Mapping[str, Any] | None = None, *, button: str = "") -> Page:
        """Send a form with what stands in it, overridden by ``values``, by pressing Enter or the button called `name=value`."""
        data: dict[str, Any] = {}
        for name, value in form.form_values():
            data.setdefault(name, []).append(value)
        for name, value in (values or {}).items():
            data[name] = value
        name, value = _pressed(form, button)
        if name:
            data[name] = value
        address = urljoin(self.page.url, form.get("action") or self.page.url)
        if (form.get("method") or "get").lower() == "get":
            return self._take(self.client.get(address, params=data))
        return self._take(self.client.post(address, data=data, headers={"Referer": self.page.url}))

    def _take(self, response: httpx.Response) -> Page:
        self.page = Page(str(response.url), response.status_code, response.content, response.headers.get("content-type", ""))
        return self.page


def _pressed(form: Any, button: str) -> tuple[str, str]:
    """Name and value of the button: Enter presses the first submit button of a form."""
    if button:
        name, _, value = button.partition("=")
        return name, value
    first = form.xpath(".//button[not(@type) or @type='submit'] | .//input[@type='submit']")
    return (first[0].get("name") or "", first[0].get("value") or "") if first else ("", "")


def expect(condition: object, what: str, page: Page) -> None:
    """Stop the tour with a useful sentence when the page is not as it should be."""
    if not condition:
        raise TourError(f"{what}: {page.url} ({page.status}) says: {page.trouble if 'html' in page.kind else page.kind}")
