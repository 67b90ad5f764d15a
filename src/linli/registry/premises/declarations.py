"""What the premises app registers: how many homes lie in a region, homes on the map, and how they follow the outlines of grids."""

from django.utils.translation import gettext_noop

from linli.foundation.maps.engine import LAYERS, Layer
from linli.foundation.maps.types import Field, Shape
from linli.foundation.regions.engine import CONTENTS, PLACED, Content, Placed
from linli.foundation.types import Level
from linli.registry.premises.actions import follow_outlines
from linli.registry.premises.queries import misplaced, number_on_map, number_within, on_map, one_on_map, tally_on_map

CONTENTS.register("premises", Content(20, gettext_noop("Homes and other premises"), number_within))
LAYERS.register(
    "homes",
    Layer(
        code="homes",
        title=gettext_noop("Homes"),
        description=gettext_noop("Homes with a position, to about a hundred metres; no names of people."),
        order=50,
        shape=Shape.POINT,
        fields=(
            Field("name", gettext_noop("Address"), filters=False),
            Field("estate", gettext_noop("Estate or village")),
            Field("building", gettext_noop("Building")),
        ),
        read=on_map,
        one=one_on_map,
        count=number_on_map,
        tally=tally_on_map,
        level=Level.PERSONAL,
        permission="people.view",
        page="households_desk_home",
        on=True,
        from_zoom=14,
    ),
)
PLACED.register(
    "premises", Placed(10, gettext_noop("Homes that come to another grid"), lambda *asked: len(misplaced(*asked)), follow_outlines)
)
