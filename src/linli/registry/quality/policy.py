"""Numbers and tasks are seen where the people live; comparisons by those whose range holds the region that was compared."""

from __future__ import annotations

from linli.foundation.scope.models import Power, Protection, Region
from linli.foundation.types import Actor
from linli.registry.quality.models import Comparison, Examination, Issue, Result

results = Protection(Result, [Region("region_path"), Power("system")])
issues = Protection(Issue, [Region("region_path"), Power("system")])
examinations = Protection(Examination, [Region("region_path"), Power("system")])
comparisons = Protection(Comparison, [Region("region_path"), Power("system")])


def can_mend(actor: Actor, issue: Issue) -> bool:
    return actor.may("quality.mend") and actor.sees(issue.region_path)
