"""Uses of the register in a synthetic city: offices apply, heads decide, programs read, one message finds nobody, files are handed over.

Through the very actions of the desk and of the programs' door, so that rows and trail are those of a real day. Bounded: a few pages, whatever the size.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from linli.foundation.access.queries import actor_of
from linli.foundation.actions.engine import CityContext
from linli.foundation.regions.models import Region
from linli.foundation.scope.actions import scoped
from linli.foundation.types import Actor, ActorKind, system_actor
from linli.registry.exchange.actions.giving import give_records
from linli.registry.exchange.actions.handing import build, end_example, fetch_file
from linli.registry.exchange.actions.ordering import order_file, order_from_desk, set_cycle
from linli.registry.exchange.actions.pushing import give_up_example
from linli.registry.exchange.actions.subscriptions import approve, ask, refuse, suspend, withdraw
from linli.registry.exchange.engine.cursors import Place
from linli.registry.exchange.engine.demo import UsePlan, read_plan
from linli.registry.exchange.engine.programs import MAKERS
from linli.registry.exchange.models import Resource, Subscription
from linli.registry.exchange.queries import feed
from linli.registry.exchange.queries.city import holders

JOB: Final = system_actor("city.exchange")
PAGE: Final = 200


def build_uses(city: CityContext) -> None:
    """Nothing where no pack plans uses, nobody decides, or there are uses already."""
    plan = read_plan(Path(settings.PACKS_DIR) / pack for pack in settings.PACKS)
    with scoped(JOB):
        officers, heads = holders("data_officer", limit=1), holders("dept_head", limit=2)
        done = Subscription.objects.exists()
        known = set(Region.objects.filter(code__in=[one.region for one in plan], valid_to=None).values_list("code", flat=True))
        entities = dict(Resource.objects.values_list("entity", "pk"))
    wanted = [one for one in plan if one.region in known and one.entity in entities]
    if done or not officers or len(heads) < 2 or not wanted or not MAKERS.values():
        return
    office = _Office(actor_of(officers[0]), [actor_of(head) for head in heads], entities)
    for one in wanted:
        office.work(one)
    city.say(f"{len(wanted)} uses of the register by other offices")


class _Office:
    """Who applies, who decides, and what the catalogue has."""

    def __init__(self, officer: Actor, heads: Sequence[Actor], entities: dict[str, UUID]) -> None:
        self._officer, self._heads, self._entities = officer, heads, entities

    def work(self, plan: UsePlan) -> None:
        """One use, to the end that is planned for it."""
        account = MAKERS.values()[0](JOB, plan.program)
        row = ask(
            self._officer,
            resource_id=self._entities[plan.entity],
            recipient_id=account,
            office=plan.office,
            purpose=plan.purpose,
            reason=plan.reason,
            legal_basis=plan.legal_basis,
            fields=plan.fields,
            region=plan.region,
            until=timezone.localdate() + timedelta(days=plan.days),
        )
        self._decide(row, plan)
        if plan.end in ("approved", "suspended"):
            self._read(row, account, plan)
        self._files(row, account, plan)
        if plan.end == "suspended":
            suspend(self._officer, subscription_id=row.pk, decision=plan.decision)
        if plan.dead:
            give_up_example(JOB, subscription_id=row.pk)

    def _decide(self, row: Subscription, plan: UsePlan) -> None:
        if plan.end == "refused":
            refuse(self._heads[0], subscription_id=row.pk, decision=plan.decision)
        elif plan.end == "withdrawn":
            withdraw(self._officer, subscription_id=row.pk)
        elif plan.end != "asked":
            for head in self._heads:
                if approve(head, subscription_id=row.pk).state in (plan.end, "approved"):
                    break

    def _read(self, row: Subscription, account: UUID, plan: UsePlan) -> None:
        """The first pages of the register, as the program reads them."""
        reader = Actor(ActorKind.PARTNER, user_id=account, label=plan.program, permissions=frozenset({"exchange.read"}))
        with scoped(JOB):
            use = feed.use_of(Subscription.objects.select_related("resource").get(pk=row.pk))
        after = ""
        for _ in range(plan.reads):
            place = Place.read(after) if after else None
            page = give_records(reader, use=use, read=lambda place=place: feed.records(use, place, limit=PAGE))  # type: ignore[misc]
            after = page.next
            if not after:
                break

    def _files(self, row: Subscription, account: UUID, plan: UsePlan) -> None:
        """Ordered, written and fetched as on a real day; what failed or is over is put so."""
        if plan.regular:
            set_cycle(self._officer, subscription_id=row.pk, form=plan.regular)
        reader = Actor(ActorKind.PARTNER, user_id=account, label=plan.program, permissions=frozenset({"exchange.read"}))
        for number, one in enumerate(plan.files):
            if one.by == "desk":
                made = order_from_desk(self._officer, subscription_id=row.pk, form=one.form)
            else:
                made = order_file(reader, subscription_id=row.pk, form=one.form, purpose=plan.purpose, key=f"city-{number}")
            if one.end == "failed":
                end_example(JOB, file_id=made.pk, failed=True)
                continue
            build(made.pk)
            if one.end == "fetched":
                fetch_file(reader, subscription_id=row.pk, file_id=made.pk, purpose=plan.purpose)[1].close()
            elif one.end == "gone":
                end_example(JOB, file_id=made.pk, failed=False)
