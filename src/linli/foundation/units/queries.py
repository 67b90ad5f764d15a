"""Which unit does what where."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_noop

from linli.foundation.regions.models import LEVELS
from linli.foundation.scope.queries import kept
from linli.foundation.types import PATH_END
from linli.foundation.units.engine import BURDENS, POST_HOLDERS, ROLE_NAMES, Burden
from linli.foundation.units.models import Post, Unit
from linli.lib.errors import NotFound

PATH_STEP = 5  # characters of a region path per level


def ancestor_path(path: str, level: str) -> str:
    """The path of the node of ``level`` above (or at) ``path``; the path itself when it is not that deep."""
    return path[: PATH_STEP * (LEVELS.index(level) + 1)]


@kept
def _serving(level: str, path: str, line: str) -> QuerySet[Unit]:
    """A line's unit and the general office. After a merger two may serve one place: last, and so in force, comes that of the region that stayed."""
    rows = Unit.objects.filter(level=level, region_path=path, line__in=(line, ""), valid_to=None)
    return rows.order_by(F("region__valid_to").asc(nulls_last=True), "-code")


def open_within(lo: str, hi: str) -> int:
    """How many open units serve a subtree or a part of it."""
    return Unit.objects.filter(region_path__gte=lo, region_path__lt=hi, valid_to=None).count()


def resolve(level: str, line: str, region_path: str) -> Unit | None:
    """The unit of a level that serves ``line`` at ``region_path``: that line's, else the general office, else the next level up."""
    for at in reversed(LEVELS[: LEVELS.index(level) + 1]):
        here = ancestor_path(region_path, at)
        found = {u.line: u for u in _serving(at, here, line)}
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


def posts_of(unit_id: UUID, *, closed: bool = False) -> list[Post]:
    """Posts of a unit by title; closed ones only when asked for."""
    rows = Post.objects.filter(unit_id=unit_id).order_by("title")
    return list(rows if closed else rows.filter(valid_to=None))


def get_unit(pk: UUID, *, lock: bool = False) -> Unit:
    """One unit, also a closed one; `NotFound` otherwise."""
    rows = Unit.objects.select_for_update() if lock else Unit.objects.select_related("region", "parent")
    unit = rows.filter(pk=pk).first()
    if unit is None:
        raise NotFound("UNIT_UNKNOWN", gettext_noop("There is no such unit."))
    return unit


def get_post(pk: UUID, *, lock: bool = False) -> Post:
    """One post, also a closed one; `NotFound` otherwise."""
    rows = Post.objects.select_for_update() if lock else Post.objects.select_related("unit")
    post = rows.filter(pk=pk).first()
    if post is None:
        raise NotFound("POST_UNKNOWN", gettext_noop("There is no such post."))
    return post


def open_unit(code: str) -> Unit | None:
    """A unit that exists, by its code in any case."""
    return (
        Unit.objects.filter(code=code.strip().upper(), valid_to=None).first()
        or Unit.objects.filter(code=code.strip(), valid_to=None).first()
    )


def children_of(unit_id: UUID) -> list[Unit]:
    """Open units directly below."""
    return list(Unit.objects.filter(parent_id=unit_id, valid_to=None).order_by("region_path", "code"))


def units_by_name(text: str = "", level: str = "", *, closed: bool = False) -> list[Unit]:
    """For the administrator's list: by name or code, from the city down; closed ones only when asked for."""
    rows = Unit.objects.select_related("region").order_by("region_path", "code")
    rows = rows.exclude(valid_to=None) if closed else rows.filter(valid_to=None)
    if level:
        rows = rows.filter(level=level)
    return list(rows.filter(Q(name__icontains=text) | Q(code__icontains=text)) if text else rows)


def burdens_of(unit: Unit) -> list[Burden]:
    """Everything that keeps a unit from being closed: units below it, people in its posts, tasks that wait in it."""
    below = len(children_of(unit.id))
    own = [
        Burden(
            "UNIT_HAS_UNITS",
            below,
            gettext_noop("Units that belong to it: %(count)s."),
            gettext_noop("Move them under another unit first."),
        )
    ]
    found = [b for b in (*(own if below else ()), *(source(unit.id) for source in BURDENS.values())) if b is not None]
    return sorted(found, key=lambda burden: burden.code)


def role_names() -> dict[str, str]:
    """Role code -> name, of all roles a post may carry."""
    return {code: name for source in ROLE_NAMES.values() for code, name in source().items()}


def holders_by_post(unit_id: UUID) -> dict[UUID, list[str]]:
    """Post -> names of those who hold it today."""
    return {post: list(names) for source in POST_HOLDERS.values() for post, names in source(unit_id).items()}
