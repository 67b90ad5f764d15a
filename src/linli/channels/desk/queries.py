"""What the person page shows of households and cases: panels for the register below, filled from the floors above."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy

from linli.cases.casefile.queries.cases import by_person
from linli.cases.casefile.queries.words import STATES
from linli.foundation.types import Actor
from linli.lib.codes import table
from linli.registry.households.queries import members_of
from linli.registry.people.engine.panels import Panel, PanelRow


def household_panel(actor: Actor, person_id: UUID) -> Panel:
    """The household a person belongs to, as far as the actor sees its members."""
    rows = [
        PanelRow(
            m.person.name, _relation(m.relation), reverse("people_desk_person", args=[m.person_id]) if m.person_id != person_id else ""
        )
        for m in members_of(actor, person_id=person_id)
    ]
    return Panel(gettext_lazy("Household"), rows, gettext_lazy("No household in your area."))


def _relation(code: str) -> str:
    """The relation to the head of the household (GB/T 4761); a code the table does not know is shown as it is."""
    try:
        return str(table("kinship").label(code))
    except KeyError:
        return code


def cases_panel(actor: Actor, person_id: UUID) -> Panel:
    """Cases about a person, newest first; none for somebody whose post does not include cases."""
    cases = by_person(actor, person_id)[:20] if actor.may("cases.view") else []
    rows = [PanelRow(c.title, f"{c.submitted_at:%Y-%m-%d} {STATES[c.state][0]}", reverse("case_desk_subject", args=[c.pk])) for c in cases]
    return Panel(gettext_lazy("Cases"), rows, gettext_lazy("No case in your sight."))
