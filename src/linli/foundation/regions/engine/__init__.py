"""Pure parts: path segments, the drawing and judging of outlines, points in them, what floors above are asked."""

from linli.foundation.regions.engine.cells import Cells, Found
from linli.foundation.regions.engine.contents import CONTENTS, Content
from linli.foundation.regions.engine.drawing import Cell, divide, feature, seeds_inside
from linli.foundation.regions.engine.orders import ACTORS, actor_of
from linli.foundation.regions.engine.outlines import Judgement, judge, read_outline, shape_of
from linli.foundation.regions.engine.paths import child_path, next_segment, segment_number
from linli.foundation.regions.engine.placed import PLACED, Locate, Place, Placed
from linli.foundation.regions.engine.reach import REACH_CHECKS, runs

__all__ = [
    "ACTORS",
    "CONTENTS",
    "PLACED",
    "REACH_CHECKS",
    "Cell",
    "Cells",
    "Content",
    "Found",
    "Judgement",
    "Locate",
    "Place",
    "Placed",
    "actor_of",
    "child_path",
    "divide",
    "feature",
    "judge",
    "next_segment",
    "read_outline",
    "runs",
    "seeds_inside",
    "segment_number",
    "shape_of",
]
