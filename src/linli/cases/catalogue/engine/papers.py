"""Templates of papers: checked when they are saved, and filled and printed (WeasyPrint) - nothing is fetched from disk or net."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.template import Context, Engine, TemplateDoesNotExist, TemplateSyntaxError

from linli.lib.errors import Invalid, Unavailable

CSS: Final = "paper.css"
MAX_TEMPLATE: Final = 100_000


def _engine(sources: Mapping[str, str]) -> Engine:
    """Only the version's own sources can be included or extended; tag libraries other than Django's own are not there."""
    return Engine(loaders=[("django.template.loaders.locmem.Loader", dict(sources))], autoescape=True)


def check_paper(sources: Mapping[str, str], name: str) -> None:
    """Raise Invalid (`PAPER_TEMPLATE`, field = the paper's name) when a template cannot be used."""
    if len(sources[name]) > MAX_TEMPLATE:
        raise Invalid("PAPER_TEMPLATE", "The template %(name)s is longer than %(most)s characters.", field=name, data={"name": name, "most": MAX_TEMPLATE})
    if not name.endswith(".html"):
        return
    try:
        _engine(sources).get_template(name)
    except (TemplateSyntaxError, TemplateDoesNotExist) as error:
        raise Invalid("PAPER_TEMPLATE", "The template %(name)s cannot be used: %(why)s", field=name, data={"name": name, "why": str(error)}) from error


def to_html(sources: Mapping[str, str], name: str, values: Mapping[str, Any]) -> str:
    """Fill the template. Raises Invalid for one that fails with these values."""
    try:
        return _engine(sources).get_template(name).render(Context(dict(values)))
    except (TemplateSyntaxError, TemplateDoesNotExist, TypeError, ValueError) as error:
        raise Invalid("PAPER_TEMPLATE", "The template %(name)s cannot be used: %(why)s", field=name, data={"name": name, "why": str(error)}) from error


def to_pdf(sources: Mapping[str, str], name: str, values: Mapping[str, Any]) -> bytes:
    """The PDF of a paper, with the style sheet of its version."""
    from weasyprint import CSS as STYLE_SHEET  # noqa: PLC0415, N811 - half a second to import, needed by few processes
    from weasyprint import HTML, default_url_fetcher  # noqa: PLC0415

    def refuse(url: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
        if url.startswith("data:"):
            return dict(default_url_fetcher(url))
        raise Unavailable("PAPER_FETCH", "A paper may not fetch anything while it is printed.")

    html = to_html(sources, name, values).replace('<link rel="stylesheet" href="paper.css">', "")
    sheets = [STYLE_SHEET(string=sources[CSS], url_fetcher=refuse)] if CSS in sources else []
    return bytes(HTML(string=html, url_fetcher=refuse).write_pdf(stylesheets=sheets) or b"")
