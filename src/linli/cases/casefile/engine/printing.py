"""A paper's template and values become a PDF (WeasyPrint) - nothing is fetched, from disk or net, while printing."""
from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import segno
from django.template import Context, Engine
from django.utils.safestring import SafeString, mark_safe

from linli.lib.errors import Unavailable

CSS = "paper.css"


def qr_svg(text: str) -> SafeString:
    """A QR code as inline SVG."""
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", xmldecl=False, svgns=True, scale=3, border=1, nl=False)
    return mark_safe(out.getvalue().decode())  # noqa: S308 - made by segno from our own address


def to_html(sources: Mapping[str, str], name: str, values: Mapping[str, Any]) -> str:
    """Fill the template ``name`` among the version's own sources; it can include and extend only those."""
    engine = Engine(loaders=[("django.template.loaders.locmem.Loader", dict(sources))], autoescape=True)
    return engine.get_template(name).render(Context(dict(values)))


def to_pdf(sources: Mapping[str, str], name: str, values: Mapping[str, Any]) -> bytes:
    """The PDF of a paper, with the style sheet of its version."""
    from weasyprint import CSS as StyleSheet
    from weasyprint import HTML

    def refuse(url: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
        if url.startswith("data:"):
            from weasyprint.urls import default_url_fetcher

            return dict(default_url_fetcher(url))
        raise Unavailable("PAPER_FETCH", "A paper may not fetch anything while it is printed.")

    html = to_html(sources, name, values).replace('<link rel="stylesheet" href="paper.css">', "")
    sheets = [StyleSheet(string=sources[CSS], url_fetcher=refuse)] if CSS in sources else []
    result = HTML(string=html, url_fetcher=refuse).write_pdf(stylesheets=sheets)
    return bytes(result or b"")
