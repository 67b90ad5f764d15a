"""Finding organisations: by credit code, telephone, who heads them, or any part of a name they have or had."""

from __future__ import annotations

import re
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from linli.foundation.types import PATH_END, Actor
from linli.lib.names import bigrams, normalise_name
from linli.lib.width import half_width
from linli.registry.bodies import policy
from linli.registry.bodies.models import Body, BodyName, Gram
from linli.registry.bodies.queries.bodies import phone_index, visible_bodies

LIMIT: Final = 50
MOST_GRAMS: Final = 4
_CODE = re.compile(r"[0-9A-Z]{18}")
_DIGITS = re.compile(r"\+?[0-9-]{7,20}")
_LAST = chr(0x10FFFF)  # sorts after every character a name may hold, under COLLATE "C"


def find(actor: Actor, text: str, *, path: str | None = None) -> list[Body]:
    """What is asked for, in the order of names; at most `LIMIT`. A text of one character finds nothing: it would find everything."""
    text = half_width(text).strip()
    code = text.upper()
    rows = visible_bodies(actor)
    if path:
        rows = rows.filter(region_path__gte=path, region_path__lt=path + PATH_END)
    if _CODE.fullmatch(code):
        return list(rows.filter(Q(uscc=code) | Q(own_code=code)).order_by("name", "id")[:LIMIT])
    if _DIGITS.fullmatch(text):
        index = phone_index(text)
        return list(rows.filter(phone_index=index).order_by("name", "id")[:LIMIT]) if index else []
    if len(text) < 2:
        return []
    found = {body.pk: body for body in [*_by_name(actor, rows, text), *_by_head(rows, text)]}
    return sorted(found.values(), key=lambda body: (body.name, str(body.pk)))[:LIMIT]


def _by_name(actor: Actor, rows: QuerySet[Body], text: str) -> list[Body]:
    """Names that hold the text: by pairs of characters first, compared whole at the end."""
    pairs = bigrams(text)[:MOST_GRAMS]
    for pair in pairs:
        rows = rows.filter(Exists(Gram.objects.filter(policy.grams.visible(actor), gram=pair, body=OuterRef("pk"))))
    named = BodyName.objects.filter(policy.names.visible(actor), body=OuterRef("pk"), name__icontains=text)
    return list(rows.filter(Exists(named)).order_by("name", "id")[:LIMIT]) if pairs else []


def _by_head(rows: QuerySet[Body], text: str) -> list[Body]:
    """A range, because LIKE is not leakproof: behind a policy PostgreSQL would not use the index for it."""
    name = normalise_name(text)
    return list(rows.filter(representative__gte=name, representative__lt=name + _LAST).order_by("name", "id")[:LIMIT])


def in_community(actor: Actor, path: str, *, kind: str = "", status: str = "") -> QuerySet[Body]:
    """Bodies below a region in the order of their names, perhaps of one kind or status only."""
    rows = visible_bodies(actor).filter(region_path__gte=path, region_path__lt=path + PATH_END)
    rows = rows.filter(kind=kind) if kind else rows
    return (rows.filter(status=status) if status else rows).order_by("kind", "name", "id")
