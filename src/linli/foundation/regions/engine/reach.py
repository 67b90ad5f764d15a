"""How far a functional zone reaches: the stretches of the tree its towns make up, and who has to be asked when they change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias
from uuid import UUID

from linli.foundation.types import PATH_END
from linli.lib.registry import Registry

ReachCheck: TypeAlias = Callable[[UUID, int], None]
"""(zone, its stretches) -> raises when somebody of its staff would come to more ranges than an actor may have."""

REACH_CHECKS: Registry[ReachCheck] = Registry("reach check")


def runs(paths: Iterable[str], siblings: Iterable[str]) -> list[tuple[str, str]]:
    """Ranges ``lo <= path < hi`` that hold exactly the subtrees of ``paths``. ``siblings`` are all paths on their level, also closed ones:
    two towns share a range only when nothing else lies between them."""
    wanted, found = set(paths), list[tuple[str, str]]()
    before_wanted = False
    for path in sorted(wanted | set(siblings)):
        if path in wanted:
            found = [*found[:-1], (found[-1][0], path + PATH_END)] if before_wanted else [*found, (path, path + PATH_END)]
        before_wanted = path in wanted
    return found
