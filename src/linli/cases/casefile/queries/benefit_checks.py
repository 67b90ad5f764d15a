"""What the register says against a benefit at the moment of its decision (rule R14, services.md 2.6)."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from linli.cases.casefile.models import Case
from linli.cases.casefile.queries.cases import definition_for
from linli.cases.casefile.queries.people import died_on
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.registry.sources.models import Fact


def benefit_checks(case: Case, today: date) -> dict[str, bool]:
    """Whether the beneficiary is recorded as dead, or receives the same benefit from another case; nothing for matters that pay nobody.

    To be asked before the case's own effects are written. A benefit that ends before today is no duplicate: it is applied for anew.
    """
    spec = definition_for(case).spec
    if case.party_id is None or spec.item_type != "05":
        return {}
    names = [name for effect in spec.effects if effect.kind == "benefit" for name in (effect.target, effect.target.removeprefix("person."))]
    with scoped(system_actor("casefile.benefit_checks")):
        in_force = Q(effective_to=None) | Q(effective_to__gte=today)
        paid = (
            Fact.objects.filter(in_force, subject_id=case.party_id, attribute__in=names).exclude(case_id=case.pk).exists()
            if names
            else False
        )
    return {"beneficiary_dead": died_on(case.party_id) is not None, "duplicate_benefit": paid}
