"""What bodies register: topics, whom they hold, how many lie in a region, the panel of a person, the organisations of a synthetic city."""

from django.utils.translation import gettext_lazy, gettext_noop

from linli.foundation.actions.engine import CITY_BUILDERS, CITY_EXPORTS
from linli.foundation.maps.engine import LAYERS, Layer
from linli.foundation.maps.types import Field, Shape
from linli.foundation.regions.engine import CONTENTS, PLACED, Content, Placed
from linli.foundation.topics.engine import declare
from linli.foundation.types import Level
from linli.registry.bodies.actions.bodies import CHANGED
from linli.registry.bodies.actions.city import build_bodies
from linli.registry.bodies.actions.placing import carry_with_home, follow_outlines
from linli.registry.bodies.models import BodyRole
from linli.registry.bodies.queries import number_within, tied_to_bodies
from linli.registry.bodies.queries.bodies import misplaced
from linli.registry.bodies.queries.city import export_bodies
from linli.registry.bodies.queries.map import BODIES
from linli.registry.bodies.queries.panels import bodies_at_home, bodies_of_person, body_lines, found_bodies
from linli.registry.people.actions.following import Column, following
from linli.registry.people.engine.merging import FOLLOWERS
from linli.registry.people.engine.panels import FINDERS, HOME_PANELS, PANELS, TIMELINES, Finder
from linli.registry.people.engine.ties import TIES
from linli.registry.premises.engine import HOME_MOVES

for topic in (CHANGED, "bodies.claim_opened"):
    declare(topic, public=True)
TIES.register("bodies", tied_to_bodies)
FOLLOWERS.register("bodies", following(Column(BodyRole, "person_id")))
PANELS.register("bodies", bodies_of_person)
TIMELINES.register("bodies", body_lines)
HOME_PANELS.register("bodies", bodies_at_home)
FINDERS.register("bodies", Finder(gettext_lazy("Organisations"), found_bodies))
CONTENTS.register("bodies", Content(30, gettext_noop("Organisations"), number_within))
CITY_BUILDERS.register("bodies", (44, build_bodies))  # their owners are the city's people; files of other offices come after
CITY_EXPORTS.register("bodies", export_bodies)
PLACED.register(
    "bodies", Placed(20, gettext_noop("Organisations that come to another grid"), lambda *asked: len(misplaced(*asked)), follow_outlines)
)
HOME_MOVES.register("bodies", carry_with_home)
LAYERS.register(
    "bodies",
    Layer(
        code="bodies",
        title=gettext_noop("Organisations"),
        description=gettext_noop("Organisations that are not deregistered, to about a hundred metres; no names of people."),
        order=60,
        shape=Shape.POINT,
        fields=(
            Field("name", gettext_noop("Name of the organisation"), filters=False),
            Field("kind", gettext_noop("Kind of organisation")),
            Field("kind_name", gettext_noop("Kind in words"), filters=False),
            Field("industry", gettext_noop("Industry")),
            Field("status", gettext_noop("Status")),
        ),
        read=BODIES.read,
        one=BODIES.one,
        count=BODIES.count,
        tally=BODIES.tally,
        level=Level.PERSONAL,
        permission="bodies.view",
        page="bodies_desk_body",
        from_zoom=14,
    ),
)
