"""Pure parts: path segments and the drawing of outlines."""

from linli.foundation.regions.engine.contents import CONTENTS, Content
from linli.foundation.regions.engine.drawing import Cell, divide, feature, seeds_inside
from linli.foundation.regions.engine.paths import child_path, next_segment, segment_number
from linli.foundation.regions.engine.reach import REACH_CHECKS, runs

__all__ = [
    "CONTENTS",
    "REACH_CHECKS",
    "Cell",
    "Content",
    "child_path",
    "divide",
    "feature",
    "next_segment",
    "runs",
    "seeds_inside",
    "segment_number",
]
