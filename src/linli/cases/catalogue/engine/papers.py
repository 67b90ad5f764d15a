"""Templates of papers: checked when they are saved, and filled and printed (WeasyPrint) - nothing is fetched from disk or net."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.template import Context, Engine, TemplateDoesNotExist, TemplateSyntaxError

from linli.lib.errors import Invalid

CSS: Final = "paper.css"
MAX_TEMPLATE: Final = 100_000


def _engine(sources: Mapping[str, str]) -> Engine:
    """Only the version's own sources can be included or extended; tag libraries other than Django's own are not there."""
    return Engine(loaders=[("django.template.loaders.locmem.Loader", dict(sources))], autoescape=True)


def check_paper(sources: Mapping[str, str], name: str) -> None:
    """Raise Invalid (`PAPER_TEMPLATE`, field = the paper's name) when a template cannot be used."""
    if len(sources[name]) > MAX_TEMPLATE:
        raise Invalid(
            "PAPER_TEMPLATE",
            "The template %(name)s is longer than %(most)s characters.",
            field=name,
            data={"name": name, "most": MAX_TEMPLATE},
        )
    if not name.endswith(".html"):
        return
    try:
        _engine(sources).get_template(name).render(Context({}))  # a missing template to extend shows only here
    except (TemplateSyntaxError, TemplateDoesNotExist) as error:
        raise Invalid(
            "PAPER_TEMPLATE", "The template %(name)s cannot be used: %(why)s", field=name, data={"name": name, "why": str(error)}
        ) from error


def to_html(sources: Mapping[str, str], name: str, values: Mapping[str, Any]) -> str:
    """Fill the template. Raises Invalid for one that fails with these values."""
    try:
        return _engine(sources).get_template(name).render(Context(dict(values)))
    except (TemplateSyntaxError, TemplateDoesNotExist, TypeError, ValueError) as error:
        raise Invalid(
            "PAPER_TEMPLATE", "The template %(name)s cannot be used: %(why)s", field=name, data={"name": name, "why": str(error)}
        ) from error


def to_pdf(sources: Mapping[str, str], name: str, values: Mapping[str, Any]) -> bytes:
    """The PDF of a paper, with the style sheet of its version."""
    from weasyprint import CSS as STYLE_SHEET
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    inline = URLFetcher(allowed_protocols=("data",), allow_redirects=False)
    html = to_html(sources, name, values).replace('<link rel="stylesheet" href="paper.css">', "")
    sheets = [STYLE_SHEET(string=sources[CSS], url_fetcher=inline)] if CSS in sources else []
    return bytes(HTML(string=html, url_fetcher=inline).write_pdf(stylesheets=sheets) or b"")
