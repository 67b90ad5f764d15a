"""Which unit does what where."""

from __future__ import annotations

from uuid import UUID

from linli.foundation.regions.models import LEVELS
from linli.foundation.types import PATH_END
from linli.foundation.units.models import Post, Unit

PATH_STEP = 5  # characters of a region path per level


def ancestor_path(path: str, level: str) -> str:
    """The path of the node of ``level`` above (or at) ``path``; the path itself when it is not that deep."""
    return path[: PATH_STEP * (LEVELS.index(level) + 1)]


def resolve(level: str, line: str, region_path: str) -> Unit | None:
    """The unit of a level that serves ``line`` at ``region_path``: that line's, else the general office, else the next level up."""
    for at in reversed(LEVELS[: LEVELS.index(level) + 1]):
        here = ancestor_path(region_path, at)
        found = {u.line: u for u in Unit.objects.filter(level=at, region_path=here, line__in=(line, ""), valid_to=None)}
        unit = found.get(line) or found.get("")
        if unit is not None:
            return unit
    return None


def units_of(ids: tuple[UUID, ...]) -> list[Unit]:
    return list(Unit.objects.filter(pk__in=ids))


def by_code(code: str) -> Unit | None:
    return Unit.objects.filter(code=code).first()


def directory(path: str = "", *, level: str = "", line: str | None = None) -> list[Unit]:
    """The public directory of offices below a region, from the city down."""
    rows = Unit.objects.filter(valid_to=None).select_related("region")
    if path:
        rows = rows.filter(region_path__gte=path, region_path__lt=path + PATH_END)
    if level:
        rows = rows.filter(level=level)
    if line is not None:
        rows = rows.filter(line=line)
    return list(rows.order_by("region_path", "code"))


def posts_of(unit_id: UUID) -> list[Post]:
    return list(Post.objects.filter(unit_id=unit_id).order_by("title"))
