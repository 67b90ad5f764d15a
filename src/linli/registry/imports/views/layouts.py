"""Layouts on the desk: what there is, one made from a file, one loaded, one written out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linli.foundation.gate import desk
from linli.lib.errors import LinliError, NotFound
from linli.registry.imports.actions import layouts as doing
from linli.registry.imports.engine.mappings import yaml_of
from linli.registry.imports.engine.sketching import Known, Seen, Word, chosen, words
from linli.registry.imports.forms import LayoutFileForm, LayoutForm
from linli.registry.imports.models import LayoutDraft
from linli.registry.imports.queries import versions as reading
from linli.registry.imports.types import DIED, HOUSEHOLD, PEOPLE, READABLE, REGION, RELATION, Choice, Kind, Mapping, Standard, kind_of
from linli.registry.people.engine.showing import LABELS, shown
from linli.registry.sources.queries import sources
from linli.ui.engine.refusal import attempt, words_of
from linli.ui.types import DeskRequest

SAMPLES = 3
NOTHING = "-"
"""Of a value that says nothing; empty: it is read as it stands."""
MORE_LABELS = {
    REGION: gettext_lazy("Community of the row"),
    HOUSEHOLD: gettext_lazy("Number of the household"),
    RELATION: gettext_lazy("What the person is to the head"),
    DIED: gettext_lazy("Died on"),
}
ATTRIBUTE_LABELS = {name: label for name, label in (LABELS | MORE_LABELS).items() if name in READABLE[PEOPLE]}


@never_cache
@require_GET
@desk("imports.load")
def layout_list(request: DeskRequest) -> HttpResponse:
    """All layouts, and the one that is being made."""
    names = {one.code: one.name for one in sources().values()}
    rows = [(one, names.get(one.source, one.source), reading.newest_version(code)) for code, one in sorted(reading.layouts().items())]
    return render(request, "imports/desk/layouts.html", {"rows": rows, "draft": _draft(request)})


def _draft(request: DeskRequest) -> LayoutDraft | None:
    try:
        return reading.draft_of(request.actor)
    except NotFound:
        return None


@never_cache
@require_http_methods(["GET", "POST"])
@desk("imports.load")
def new(request: DeskRequest) -> HttpResponse:
    """Begin with a file. With ``code`` a layout is changed."""
    before = reading.layouts().get(request.GET.get("code", ""))
    initial = {"code": before.code, "name": before.name, "origin": before.source} if before else {}
    offered = [(one.code, one.name) for one in sorted(sources().values(), key=lambda one: one.rank)]
    form = LayoutForm(request.POST or None, request.FILES or None, initial=initial, offered=offered, auto_id="layout-%s")
    status = 200
    if request.method == "POST":
        status = attempt(form, lambda said: doing.begin(request.actor, file_name=said["file"].name, **said))
        if not status:
            return HttpResponseRedirect(reverse("imports_desk_layout_draft"), status=303)
    return render(request, "imports/desk/layout_new.html", {"form": form, "before": before}, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@desk("imports.load")
def load(request: DeskRequest) -> HttpResponse:
    """A layout as the file of a pack."""
    form = LayoutFileForm(request.POST or None, request.FILES or None, auto_id="layout-%s")
    status = 200
    if request.method == "POST":

        def run(said: dict[str, Any]) -> None:
            made = doing.bring(request.actor, text=said["file"].read().decode("utf-8", errors="replace"))
            messages.success(request, _saved(made.name, made.version))

        status = attempt(form, run)
        if not status:
            return HttpResponseRedirect(reverse("imports_desk_layouts"), status=303)
    return render(request, "imports/desk/layout_load.html", {"form": form}, status=status)


def _saved(name: str, version: int) -> str:
    return gettext("%(name)s is saved as version %(version)s; the next files are read by it.") % {"name": name, "version": version}


@never_cache
@require_GET
@desk("imports.load")
def layout_page(request: DeskRequest, code: str) -> HttpResponse:
    """One layout: its columns, and its versions."""
    found = reading.layout(_plain(code))
    columns = [(one, ATTRIBUTE_LABELS.get(one.attribute, one.attribute)) for one in found.columns]
    context = {"layout": found, "columns": columns, "versions": reading.versions(code), "people": found.subject == PEOPLE}
    return render(request, "imports/desk/layout.html", context)


@never_cache
@require_GET
@desk("imports.load")
def layout_file(request: DeskRequest, code: str) -> HttpResponse:
    """The layout as the file of a pack; with ``version`` an earlier one."""
    version = request.GET.get("version", "")
    found = reading.layout(f"{_plain(code)}{reading.PIN}{version}" if version else _plain(code))
    response = HttpResponse(yaml_of(found), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.code}.yaml"'
    return response


def _plain(code: str) -> str:
    return code.partition(reading.PIN)[0]


@never_cache
@require_http_methods(["GET", "POST"])
@desk("imports.load")
def draft(request: DeskRequest) -> HttpResponse:
    """Say what the columns are, look how the file would be read, save."""
    row = _draft(request)
    if row is None:
        return HttpResponseRedirect(reverse("imports_desk_layouts"), status=303)
    if request.method == "POST":
        return _step(request, row)
    return render(request, "imports/desk/layout_draft.html", _page(row))


def _step(request: DeskRequest, row: LayoutDraft) -> HttpResponse:
    wanted = request.POST.get("step", "")
    try:
        if wanted == "give_up":
            doing.give_up(request.actor)
            return HttpResponseRedirect(reverse("imports_desk_layouts"), status=303)
        key, as_of = request.POST.get("key", ""), request.POST.get("as_of", "")
        row = doing.choose(request.actor, choices=list(_said(request.POST, row)), key=key, as_of=as_of)
        if wanted == "save":
            made = doing.save(request.actor)
            messages.success(request, _saved(made.name, made.version))
            return HttpResponseRedirect(reverse("imports_desk_layout", args=[made.code]), status=303)
    except LinliError as error:
        return render(request, "imports/desk/layout_draft.html", _page(row) | {"told": words_of(error)}, status=error.status)
    return HttpResponseRedirect(reverse("imports_desk_layout_draft") + "#preview", status=303)


def _said(form: QueryDict, row: LayoutDraft) -> Iterator[Choice]:
    """What the form says of each heading. Of another attribute than before the codes begin anew."""
    known = reading.known_to(row)
    for number, before in enumerate(reading.choices_of(row)):
        attribute = form.get(f"column-{number}-attribute", "")
        attribute = attribute if attribute in READABLE[PEOPLE] else ""
        required = f"column-{number}-required" in form
        if attribute != before.attribute:
            yield chosen(before.heading, attribute, known, required=required) if attribute else Choice(before.heading)
            continue
        formats = tuple(filter(None, (part.strip() for part in form.get(f"column-{number}-formats", "").split(","))))
        yield Choice(before.heading, attribute, required, formats, _codes(form, number, before))


def _codes(form: QueryDict, number: int, before: Choice) -> dict[str, str]:
    found = dict(before.codes)
    for value, code in zip(form.getlist(f"column-{number}-value"), form.getlist(f"column-{number}-code"), strict=False):
        found.pop(value, None)
        if code:
            found[value] = "" if code == NOTHING else code
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """One heading of the file on the page."""

    number: int
    seen: Seen
    choice: Choice
    samples: list[str]
    words: list[Word]
    targets: list[tuple[str, str]]
    dates: bool


def _page(row: LayoutDraft) -> dict[str, Any]:
    known, sight = reading.known_to(row), reading.sight_of(row)
    choices = reading.choices_of(row)
    lines = [_line(number, seen, choice, known) for number, (seen, choice) in enumerate(zip(sight.columns, choices, strict=False))]
    told, mapping = "", None
    try:
        mapping = doing.drafted(row)
    except LinliError as error:
        told = words_of(error)
    context = {
        "row": row,
        "lines": lines,
        "rows": sight.rows,
        "attributes": ATTRIBUTE_LABELS.items(),
        "headings": [seen.heading for seen in sight.columns],
        "version": reading.newest_version(row.code) + 1,
        "told": told,
    }
    return context | (_preview(row, mapping) if mapping else {})


def _line(number: int, seen: Seen, choice: Choice, known: Known) -> Line:
    coded = bool(choice.attribute) and kind_of(choice.attribute) is Kind.CODE
    told = words(seen, choice, known, today=timezone.localdate()) if coded and not seen.many else []
    samples = [_sample(text) for text, _ in seen.values[:SAMPLES]]
    targets = known.targets(choice.attribute) if coded else []
    return Line(number, seen, choice, samples, told, targets, bool(choice.attribute) and kind_of(choice.attribute) is Kind.DATE)


def _sample(text: str) -> str:
    """A cell with its middle hidden: enough to know the column again."""
    if len(text) < 2:
        return text
    kept = max(1, len(text) // 4)
    return f"{text[:kept]}{'*' * min(8, len(text) - kept)}"


def _preview(row: LayoutDraft, mapping: Mapping) -> dict[str, Any]:
    names = list(dict.fromkeys(column.attribute for column in mapping.columns if column.attribute))
    try:
        rows = reading.preview(row, mapping)
    except LinliError as error:
        return {"told": words_of(error)}
    return {
        "names": [ATTRIBUTE_LABELS[name] for name in names],
        "preview": [
            (one.number, [_shown(one, name) for name in names], [p.text(gettext) for p in one.problems], one.refused) for one in rows
        ],
    }


def _shown(row: Standard, name: str) -> str:
    return shown(name, row.values.get(name, ""))
