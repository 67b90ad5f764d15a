"""What somebody leaves in the inbox: back to the office, or on to a colleague of it (accounts asks, when somebody leaves or is away)."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.cases.casefile.actions.running import call_in, tell
from linli.cases.casefile.models import Case, Task
from linli.cases.casefile.queries.people import staff_of
from linli.foundation.accounts.models import User
from linli.foundation.scope.actions import scoped
from linli.foundation.topics.actions import emit
from linli.foundation.types import Actor, system_actor
from linli.foundation.units.engine import Burden
from linli.foundation.units.queries import get_unit

MOVER = system_actor("casefile.handover")
WAITING = ("open", "paused")


def hand_over_tasks(actor: Actor, from_user: UUID, to_user: UUID | None) -> int:
    """Give every claimed open task of ``from_user`` to ``to_user`` where that one works in the task's office, else back to the office.

    Part of the caller's action. Runs with a job's rights: an administrator of accounts sees no case. Returns how many tasks moved.
    """
    now = timezone.now()
    with scoped(MOVER):
        successor = User.objects.filter(pk=to_user, is_active=True).first() if to_user else None
        tasks = list(Task.objects.select_for_update(of=("self",)).filter(assignee_id=from_user, state="open").select_related("case"))
        offices = staff_of({task.unit_id for task in tasks if task.unit_id})
        for task in tasks:
            fits = successor is not None and (task.unit_id is None or successor.pk in offices.get(task.unit_id, ()))
            task.assignee_id, task.assignee_name = (successor.pk, successor.name) if successor and fits else (None, "")
            task.save(update_fields=["assignee_id", "assignee_name"])
            case: Case = task.case
            to = task.assignee_name or task.unit_name
            tell(case, actor, "handed_over", gettext_noop("%(step)s: handed over to %(to)s"), now=now, public=False, step=task.name, to=to)
            emit("cases.case_moved", region_path=case.region_path, case_id=case.id)
    return len(tasks)


def hand_over_office(actor: Actor, from_unit: UUID, to_unit: UUID) -> int:
    """Give every open task of an office to another one, unclaimed (units asks, before an office is closed). Returns how many tasks moved."""
    now, to = timezone.now(), get_unit(to_unit)
    with scoped(MOVER):
        tasks = list(Task.objects.select_for_update(of=("self",)).filter(unit_id=from_unit, state__in=WAITING).select_related("case"))
        for task in tasks:
            task.unit_id, task.unit_name, task.assignee_id, task.assignee_name = to.id, to.name, None, ""
            task.save(update_fields=["unit_id", "unit_name", "assignee_id", "assignee_name"])
            case: Case = task.case
            if to.line and to.line != case.line:
                call_in(case, to)
            tell(
                case,
                actor,
                "handed_over",
                gettext_noop("%(step)s: handed over to %(to)s"),
                now=now,
                public=False,
                step=task.name,
                to=to.name,
            )
            emit("cases.case_moved", region_path=case.region_path, case_id=case.id)
    return len(tasks)


def tasks_waiting(unit_id: UUID) -> Burden | None:
    """Tasks that would wait for nobody if the office were closed."""
    with scoped(MOVER):
        count = Task.objects.filter(unit_id=unit_id, state__in=WAITING).count()
    if not count:
        return None
    return Burden(
        "UNIT_HAS_TASKS",
        count,
        gettext_noop("Open tasks that wait in it: %(count)s."),
        gettext_noop("Give them to the unit that takes over its work, below."),
    )
