"""The tab of a person's file on which documents and groups stand, numbers masked."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from linli.lib.codes import table
from linli.lib.masking import mask_id_number
from linli.registry.people.engine.panels import Panel, PanelRow


def documents_panel(documents: Sequence[tuple[str, str, str, object]]) -> Panel:
    """Further documents: (kind, number, issuer, until when)."""
    rows = []
    for id_type, number, issuer, valid_to in documents:
        until = gettext("valid to %(day)s") % {"day": valid_to} if valid_to else ""
        rows.append(PanelRow(f"{table('id_type').label(id_type)} {mask_id_number(number)}", " · ".join(filter(None, (issuer, until)))))
    return Panel(gettext_lazy("Further documents"), rows, gettext_lazy("None is noted."))


def groups_panel(groups: Sequence[tuple[UUID, UUID, str, str, object, object]], *, may_end: bool) -> Panel:
    """Groups in sight: (person, key, name, responsible, since, until)."""
    rows = []
    for person, key, name, responsible, since, until in groups:
        days = (
            gettext("since %(day)s") % {"day": since}
            if until is None
            else gettext("%(since)s to %(until)s") % {"since": since, "until": until}
        )
        url = reverse("people_desk_leave_group", args=[person, key]) if may_end and until is None else ""
        rows.append(PanelRow(name, f"{days} · {responsible}", url))
    return Panel(gettext_lazy("Groups"), rows, gettext_lazy("None that you may know of."))
