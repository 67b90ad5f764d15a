"""Name, status and head of an organisation as files say them: each change is one more line of its history, and goes with the file that brought it.

Parts of the caller's action, under a job's rights, with the organisation locked. They set the columns and say which; the caller saves them.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from linli.registry.bodies.actions.bodies import write_grams
from linli.registry.bodies.actions.roles import end_roles
from linli.registry.bodies.models import Body, BodyName, BodyRole, BodyStatus, Gram
from linli.registry.bodies.queries import grams_of
from linli.registry.bodies.queries.many import heads_of, people_by_number
from linli.registry.bodies.types import ENDED, HEAD_OF, HEADS, LEGAL


def set_name(body: Body, name: str, day: date, *, back: bool) -> set[str]:
    """Another name; the one it had stays with its dates. ``back``: the former one is its name again, as if the other had never been."""
    present = BodyName.objects.filter(body=body, until=None).first()
    former = _former(BodyName.objects.filter(body=body, name=name), present) if back else None
    if present is not None and former is not None:
        present.delete()
        former.until = None
        former.save(update_fields=["until"])
    else:
        begins = _end(present, day)
        BodyName(body=body, name=name, since=begins, region_path=body.region_path).save(force_insert=True)
    body.name = name
    names = list(BodyName.objects.filter(body=body).values_list("name", flat=True))
    write_grams(body, names)
    Gram.objects.filter(body=body).exclude(gram__in=grams_of(names)).delete()
    return {"name"}


def set_head(body: Body, name: str, day: date, *, back: bool) -> set[str]:
    """Somebody else heads it; who did until now ends on the day. "": nobody says any more who does. One that is no more is only called by the name."""
    body.representative = name
    if body.status in ENDED:
        return {"representative"}
    present = heads_of([body.pk]).get(body.pk)
    former = _former(BodyRole.objects.filter(body=body, name=name, role=present.role), present) if back and present and name else None
    role = present.role if present is not None else HEAD_OF.get(body.kind, LEGAL)
    if present is not None and (former is not None or not name):
        present.delete()
        if former is not None:
            former.until = None
            former.save(update_fields=["until"])
    elif name:
        begins = _end(present, day)
        BodyRole(body=body, name=name, role=role, since=begins, region_path=body.region_path).save(force_insert=True)
    return {"representative"}


def set_link(body: Body, number: str) -> None:
    """Who heads it is the person with this identity number, if her name is the same; "": nobody the register knows."""
    head = heads_of([body.pk]).get(body.pk)
    if head is None:
        return
    person, name = people_by_number([number]).get(number, (None, ""))
    if number and name != head.name:
        return
    head.person_id = person
    head.save(update_fields=["person"])


def set_state(body: Body, status: str, day: date, *, back: bool) -> set[str]:
    """Another status; deregistered, everybody's role ends. ``back``: the change is taken out, and roles that ended with it go on."""
    rows = list(BodyStatus.objects.filter(body=body).order_by("on", "id"))
    if back and len(rows) > 1 and rows[-1].status == body.status and rows[-2].status == status:
        last, before = rows[-1], rows[-2]
        if body.status in ENDED:
            _go_on(body, last.on)
        last.delete()
        body.status, body.status_since = status, before.on
        return {"status", "status_since"}
    on = max(day, rows[-1].on) if rows else day
    BodyStatus(body=body, status=status, on=on, region_path=body.region_path).save(force_insert=True)
    body.status, body.status_since = status, on
    if status in ENDED:
        end_roles(body, on)
    return {"status", "status_since"}


def _go_on(body: Body, ended: date) -> None:
    """Roles that ended with the organisation; of those who headed it only the last one's."""
    for role in BodyRole.objects.filter(body=body, until=ended):
        if role.role not in HEADS or role.name == body.representative:
            role.until = None
            role.save(update_fields=["until"])


def _end(present: BodyName | BodyRole | None, day: date) -> date:
    """End what was until now; the day the next one begins."""
    if present is None:
        return day
    day = max(day, present.since) if present.since else day
    present.until = day
    present.save(update_fields=["until"])
    return day


def _former(rows: QuerySet[Any], present: BodyName | BodyRole | None) -> Any:
    """Of some rows the one that ended when the present one began."""
    if present is None or present.since is None:
        return None
    return rows.filter(until=present.since).order_by("-id").first()
