"""A file about organisations in a synthetic city: mostly what is known, some news, a few bad rows, one that a person has to look at."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone

from linli.foundation.access.queries import actor_of
from linli.foundation.actions.engine import CityContext
from linli.foundation.regions.models import Region
from linli.foundation.regions.queries import at_level
from linli.foundation.scope.actions import scoped
from linli.foundation.types import PATH_END, system_actor
from linli.registry.bodies.engine.city_bodies import credit_code
from linli.registry.bodies.models import Body
from linli.registry.bodies.queries import text_of
from linli.registry.imports.actions.batches import order_load, upload
from linli.registry.imports.actions.checking import check_on
from linli.registry.imports.actions.loading import load_on
from linli.registry.imports.actions.turns import in_state
from linli.registry.imports.engine.office_files import FilePlan, Row, read_plan, write_file
from linli.registry.imports.models import Batch
from linli.registry.imports.queries.city import data_officer
from linli.registry.people.engine.dice import dice

JOB: Final = system_actor("city.imports")
FILE: Final = Path("demo") / "organisations.yaml"
SAID: Final = (
    "uscc",
    "name",
    "kind",
    "status",
    "representative",
    "address",
    "established_on",
    "licence_until",
    "capital",
    "industry",
    "scope",
    "phone",
)
KINDS: Final = ("enterprise", "individual", "cooperative")
FEWEST: Final = 12
FREE: Final = 700_000_000
"""Serials of credit codes from which on the city's own organisations have none."""


def build_body_files(city: CityContext) -> None:
    """Nothing where no pack plans any, nobody is data officer, or such a file was brought before."""
    plan = read_plan((Path(settings.PACKS_DIR) / pack for pack in settings.PACKS), FILE)
    if plan is None:
        return
    with scoped(JOB):
        officer = None if Batch.objects.filter(subject="bodies").exists() else data_officer()
        street = Region.objects.filter(code=plan.street, valid_to=None).first()
    if officer is None or street is None:
        return
    actor, day = actor_of(officer), min(city.as_of, timezone.localdate())
    for one in plan.files:
        as_of = day - timedelta(days=one.days)
        with scoped(JOB):
            rows = _rows(one, street.path, city.seed)
        if not rows:
            return
        told: dict[str, object] = {"year": as_of.year, "month": as_of.month, "day": as_of.day}
        said = [Row(n, values, as_of) for n, values in enumerate(rows, start=1)]
        file = BytesIO(write_file(one, said, told=told))
        batch = upload(actor, file=file, name=one.name.format(**told), layout=one.layout, as_of=as_of).pk
        while in_state(batch, "checking"):
            check_on(batch)
        order_load(actor, batch_id=batch)
        while in_state(batch, "loading"):
            load_on(batch)
    city.say(f"{len(plan.files)} file about organisations")


def _rows(plan: FilePlan, path: str, seed: int) -> list[dict[str, str]]:
    """What the office says, in an order that is no key's."""
    rng = dice("body files", seed, plan.layout)
    codes = dict(Region.objects.filter(level="community", valid_to=None).values_list("path", "code"))
    bodies: list[Body] = []
    for level in ("street", "county", "city"):  # a small city has few in a street
        top = at_level(path, level)
        inside = Body.objects.filter(region_path__gte=top, region_path__lt=top + PATH_END)
        bodies = list(inside.filter(kind__in=KINDS).exclude(uscc="").order_by("uscc"))
        if len(bodies) >= FEWEST:
            break
    chosen = rng.sample(bodies, min(plan.rows, len(bodies)))
    rows = [{name: text_of(one, name) for name in SAID} | {"region": codes[at_level(one.region_path, "community")]} for one in chosen]
    if len(rows) < FEWEST:
        return []
    rows[0]["capital"] = "3000000"
    rows[1]["status"] = "revoked" if rows[1]["status"] == "active" else rows[1]["status"]
    rows[2]["licence_until"] = "2024-05-31"
    bad = [{**one, "uscc": one["uscc"][:17] + ("1" if one["uscc"][17] != "1" else "2")} for one in rows[3 : 3 + plan.refused]]
    uncoded = inside.filter(uscc="").order_by("own_code")[: plan.namesakes]
    doubtful = [
        {**dict.fromkeys(SAID, ""), "name": one.name, "kind": "individual", "region": codes[at_level(one.region_path, "community")]}
        for one in uncoded
    ]
    fresh = [
        {
            **rows[5],
            "uscc": credit_code("91", "MA", FREE + seed % 1000 * 10 + n),
            "kind": "enterprise",
            "name": f"{rows[5]['name']}{n + 1}",
            "phone": "",
        }
        for n in range(plan.strangers)
    ]
    return [*rows, *bad, *doubtful, *fresh]
