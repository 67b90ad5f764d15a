"""Pure parts: path segments, the drawing of outlines, what floors above are asked."""

from linli.foundation.regions.engine.contents import CONTENTS, Content
from linli.foundation.regions.engine.drawing import Cell, divide, feature, seeds_inside
from linli.foundation.regions.engine.orders import ACTORS, actor_of
from linli.foundation.regions.engine.paths import child_path, next_segment, segment_number
from linli.foundation.regions.engine.reach import REACH_CHECKS, runs

__all__ = [
    "ACTORS",
    "CONTENTS",
    "REACH_CHECKS",
    "Cell",
    "Content",
    "actor_of",
    "child_path",
    "divide",
    "feature",
    "next_segment",
    "runs",
    "seeds_inside",
    "segment_number",
]
