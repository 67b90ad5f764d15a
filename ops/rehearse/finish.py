"""Complete open cases of the database named by DATABASE_URL with the real actions, each step by somebody of the office it waits for."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

LONGEST = 20
OPEN = ("submitted", "correcting", "accepted", "reviewing", "suspended", "closed")


def main(count: int) -> int:
    import django

    django.setup()
    from linli.cases.casefile.models import Case, Task
    from linli.foundation.scope.actions import scoped
    from linli.foundation.types import system_actor

    reader = system_actor("rehearsal")
    with scoped(reader):
        waiting = Task.objects.filter(state="open").values_list("case_id", flat=True)
        chosen = list(Case.objects.filter(state__in=OPEN, pk__in=waiting).order_by("state", "matter_code", "id"))
    spread = chosen[:: max(1, len(chosen) // count)][:count]
    began, ended = Counter(case.state for case in spread), Counter(_finish(case) for case in spread)
    print(f"{len(spread)} open cases ({_told(began)}) were taken to their end: {_told(ended)}")
    return 0 if spread and set(ended) == {"delivered"} else 1


def _told(states: Counter[str]) -> str:
    return ", ".join(f"{n} {state}" for state, n in sorted(states.items()))


def _finish(case: Any) -> str:
    from linli.cases.casefile import actions
    from linli.cases.casefile.models import Case, Task
    from linli.foundation.scope.actions import scoped
    from linli.foundation.types import Actor, ActorKind, system_actor

    with scoped(system_actor("rehearsal")):
        case.refresh_from_db()
    if case.state == "correcting":
        applicant = Actor(
            ActorKind.CITIZEN,
            user_id=case.created_by or case.id,
            party_id=case.party_id,
            permissions=frozenset({"cases.answer"}),
            assurance=1,
        )
        actions.answer_correction(applicant, case_id=case.id, answers={})
    for _ in range(LONGEST):
        with scoped(system_actor("rehearsal")):
            case.refresh_from_db()
            task = Task.objects.filter(case=case, state="open").order_by("opened_at", "id").first()
        if task is None:
            break
        if case.state == "suspended" and task.kind != "publicity":
            actions.resume_case(_somebody(task, 0), case_id=case.id)
        else:
            _step(case, task)
    with scoped(system_actor("rehearsal")):
        return str(Case.objects.values_list("state", flat=True).get(pk=case.pk))


def _step(case: Any, task: Any) -> None:
    from linli.cases.casefile import actions
    from linli.cases.casefile.models import Material, Task
    from linli.cases.casefile.queries.cases import definition_for
    from linli.foundation.scope.actions import scoped
    from linli.foundation.types import system_actor

    with scoped(system_actor("rehearsal")):
        spec = definition_for(case).process.steps[task.step_id]
        missing = list(Material.objects.filter(case=case, state="missing").values_list("key", flat=True))
        if task.kind == "publicity":  # the rehearsal does not wait until the notice has hung its days
            Task.objects.filter(pk=task.pk).update(opened_at=task.opened_at - timedelta(days=30))
    if task.kind == "accept" and case.state == "submitted":
        actions.accept_case(_somebody(task, 0), case_id=case.id, promises=dict.fromkeys(missing, "shown"))
        return
    for n in range(spec.people if spec.people > 1 else 0):
        actions.sign_task(_somebody(task, n), task_id=task.id)
    unit = task.unit_id if task.kind == "dispatch" else None
    words = "looked into and settled" if task.kind == "reply" else ""
    actions.complete_task(_somebody(task, 0), task_id=task.id, outcome=(spec.outcomes or ("done",))[0], opinion=words, unit_id=unit)


def _somebody(task: Any, turn: int) -> Any:
    """A colleague of the task's office with the rights of all business roles; not one who has worked on the case before."""
    from linli.foundation.access.queries import roles
    from linli.foundation.types import Actor, ActorKind, Level, RegionRange
    from linli.foundation.units.models import Unit
    from linli.lib.uuid7 import uuid7

    unit = Unit.objects.get(pk=task.unit_id)
    permissions = frozenset(p for role in roles().values() if role.business for p in role.permissions)
    user: UUID = task.assignee_id if task.assignee_id and not turn else uuid7()
    ranges = (RegionRange.below(unit.region_path, level=Level.SENSITIVE),)
    return Actor(ActorKind.STAFF, user_id=user, label="rehearsal", ranges=ranges, unit_ids=(unit.id,), permissions=permissions)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10)
    sys.exit(main(parser.parse_args().count))
