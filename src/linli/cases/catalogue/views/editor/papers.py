"""The templates of a matter's papers: edited as text, shown as the PDF they would print."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from linli.cases.catalogue.engine import DraftError
from linli.cases.catalogue.engine.papers import to_pdf
from linli.cases.catalogue.queries.editing import get_draft
from linli.cases.catalogue.queries.trying import sample_values
from linli.cases.catalogue.views.editor.base import base_of, page, save, trouble_of
from linli.foundation.gate import desk
from linli.lib.errors import LinliError, NotFound
from linli.ui.types import DeskRequest

NAME_RULE = "abcdefghijklmnopqrstuvwxyz0123456789_."


@require_http_methods(["GET", "POST"])
@desk("catalogue.edit")
def papers(request: DeskRequest, code: str) -> HttpResponse:
    """The list of templates, and a new one."""
    draft = get_draft(request.actor, code)
    trouble = None
    if request.method == "POST":
        name = str(request.POST.get("name", "")).strip()[:60]
        if not name.endswith((".html", ".css")) or set(name) - set(NAME_RULE) or name in draft.papers:
            trouble = trouble_of(
                DraftError([("name", gettext("choose a new name of small letters, digits and _, ending in .html or .css"))])
            )
        else:
            trouble = save(request, code, "templates", {"paper_sources": {**draft.papers, name: ""}})
        if trouble is None:
            return HttpResponseRedirect(reverse("catalogue_edit_paper", args=[code, name]))
    used: dict[str, list[str]] = {}
    for kind, name in draft.spec.papers.items():
        used.setdefault(name, []).append(kind)
    missing = sorted(set(used) - set(draft.papers))
    rows = [(name, ", ".join(used.get(name, [])), name.endswith(".html")) for name in sorted(draft.papers)]
    context = {"papers": rows, "missing": missing, "stamp": draft.stamp("templates"), "trouble": trouble}
    return page(request, "papers.html", draft, "templates", context)


@require_http_methods(["GET", "POST"])
@desk("catalogue.edit")
def paper(request: DeskRequest, code: str, name: str) -> HttpResponse:
    """One template as text."""
    draft = get_draft(request.actor, code)
    if name not in draft.papers:
        raise NotFound("PAPER_TEMPLATE_UNKNOWN", gettext("There is no such template."))
    text, stamp, trouble = draft.papers[name], draft.stamp("templates"), None
    if request.method == "POST":
        text, stamp = str(request.POST.get("text", "")).replace("\r\n", "\n"), base_of(request)
        rest = {key: source for key, source in draft.papers.items() if key != name}
        gone = request.POST.get("op") == "remove"
        trouble = save(request, code, "templates", {"paper_sources": rest if gone else {**rest, name: text}})
        if trouble is None:
            return HttpResponseRedirect(reverse("catalogue_edit_papers", args=[code]) if gone else request.path)
        if trouble.conflict:
            stamp = get_draft(request.actor, code).stamp("templates")
    context = {"name": name, "text": text, "stamp": stamp, "trouble": trouble, "rows": 28, "printable": name.endswith(".html")}
    return page(request, "paper.html", draft, "templates", context)


@require_POST
@desk("catalogue.edit")
def preview(request: DeskRequest, code: str, name: str) -> HttpResponse:
    """The PDF of a template as it stands in the text box, with made-up values; nothing is saved."""
    draft = get_draft(request.actor, code)
    text = str(request.POST.get("text", draft.papers.get(name, "")))
    try:
        pdf = to_pdf({**draft.papers, name: text}, name, sample_values(draft.spec))
    except LinliError as error:
        context = {"name": name, "text": text, "stamp": base_of(request), "trouble": trouble_of(error), "rows": 28, "printable": True}
        return page(request, "paper.html", draft, "templates", context)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{code}-{name.removesuffix(".html")}.pdf"'
    return response
