"""Organisations on the pages of people and homes, and in the one search box."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from linli.foundation.types import Actor
from linli.registry.bodies.engine.showing import word
from linli.registry.bodies.models import Body, BodyRole
from linli.registry.bodies.queries.bodies import roles_of, visible_bodies
from linli.registry.bodies.queries.search import find
from linli.registry.people.engine.panels import Line, Panel, PanelRow

MOST = 20
VIEW = "bodies.view"


def _page(body: Body) -> str:
    return reverse("bodies_desk_body", args=[body.pk])


def _roles(actor: Actor, person_id: UUID) -> list[BodyRole]:
    """As far as the actor sees the organisations; nothing for a post that does not include them."""
    return roles_of(actor, person_id=person_id) if actor.may(VIEW) else []


def bodies_of_person(actor: Actor, person_id: UUID) -> Panel:
    """What a person is or was in organisations."""
    rows = []
    for role in _roles(actor, person_id)[:MOST]:
        days = [day.isoformat() if day else "" for day in (role.since, role.until)]
        note = f"{word('body_role', role.role)} {'–'.join(days) if any(days) else ''}".strip()
        rows.append(PanelRow(role.body.name, note, _page(role.body)))
    return Panel(gettext_lazy("Organisations"), rows, gettext_lazy("Nothing in any organisation of your area."))


def body_lines(actor: Actor, person_id: UUID) -> list[Line]:
    """The same on the person's timeline."""
    lines = []
    for role in _roles(actor, person_id):
        told = {"role": word("body_role", role.role), "body": role.body.name}
        if role.since:
            lines.append(Line(role.since, gettext("Became %(role)s of %(body)s") % told, icon="building-store", url=_page(role.body)))
        if role.until:
            lines.append(Line(role.until, gettext("No longer %(role)s of %(body)s") % told, icon="building-store", url=_page(role.body)))
    return lines


def bodies_at_home(actor: Actor, premises_id: UUID) -> Panel:
    """Organisations that are registered in a home or building."""
    rows = visible_bodies(actor).filter(premises_id=premises_id).order_by("name", "id")[:MOST] if actor.may(VIEW) else []
    found = [PanelRow(body.name, word("body_status", body.status), _page(body)) for body in rows]
    return Panel(gettext_lazy("Organisations"), found, gettext_lazy("None is registered here."))


def found_bodies(actor: Actor, text: str, path: str) -> list[PanelRow]:
    """For the search box of the register."""
    rows = find(actor, text, path=path or None)[:MOST] if actor.may(VIEW) else []
    return [
        PanelRow(body.name, " ".join(part for part in (body.uscc or body.own_code, body.address) if part), _page(body)) for body in rows
    ]
