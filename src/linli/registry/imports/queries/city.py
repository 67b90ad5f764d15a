"""What the files of a synthetic city are made of, and what its checksum says of them. Under a job's rights."""

from __future__ import annotations

import json
from collections.abc import Iterator
from uuid import UUID

from linli.foundation.accounts.models import Mandate, PostHolding, User
from linli.foundation.regions.models import Region
from linli.foundation.regions.queries import at_level
from linli.lib.address import full_address, parse_address
from linli.registry.bodies.models import Body
from linli.registry.imports.engine.office_rows import Resident
from linli.registry.imports.models import Batch, Consequence, Doubt
from linli.registry.imports.types import DIED
from linli.registry.people.models import Person
from linli.registry.people.queries import text_of
from linli.registry.people.types import ATTRIBUTES
from linli.registry.sources.models import Entry


def data_officer() -> User | None:
    """Who holds the first post of a data officer."""
    holding = PostHolding.objects.filter(post__role_code="data_officer", until=None, user__is_active=True).select_related("user")
    found = holding.order_by("post__unit__code", "user__username").first()
    return found.user if found else None


ADDRESSES = ("live_address", "hukou_address")
A_COMMUNITY = 60  # people taken of each, house by house


def residents(street: str, *, most: int) -> list[Resident]:
    """The living of a street, community after community until there are enough, in an order that is no key's."""
    top = Region.objects.filter(code=street, valid_to=None).first()
    if top is None:
        return []
    places = {r.path: r for r in Region.objects.filter(level="community", valid_to=None, path__startswith=top.path).order_by("path")}
    people: list[Person] = []
    for path in places:
        if len(people) < most:
            here = Person.objects.filter(region_path__startswith=path, died_on=None).exclude(id_index=None).exclude(birth_date=None)
            people += here.order_by("live_address", "birth_date", "pinyin", "name")[:A_COMMUNITY]
    loud = _promised([p.pk for p in people])
    found = []
    for person in people:
        values = {name: text_of(person, name) for name in ATTRIBUTES}
        values |= {name: "" for name in ADDRESSES if not _standard(values[name])}
        community = places[at_level(person.region_path, "community")]
        found.append(Resident({**values, DIED: "", "region": community.code}, community.name, person.pk not in loud))
    return found


def _standard(address: str) -> bool:
    """Whether an office's list would say it in just these words; others are left out, so that nothing changes that was not planned."""
    return bool(address) and full_address(parse_address(address)) == address


def _promised(ids: list[UUID]) -> set[UUID | None]:
    """Of some people those with an account or a mandate, which keep their names."""
    accounts = User.objects.filter(person_id__in=ids).values_list("person_id", flat=True)
    given = Mandate.objects.filter(grantor_id__in=ids).values_list("grantor_id", flat=True)
    had = Mandate.objects.filter(grantee_id__in=ids).values_list("grantee_id", flat=True)
    return {*accounts, *given, *had}


def export_imports() -> Iterator[str]:
    """Files, what became of their rows, what they say, and what waits; people and organisations by their numbers."""
    files = {batch.pk: batch for batch in Batch.objects.select_related("source")}
    numbers = _numbers()
    for batch in files.values():
        counts = json.dumps([batch.counts, batch.loaded, len(batch.kept)], sort_keys=True)
        yield f"batch\t{batch.mapping}\t{batch.file_name}\t{batch.as_of}\t{batch.community}\t{batch.state}\t{counts}"
    for entry in Entry.objects.filter(batch_id__in=list(files)).iterator(chunk_size=2000):
        file = files[entry.batch_id].file_name if entry.batch_id else ""
        number = numbers.get(entry.subject_id, "") if entry.subject_id else ""
        yield f"entry\t{file}\t{number}\t{entry.as_of}\t{entry.state}\t{entry.brought}\t{entry.content}"
    for found in Consequence.objects.all():
        yield f"consequence\t{files[found.batch_id].file_name}\t{numbers.get(found.person_id, '')}\t{found.kind}\t{found.state}\t{found.why}"
    for doubt in Doubt.objects.all():
        about = [numbers.get(UUID(one["person"]), "") for one in doubt.candidates]
        yield f"doubt\t{files[doubt.batch_id].file_name}\t{doubt.line}\t{doubt.state}\t{sorted(about)}"


def _numbers() -> dict[UUID, str]:
    linked = Entry.objects.exclude(batch_id=None).values_list("subject_id", flat=True)
    ids = {pk for pk in linked if pk is not None}
    ids |= {UUID(one["person"]) for found in Doubt.objects.values_list("candidates", flat=True) for one in found}
    numbers = {p.pk: str(p.id_number or "") for p in Person.objects.filter(pk__in=ids).only("id", "id_number")}
    return numbers | {body.pk: body.uscc or body.own_code for body in Body.objects.filter(pk__in=ids).only("id", "uscc", "own_code")}
