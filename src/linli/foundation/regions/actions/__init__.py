"""Writes: loading the pack, changes ordered by a document and the orders for them, outlines of a synthetic city."""

from linli.foundation.regions.actions.changes import PATH_COLUMNS, merge_regions, move_region, path_columns, rename_region, split_region
from linli.foundation.regions.actions.drawing import draw_city
from linli.foundation.regions.actions.loading import export_regions, load_regions
from linli.foundation.regions.actions.orders import check_order, order_change
from linli.foundation.regions.actions.outlines import follow_outlines, redraw_grids
from linli.foundation.regions.actions.zones import change_zone, take_back_zone_change

__all__ = [
    "PATH_COLUMNS",
    "change_zone",
    "check_order",
    "draw_city",
    "export_regions",
    "follow_outlines",
    "load_regions",
    "merge_regions",
    "move_region",
    "order_change",
    "path_columns",
    "redraw_grids",
    "rename_region",
    "split_region",
    "take_back_zone_change",
]
