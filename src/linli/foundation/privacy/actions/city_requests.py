"""Requests of residents in a synthetic city: a few, in each state, through the very actions of the portal and the desk."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from django.conf import settings

from linli.foundation.accounts.models import PostHolding, User
from linli.foundation.actions.engine import CityContext
from linli.foundation.privacy.actions.answering import grant, refuse
from linli.foundation.privacy.actions.filing import file_request, withdraw
from linli.foundation.privacy.engine.demo import RequestPlan, read_requests
from linli.foundation.privacy.models import DataRequest
from linli.foundation.regions.engine import actor_of
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, system_actor

JOB: Final = system_actor("city.requests")
OFFICER: Final = "data_officer"


def build_requests(city: CityContext) -> None:
    """Nothing where no pack plans requests, nobody answers them, or somebody has asked already."""
    plans = read_requests(Path(settings.PACKS_DIR) / pack for pack in settings.PACKS)
    with scoped(JOB):
        if not plans or DataRequest.objects.exists():
            return
        held = PostHolding.objects.filter(post__role_code=OFFICER, until=None, user__is_active=True)
        officer = held.order_by("post__unit__code", "user__username").values_list("user_id", flat=True).first()
        rows = User.objects.filter(kind="citizen", is_active=True, assurance__gte=1, person_id__isnull=False)
        residents = list(rows.order_by("name", "phone_index").values_list("pk", flat=True)[: len(plans)])
    if officer is None:
        return
    for plan, account in zip(plans, residents, strict=False):
        _ask(plan, actor_of(account), actor_of(officer))
    city.say(f"{min(len(plans), len(residents))} residents asked about their data")


def _ask(plan: RequestPlan, resident: Actor, officer: Actor) -> None:
    one = file_request(resident, kind=plan.kind, attribute=plan.attribute, value=plan.value, scope=plan.scope, text=plan.text)
    if plan.end == "done":
        grant(officer, request_id=one.pk)
    elif plan.end == "refused":
        refuse(officer, request_id=one.pk, reason=plan.reason)
    elif plan.end == "withdrawn":
        withdraw(resident, request_id=one.pk)


def export_requests() -> Iterator[str]:
    """Without numbers, days and copies."""
    with scoped(JOB):
        rows: Sequence[DataRequest] = list(DataRequest.objects.all())
    for row in rows:
        told = [row.kind, row.name, row.attribute, row.value, row.scope, row.text, row.state, row.reason, row.outcome]
        yield json.dumps(["data request", *told], ensure_ascii=False)
