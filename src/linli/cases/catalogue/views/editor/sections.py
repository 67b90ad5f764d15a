"""The sections that are plain questions, drawn by the same engine as the forms of residents."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from linli.cases.catalogue.engine.difference import compare
from linli.cases.catalogue.forms.items import definition, to_answers, to_values
from linli.cases.catalogue.forms.pages import PAGES
from linli.cases.catalogue.queries.editing import Draft, get_draft
from linli.cases.catalogue.views.editor.base import Trouble, base_of, page, save, section_url, trouble_of
from linli.foundation.gate import desk
from linli.lib.errors import LinliError
from linli.records.forms.engine import BoundForm, bind, load_form, render_form
from linli.ui.types import DeskRequest


@require_http_methods(["GET", "POST"])
@desk("catalogue.edit")
def section(request: DeskRequest, code: str, section: str) -> HttpResponse:
    """One section: show it, add and remove rows (not saved yet), save it."""
    if section not in PAGES:
        raise Http404
    draft = get_draft(request.actor, code)
    form = load_form(definition(PAGES[section]))
    if request.method == "GET":
        bound = bind(form, None, draft=to_answers(PAGES[section], draft.values(section)))
        return _page(request, draft, section, bound, draft.stamp(section))
    bound = bind(form, request.POST)
    if not bound.ok:
        return _page(request, draft, section, bound, base_of(request))
    try:
        values = to_values(PAGES[section], bound.clean())
    except LinliError as error:
        return _page(request, draft, section, bound, base_of(request), trouble_of(error))
    trouble = save(request, code, section, values)
    if trouble is None:
        return HttpResponseRedirect(section_url(code, section))
    if trouble.conflict:  # show both, and let the next save go over what is now seen
        draft = get_draft(request.actor, code)
        trouble = replace(trouble, differences=tuple(compare(draft.values(section), values)))
        return _page(request, draft, section, bound, draft.stamp(section), trouble)
    return _page(request, draft, section, bound, base_of(request), trouble)


def _page(request: DeskRequest, draft: Draft, section: str, bound: BoundForm, stamp: str, trouble: Trouble | None = None) -> HttpResponse:
    html = render_form(
        bound, door="desk", request=request, action=f"?{urlencode({'base': stamp})}", submit_label=gettext("Save"), reveal=True
    )
    context: dict[str, Any] = {"form_html": html, "trouble": trouble, "unsaved": bound.command is not None}
    return page(request, "section.html", draft, section, context)
