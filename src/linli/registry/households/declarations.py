"""What the households app registers: its topic, and the people of a synthetic city (the top of the registry may fill all of it)."""

from uuid import UUID

from django.utils.translation import gettext_lazy

from linli.foundation.actions.engine import CITY_BUILDERS, CITY_EXPORTS
from linli.foundation.topics.engine import declare
from linli.foundation.types import Actor
from linli.registry.households import tasks  # noqa: F401 - consumers register themselves
from linli.registry.households.actions.city import build_people, export_people, export_positions
from linli.registry.households.actions.following import FOLLOWER
from linli.registry.households.actions.guardians import build_guardians
from linli.registry.households.actions.lives import build_lives, export_lives
from linli.registry.households.actions.placing import carry_home
from linli.registry.households.actions.relations import carry_relations
from linli.registry.households.actions.residents import build_residents
from linli.registry.households.actions.staff import build_staff, export_staff
from linli.registry.households.models import Relation
from linli.registry.households.queries import (
    benefits_panel,
    found_homes,
    found_households,
    home_lines,
    household_lines,
    in_homes,
    life_links,
    person_lines,
    person_relations,
    relation_lines,
    relatives_panel,
    with_relations,
)
from linli.registry.people.actions.following import Column, following
from linli.registry.people.engine.merging import FOLLOWERS
from linli.registry.people.engine.panels import (
    FINDERS,
    HOME_TIMELINES,
    HOUSEHOLD_PANELS,
    HOUSEHOLD_TIMELINES,
    LINKS,
    TABS,
    TIMELINES,
    Finder,
    Panel,
    TabOf,
)
from linli.registry.people.engine.ties import MOVES, TIES
from linli.registry.premises.engine import HOME_MOVES


def _relations(actor: Actor, person_id: UUID) -> list[Panel]:
    return [relatives_panel(actor, person_id), *person_relations(actor, person_id)]


TIES.register("households", in_homes)
TIES.register("relations", with_relations)
MOVES.register("relations", carry_relations)
FOLLOWERS.register("relations", following(Column(Relation, "person_id", "region_path"), Column(Relation, "other_id", "other_path")))
TIMELINES.register("relations", relation_lines)
FOLLOWERS.register("households", FOLLOWER)
HOME_MOVES.register("households", carry_home)
declare("households.changed", public=True)
FINDERS.register("homes", Finder(gettext_lazy("Homes"), found_homes))
FINDERS.register("households", Finder(gettext_lazy("Households"), found_households))
TABS.register("relations", TabOf(gettext_lazy("Households and homes"), _relations))
TIMELINES.register("households", person_lines)
HOUSEHOLD_TIMELINES.register("households", household_lines)
HOME_TIMELINES.register("households", home_lines)
HOUSEHOLD_PANELS.register("benefits", benefits_panel)
LINKS.register("households", life_links)
CITY_BUILDERS.register("people", (20, build_people))
CITY_BUILDERS.register("staff", (30, build_staff))
CITY_BUILDERS.register("residents", (40, build_residents))
CITY_BUILDERS.register("guardians", (42, build_guardians))
CITY_BUILDERS.register("lives", (44, build_lives))  # after accounts and guardians, before files of offices and cases
CITY_EXPORTS.register("people", export_people)
CITY_EXPORTS.register("positions", export_positions)
CITY_EXPORTS.register("lives", export_lives)
CITY_EXPORTS.register("staff", export_staff)
