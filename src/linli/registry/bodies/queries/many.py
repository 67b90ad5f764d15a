"""Many organisations at once, as the rows of a file are about them. Under a job's rights."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from linli.foundation.types import PATH_END
from linli.lib.width import half_width
from linli.registry.bodies.engine.ties import TIES
from linli.registry.bodies.models import Body, BodyName, BodyRole, Succession
from linli.registry.bodies.queries.bodies import entered_on, text_of
from linli.registry.bodies.types import HEADS, PREFIX, STANDING
from linli.registry.people.queries import id_index, standings_by_number
from linli.registry.sources.types import Standing

NUMBER = "representative_id"


def plain_name(text: str) -> str:
    """The form in which names are compared: half-width, without brackets, dots and blanks."""
    return "".join(char for char in half_width(text).casefold() if char.isalnum())


def heads_of(ids: Collection[UUID]) -> dict[UUID, BodyRole]:
    """Organisation -> the present role of who heads it, with the person where she is known."""
    found: dict[UUID, BodyRole] = {}
    rows = BodyRole.objects.filter(body_id__in=list(ids), role__in=HEADS, until=None).select_related("person")
    for row in sorted(rows, key=lambda row: (HEADS.index(row.role), str(row.pk))):
        found.setdefault(row.body_id, row)
    return found


def standing_text(body: Body, attribute: str, head: BodyRole | None) -> str:
    """A value as it is weighed; of who heads the organisation the identity number, where the register knows her."""
    if attribute == NUMBER:
        return str(head.person.id_number or "") if head is not None and head.person is not None else ""
    return text_of(body, attribute)


def standings_of(bodies: Iterable[Body], attributes: Mapping[UUID, Collection[str]] | None = None) -> list[Standing]:
    """Organisations as sources weigh them, each with the attributes named for it (all without)."""
    rows = list(bodies)
    heads = heads_of([body.pk for body in rows])
    found = []
    for body in rows:
        names = STANDING if attributes is None else attributes[body.pk]
        values = {PREFIX + name: standing_text(body, name, heads.get(body.pk)) for name in names}
        found.append(Standing(body.pk, body.region_path, None, entered_on(body.pk), values))
    return found


def bodies_by(column: str, values: Collection[str]) -> dict[str, list[Body]]:
    """Value of a column (a code, a number) -> the organisations that have it."""
    found: dict[str, list[Body]] = {}
    for body in Body.objects.filter(**{f"{column}__in": sorted(set(values) - {""})}):
        found.setdefault(getattr(body, column), []).append(body)
    return found


def named_in(path: str) -> dict[str, list[Body]]:
    """Of a community: plain name, also a former one -> the organisations."""
    found: dict[str, dict[UUID, Body]] = {}
    for row in BodyName.objects.filter(region_path__gte=path, region_path__lt=path + PATH_END).select_related("body"):
        found.setdefault(plain_name(row.name), {})[row.body_id] = row.body
    return {name: sorted(bodies.values(), key=lambda body: str(body.pk)) for name, bodies in found.items()}


def people_by_number(numbers: Collection[str]) -> dict[str, tuple[UUID, str]]:
    """Identity number -> key and name of the one person who has it; of a number that two people have nobody."""
    indexes = {number: id_index(number) for number in numbers if number}
    found = standings_by_number(list(indexes.values()), ("name",))
    return {
        number: (members[0].subject_id, members[0].values["name"])
        for number, index in indexes.items()
        if len(members := found.get(index, [])) == 1
    }


def tied(ids: Collection[UUID]) -> set[UUID]:
    """Of some organisations those that cannot be taken out: another went into them or they into another, or something else hangs on them."""
    keys = list(ids)
    found = set(Succession.objects.filter(predecessor_id__in=keys).values_list("predecessor_id", flat=True))
    found |= set(Succession.objects.filter(successor_id__in=keys).values_list("successor_id", flat=True))
    for tie in TIES.values():
        found |= tie(keys)
    return found
