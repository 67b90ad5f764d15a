"""What facilities register: their topic, how many stand in a region, the facilities of a synthetic city."""

from django.utils.translation import gettext_noop

from linli.foundation.actions.engine import CITY_BUILDERS, CITY_EXPORTS
from linli.foundation.maps.engine import LAYERS, Layer
from linli.foundation.maps.types import Field, Shape
from linli.foundation.regions.engine import CONTENTS, PLACED, Content, Placed
from linli.foundation.topics.engine import declare
from linli.foundation.types import Level
from linli.registry.bodies.engine.ties import TIES
from linli.registry.facilities.actions.city import build_facilities
from linli.registry.facilities.actions.facilities import CHANGED
from linli.registry.facilities.actions.placing import carry_with_home, follow_outlines
from linli.registry.facilities.queries import misplaced, number_within
from linli.registry.facilities.queries.city import export_facilities
from linli.registry.facilities.queries.facilities import tied_bodies
from linli.registry.facilities.queries.map import FACILITIES
from linli.registry.premises.engine import HOME_MOVES

declare(CHANGED, public=True)
TIES.register("facilities", tied_bodies)
CONTENTS.register("facilities", Content(40, gettext_noop("Facilities"), number_within))
CITY_BUILDERS.register("facilities", (45, build_facilities))  # the city's property companies keep them up
CITY_EXPORTS.register("facilities", export_facilities)
PLACED.register(
    "facilities", Placed(30, gettext_noop("Facilities that come to another grid"), lambda *asked: len(misplaced(*asked)), follow_outlines)
)
HOME_MOVES.register("facilities", carry_with_home)
LAYERS.register(
    "facilities",
    Layer(
        code="facilities",
        title=gettext_noop("Facilities"),
        description=gettext_noop("Public facilities and city components that are not struck off, where they stand."),
        order=70,
        shape=Shape.POINT,
        fields=(
            Field("name", gettext_noop("Name of the facility"), filters=False),
            Field("code", gettext_noop("Code")),
            Field("kind", gettext_noop("Kind of facility")),
            Field("kind_name", gettext_noop("Kind in words"), filters=False),
            Field("status", gettext_noop("Status")),
        ),
        read=FACILITIES.read,
        one=FACILITIES.one,
        count=FACILITIES.count,
        tally=FACILITIES.tally,
        level=Level.INTERNAL,
        permission="facilities.view",
        page="facilities_desk_facility",
        from_zoom=15,
    ),
)
