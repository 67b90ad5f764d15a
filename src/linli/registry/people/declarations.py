"""What people registers: topics; itself as identity verifier, person source and address book of floors below; its parts of a person's page and of a pack."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from linli.foundation.accounts.engine import PEOPLE, VERIFIERS
from linli.foundation.actions.engine import pack_loader
from linli.foundation.messages.engine import CONTACTS
from linli.foundation.privacy.engine.declared import CORRECTABLE, ERASERS, HOLDINGS, KEEPINGS
from linli.foundation.privacy.engine.exportables import EXPORTABLES
from linli.foundation.privacy.models import DataRequest
from linli.foundation.privacy.types import Correctable, Eraser, Holding, Keeping
from linli.foundation.regions.engine import CONTENTS, Content
from linli.foundation.topics.engine import declare
from linli.foundation.types import Actor
from linli.lib.codes import table
from linli.registry.people import tasks  # noqa: F401 - consumers register themselves
from linli.registry.people.actions import carry_rows, followers, load_groups, wishes
from linli.registry.people.actions.following import Column, following
from linli.registry.people.actions.persons import set_value
from linli.registry.people.engine.lookers import LOOKERS
from linli.registry.people.engine.merging import FOLLOWERS
from linli.registry.people.engine.panels import LINKS, TABS, TIMELINES, Panel, PanelRow, TabOf
from linli.registry.people.engine.records import documents_panel, groups_panel
from linli.registry.people.engine.showing import LABELS, shown
from linli.registry.people.engine.ties import MOVES, TIES
from linli.registry.people.models import Person
from linli.registry.people.queries import (
    contact_of,
    get_person,
    groups_of,
    held,
    identities_of,
    known_person,
    lines_about,
    match_identity,
    number_within,
    text_of,
    with_history,
)
from linli.registry.people.queries.exporting import PEOPLE_LIST, in_exports
from linli.registry.people.types import CODES, ERASABLE, OVERRULED


def correctable(name: str) -> Correctable:
    """A value of the register that the community may decide: checked as it is when it is written."""
    return Correctable(
        title=LABELS[name],
        check=lambda value: set_value(Person(), name, value),
        now=lambda actor, person_id: shown(name, text_of(get_person(actor, person_id), name)),
        apply=lambda actor, person_id, value, reason: wishes.correct_at_wish(
            actor, person_id=person_id, attribute=name, value=value, reason=reason
        ),
        choices=lambda: list(table(CODES[name]).choices()) if name in CODES else [],
    )


VERIFIERS.register("people", match_identity)
PEOPLE.register("people", known_person)
CONTACTS.register("people", contact_of)
CONTENTS.register("people", Content(10, gettext_noop("People who live there"), number_within))
MOVES.register("people", carry_rows)
TIES.register("people", with_history)
for app, follower in (
    ("people", followers.OWN),
    ("sources", followers.SAID),
    ("accounts", followers.ACCOUNTS),
    ("files", followers.FILES),
    ("messages", followers.MESSAGES),
):
    FOLLOWERS.register(app, follower)
EXPORTABLES.register("people", PEOPLE_LIST)
LOOKERS.register("exports", in_exports)
FOLLOWERS.register("privacy", following(Column(DataRequest, "person_id", "region_path")))
MOVES.register("privacy", wishes.carry_requests)
TIES.register("privacy", held.with_requests)
for code, words, lines in (
    ("people.values", gettext_lazy("What the register says of you"), held.values_held),
    ("people.said", gettext_lazy("What offices said of you"), held.said_held),
    ("people.records", gettext_lazy("Documents, life events, decisions"), held.records_held),
    ("people.looks", gettext_lazy("Who looked at your data, and who was given it"), held.looks_held),
):
    HOLDINGS.register(code, Holding(words, lines))
for name in sorted(OVERRULED):
    CORRECTABLE.register(f"people.{name}", correctable(name))
for name in sorted(ERASABLE):
    ERASERS.register(f"people.{name}", Eraser(partial(wishes.kept_because, name), partial(wishes.erase_value, name)))
KEEPINGS.register(
    "people.dead",
    Keeping(
        gettext_lazy("Telephone numbers and bank accounts of the dead"),
        gettext_lazy("the day of death"),
        gettext_lazy("both are erased, the person stays in the register"),
        held.dead_due,
        wishes.clear_dead,
    ),
)
TIMELINES.register("people", lines_about)
pack_loader("key_groups", lambda folder, actor: load_groups(actor, folder=folder), order=52)
for topic in (
    *("people.person_changed", "people.people_changed", "people.person_died", "people.claim_opened", "people.fact_registered"),
    *("people.death_reported", "people.life_event", "people.people_merged", "people.people_split"),
):
    declare(topic, public=True)


def _records(actor: Actor, person_id: UUID) -> list[Panel]:
    groups = [(person_id, g.pk, g.kind.name, g.responsible_name, g.since, g.until) for g in groups_of(actor, person_id)]
    documents = [(d.id_type, d.number, d.issuer, d.valid_to) for d in identities_of(actor, person_id)]
    return [documents_panel(documents), groups_panel(groups, may_end=actor.may("people.groups"))]


def _links(actor: Actor, person_id: UUID) -> list[PanelRow]:
    found = []
    if actor.may("people.edit"):
        found.append(PanelRow(gettext("Note a document"), url=reverse("people_desk_document", args=[person_id])))
        found.append(PanelRow(gettext("Report a death"), url=reverse("people_desk_death", args=[person_id])))
    if actor.may("privacy.file"):
        found.append(PanelRow(gettext("Take down a request about her data"), url=reverse("privacy_desk_take_down", args=[person_id])))
    if actor.may("people.groups"):
        found.append(PanelRow(gettext("Enter a group"), url=reverse("people_desk_group", args=[person_id])))
    return found


TABS.register("records", TabOf(gettext_lazy("Documents and groups"), _records))
LINKS.register("people", _links)
