"""What stands in the file of a household, of a home, and of a person about both; what the one search box finds of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from linli.foundation.types import Actor
from linli.lib.codes import table
from linli.registry.households.models import Household, Membership, Occupancy
from linli.registry.households.policy import households, memberships, occupancies
from linli.registry.people import queries as people
from linli.registry.people.engine.panels import Line, Panel, PanelRow
from linli.registry.people.models import Person
from linli.registry.people.policy import people as protection
from linli.registry.people.types import BENEFIT
from linli.registry.premises.models import Premises
from linli.registry.premises.queries import find_by_address, get_premises
from linli.registry.sources.queries import facts_among

ROLES = {
    "owner": gettext_lazy("Owner"),
    "tenant": gettext_lazy("Tenant"),
    "living": gettext_lazy("Lives here"),
    "registered": gettext_lazy("Registered only"),
}
_NUMBER = re.compile(r"[0-9]{12}H[0-9]{6}")
FEW = 20
"""Homes whose residents the search shows beside them; of more it shows the homes only."""


def relation_word(code: str) -> str:
    """The relation to the head of the household (GB/T 4761); a code the table does not know is shown as it is."""
    try:
        return str(table("kinship").label(code))
    except KeyError:
        return code


def days(since: date | None, until: date | None) -> str:
    """From when to when, in words; "" when nobody knows."""
    if until is not None:
        return gettext("%(since)s to %(until)s") % {"since": since or "?", "until": until}
    return gettext("since %(day)s") % {"day": since} if since else ""


def _person_url(person_id: UUID) -> str:
    return reverse("people_desk_person", args=[person_id])


def _household_url(pk: UUID) -> str:
    return reverse("households_desk_household", args=[pk])


def _home_url(pk: UUID) -> str:
    return reverse("households_desk_home", args=[pk])


def _members(actor: Actor, *, household_id: UUID | None = None, person_id: UUID | None = None) -> list[Membership]:
    """Memberships in sight, past and present, with person and household; those of today first, the head first."""
    rows = Membership.objects.filter(memberships.visible(actor)).select_related("person", "household")
    rows = rows.filter(**({"household_id": household_id} if household_id else {"person_id": person_id}))
    return sorted(rows, key=lambda m: (m.until is not None, m.relation != "02", m.relation, m.since or date.max, str(m.pk)))


def _member_row(m: Membership) -> PanelRow:
    return PanelRow(m.person.name, " · ".join(filter(None, (relation_word(m.relation), days(m.since, m.until)))), _person_url(m.person_id))


def _panel(title: object, rows: Iterable[PanelRow], empty: object) -> Panel:
    return Panel(title, list(rows), empty)  # type: ignore[arg-type]


def household_panels(actor: Actor, household_id: UUID) -> list[Panel]:
    """Members now and before."""
    rows = _members(actor, household_id=household_id)
    return [
        _panel(gettext_lazy("Members"), (_member_row(m) for m in rows if m.until is None), gettext_lazy("Nobody.")),
        _panel(gettext_lazy("Former members"), (_member_row(m) for m in rows if m.until is not None), gettext_lazy("Nobody.")),
    ]


def household_lines(actor: Actor, household_id: UUID) -> list[Line]:
    """Who joined and left, and when."""
    found = []
    for m in _members(actor, household_id=household_id):
        if m.since:
            found.append(Line(m.since, gettext("%(name)s joined") % {"name": m.person.name}, relation_word(m.relation), "", "user-plus"))
        if m.until:
            found.append(Line(m.until, gettext("%(name)s left") % {"name": m.person.name}, "", "", "user"))
    return found


def people_in_household(actor: Actor, household_id: UUID) -> list[UUID]:
    """Keys of those who belong to a household today and are in sight."""
    return [m.person_id for m in _members(actor, household_id=household_id) if m.until is None]


def benefits_panel(actor: Actor, household_id: UUID) -> Panel:
    """What the members get today, by whom it was said."""
    members = {m.person_id: m for m in _members(actor, household_id=household_id) if m.until is None}
    rows = facts_among(actor, list(members), timezone.localdate(), beginning=BENEFIT)
    return _panel(
        gettext_lazy("Benefits of the members"),
        (
            PanelRow(members[f.subject_id].person.name, f"{f.attribute.removeprefix(BENEFIT)} · {f.source.name}", _person_url(f.subject_id))
            for f in rows
        ),
        gettext_lazy("None in force."),
    )


def life_links(actor: Actor, person_id: UUID) -> list[PanelRow]:
    """Life events that may be entered about a person; a household is founded for who has none."""
    if not actor.may("people.edit"):
        return []
    homeless = not Membership.objects.filter(memberships.visible(actor), person_id=person_id, until=None).exists()
    events = [
        ("move", gettext("Move within the city")),
        ("move-out", gettext("Move out of the city")),
        ("birth", gettext("Enter a birth")),
        ("marriage", gettext("Enter a marriage")),
        ("divorce", gettext("Enter a divorce")),
        *([("household", gettext("Found a household"))] if homeless else []),
    ]
    stated = PanelRow(gettext("State a relation"), url=reverse("households_desk_relation_new", args=[person_id]))
    return [*(PanelRow(text, url=reverse("households_desk_life", args=[person_id, slug])) for slug, text in events), stated]


def get_home(actor: Actor, pk: UUID) -> Premises:
    """One home in sight; `NotFound` otherwise."""
    return get_premises(actor, pk)


def _ties(actor: Actor, *, home_id: UUID | None = None, person_id: UUID | None = None) -> list[Occupancy]:
    rows = Occupancy.objects.filter(occupancies.visible(actor)).select_related("person", "premises")
    rows = rows.filter(**({"premises_id": home_id} if home_id else {"person_id": person_id}))
    return sorted(rows, key=lambda o: (o.until is not None, o.role, o.since or date.max, str(o.pk)))


def households_at(actor: Actor, home_id: UUID) -> list[Household]:
    """Households of a home, those of today first."""
    rows = Household.objects.filter(households.visible(actor), premises_id=home_id)
    return sorted(rows, key=lambda h: (h.until is not None, h.number))


def people_in_home(actor: Actor, home_id: UUID) -> list[UUID]:
    """Keys of those who live in a home."""
    return list(Person.objects.filter(protection.visible(actor), premises_id=home_id, died_on=None).values_list("id", flat=True))


def home_panels(actor: Actor, home_id: UUID) -> list[Panel]:
    """Who is tied to a home and how, now and before, and its households."""
    rows = _ties(actor, home_id=home_id)
    homes = households_at(actor, home_id)

    def row(o: Occupancy) -> PanelRow:
        return PanelRow(o.person.name, " · ".join(filter(None, (str(ROLES[o.role]), days(o.since, o.until)))), _person_url(o.person_id))

    return [
        _panel(gettext_lazy("Households"), (PanelRow(h.number, "", _household_url(h.pk)) for h in homes), gettext_lazy("None is known.")),
        _panel(gettext_lazy("People of this home"), (row(o) for o in rows if o.until is None), gettext_lazy("Nobody is known.")),
        _panel(gettext_lazy("Formerly"), (row(o) for o in rows if o.until is not None), gettext_lazy("Nobody is known.")),
    ]


def home_lines(actor: Actor, home_id: UUID) -> list[Line]:
    """Who came and went."""
    found = []
    for o in _ties(actor, home_id=home_id):
        told = {"name": o.person.name, "role": str(ROLES[o.role])}
        if o.since:
            found.append(Line(o.since, gettext("%(name)s: %(role)s") % told, "", "", "user-plus"))
        if o.until:
            found.append(Line(o.until, gettext("%(name)s: no longer %(role)s") % told, "", "", "user"))
    return found


def person_relations(actor: Actor, person_id: UUID) -> list[Panel]:
    """Households and homes of a person, now and before."""

    def member(m: Membership) -> PanelRow:
        note = " · ".join(filter(None, (relation_word(m.relation), days(m.since, m.until))))
        return PanelRow(m.household.number, note, _household_url(m.household_id))

    def tie(o: Occupancy) -> PanelRow:
        return PanelRow(
            o.premises.address, " · ".join(filter(None, (str(ROLES[o.role]), days(o.since, o.until)))), _home_url(o.premises_id)
        )

    return [
        _panel(gettext_lazy("Households"), map(member, _members(actor, person_id=person_id)), gettext_lazy("No household in your area.")),
        _panel(gettext_lazy("Homes"), map(tie, _ties(actor, person_id=person_id)), gettext_lazy("No home in your area.")),
    ]


def person_lines(actor: Actor, person_id: UUID) -> list[Line]:
    """Homes a person was tied to, by their days."""
    found = []
    for o in _ties(actor, person_id=person_id):
        if o.since:
            found.append(Line(o.since, str(ROLES[o.role]), o.premises.address, "", "map-pin", _home_url(o.premises_id)))
        if o.until:
            found.append(Line(o.until, gettext("No longer: %(role)s") % {"role": ROLES[o.role]}, o.premises.address, "", "map-pin"))
    return found


# ---- the one search box ----


def _homes_named(actor: Actor, text: str, path: str) -> list[Premises]:
    """Letters are pinyin or initials, digits alone a number; the rest may be an address."""
    if text.isascii() and (not any(c.isdigit() for c in text) or "-" not in text):
        return []
    return [home for home in find_by_address(actor, text, limit=50) if not path or home.region_path.startswith(path)]


def found_homes(actor: Actor, text: str, path: str) -> list[PanelRow]:
    """Homes whose address holds what was typed; of a few also who lives there."""
    homes = _homes_named(actor, text, path)
    living: dict[UUID, list[str]] = {}
    for person in people.living_in(actor, [home.pk for home in homes]) if len(homes) <= FEW else ():
        if person.premises_id is not None:
            living.setdefault(person.premises_id, []).append(person.name)
    return [PanelRow(home.address, ", ".join(living.get(home.pk, [])), _home_url(home.pk)) for home in homes]


def found_households(actor: Actor, text: str, path: str) -> list[PanelRow]:
    """The household of a number, or those of the few homes an address names."""
    rows = Household.objects.filter(households.visible(actor), until=None).select_related("premises")
    number = text.strip().upper()
    if _NUMBER.fullmatch(number):
        rows = rows.filter(number=number)
    else:
        homes = _homes_named(actor, text, path)
        if not homes or len(homes) > FEW:
            return []
        rows = rows.filter(premises_id__in=[home.pk for home in homes])
    return [PanelRow(h.number, h.premises.address if h.premises else "", _household_url(h.pk)) for h in rows.order_by("number")[:50]]
