"""Reading the map: layers in an actor's sight, outlines of regions, points in grids."""

from linli.foundation.maps.queries.layers import get_layer, layers, one_feature
from linli.foundation.maps.queries.outlines import (
    Outlined,
    any_outlined,
    city_box,
    find_regions,
    grid_at,
    outlined,
    region_count,
    region_feature,
    region_features,
)
from linli.foundation.maps.queries.outside import desk_layer, desk_layers
from linli.foundation.maps.queries.view import Seen, first_view, in_view

__all__ = [
    "Outlined",
    "Seen",
    "any_outlined",
    "city_box",
    "desk_layer",
    "desk_layers",
    "find_regions",
    "first_view",
    "get_layer",
    "grid_at",
    "in_view",
    "layers",
    "one_feature",
    "outlined",
    "region_count",
    "region_feature",
    "region_features",
]
