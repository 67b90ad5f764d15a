"""The process of a matter: drawn in the browser, sent as XML by a plain POST; without JavaScript the XML itself is edited."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from linli.cases.catalogue.queries.editing import get_draft
from linli.cases.catalogue.views.editor.base import Trouble, base_of, page, save, trouble_of
from linli.cases.workflow.engine import ProcessSpec, add_layout, load_spec
from linli.cases.workflow.types import KINDS, OFFICES, UNITS
from linli.foundation.gate import desk
from linli.lib.errors import LinliError
from linli.ui.types import DeskRequest


def office_names() -> list[tuple[str, str]]:
    """The offices a step may be done by, in words."""
    names = {
        "applicant": gettext("applicant"),
        "community": gettext("community or village"),
        "street": gettext("street or town"),
        "county": gettext("county"),
        "city": gettext("city"),
        "same": gettext("the office before"),
    }
    return [(key, names[key]) for key in OFFICES]


def unit_names() -> list[tuple[str, str]]:
    """Units of a time limit, in words."""
    names = {"W": gettext("working days"), "N": gettext("days"), "M": gettext("months"), "H": gettext("hours")}
    return [(key, names[key]) for key in UNITS]


@require_http_methods(["GET", "POST"])
@desk("catalogue.edit")
def process(request: DeskRequest, code: str) -> HttpResponse:
    """Draw and save the process. A refusal names the element, which the drawing marks."""
    draft = get_draft(request.actor, code)
    xml, stamp, trouble = draft.spec.process_xml, draft.stamp("process"), None
    if request.method == "POST":
        xml, stamp = str(request.POST.get("xml", "")).replace("\r\n", "\n"), base_of(request)
        trouble = save(request, code, "process", {"process_xml": xml})
        if trouble is None:
            return HttpResponseRedirect(request.path)
        if trouble.conflict:
            draft = get_draft(request.actor, code)
            stamp = draft.stamp("process")
    context = {
        "xml": xml,
        "drawn": _drawn(xml),
        "stamp": stamp,
        "trouble": trouble,
        "steps": _steps(draft.spec.process_xml),
        "offices": office_names(),
        "units": unit_names(),
        "kinds": KINDS,
        "stored_xml": draft.spec.process_xml if trouble and trouble.conflict else "",
    }
    return page(request, "process.html", draft, "process", context)


def _drawn(xml: str) -> str:
    """The text with a drawing, as far as it can be read."""
    try:
        return add_layout(xml)
    except LinliError:
        return xml


def _steps(xml: str) -> ProcessSpec | Trouble:
    """The steps as a list beside the drawing, for who cannot see it."""
    try:
        return load_spec(xml)
    except LinliError as error:
        return trouble_of(error)
