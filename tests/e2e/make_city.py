"""Run by `living_city.py`: packs, people, staff and cases into the database of the environment; prints the cast as one JSON line."""

from __future__ import annotations

import io
import json
import sys
from typing import Any

import django

OTHERS = {
    "caller": "call_centre",
    "head": "dept_head",
    "officer": "data_officer",
    "sysadmin": "system_admin",
    "secadmin": "security_admin",
    "auditor": "audit_admin",
}
"""Parts that nobody plays in the tour, by the role of the post."""


def main(people: int, cases: int, seed: int) -> dict[str, Any]:
    django.setup()
    from django.core.management import call_command

    said = io.StringIO()
    call_command("packs", "load", stdout=said)
    call_command("city", people=people, cases=cases, seed=seed, workers=1, stdout=said)
    from linli.registry.households.actions.staff import DEMO_PASSWORD

    return {"password": DEMO_PASSWORD, "cast": cast()}


def cast() -> dict[str, Any]:
    """The people of `./linli tour`, and a few more who get in their way."""
    from django.utils import timezone

    from linli.channels.desk.management.commands.tour import Tour
    from linli.foundation.accounts.models import Mandate, PostHolding, User
    from linli.foundation.scope.actions import scoped
    from linli.foundation.types import system_actor
    from linli.registry.households.actions.residents import featured_residents
    from linli.registry.people.models import Person

    tour = Tour("", lambda step, detail, ms: None)
    with scoped(system_actor("e2e.cast")):
        holding = PostHolding.objects.filter(until=None).select_related("user", "post__unit")
        reviewer = holding.filter(user__username=tour.reviewer).first()
        assert reviewer is not None
        colleague = holding.filter(post__role_code="street_reviewer").exclude(post__unit=reviewer.post.unit)
        colleague = colleague.order_by("user__username").first()
        assert colleague is not None
        region = tour.mother.region_path
        clerks = holding.filter(post__role_code="community_clerk", post__unit__level="community").exclude(
            post__unit__region_path__startswith=region[:-3]
        )
        other = clerks.order_by("-user__username").first()
        assert other is not None
        mandate = Mandate.objects.filter(grantor_id=tour.mother.pk, revoked_at=None).order_by("since", "id").first()
        daughter = User.objects.get(person_id=mandate.grantee_id if mandate else None, kind="citizen")
        others = featured_residents(system_actor("e2e.cast"))
        # a reviewer who stands in for the one next door, and a decider who helps out as reviewer (who may not decide what he reviewed)
        lent = [colleague.user, holding.filter(user__username=tour.decider)[0].user]
        PostHolding.objects.bulk_create([PostHolding(user=user, post=reviewer.post, since=timezone.localdate()) for user in lent])
        return {
            "mother": somebody(tour.mother),
            "daughter": somebody(Person.objects.get(pk=daughter.person_id)) | {"phone": str(daughter.phone)},
            "visitor": somebody(others["jobless"]),
            "bystander": somebody(others["disabled"]),
            "applicant": somebody(applicant()),
            "clerk": tour.clerk,
            "other_clerk": str(other.user.username),
            "reviewer": tour.reviewer,
            "colleague": str(colleague.user.username),
            "decider": tour.decider,
            "supervisor": tour.supervisor,
            **walkers(region),
            **{
                part: str(holding.filter(post__role_code=role).order_by("user__username")[0].user.username) for part, role in OTHERS.items()
            },
        }


def walkers(path: str) -> dict[str, str]:
    """The grid worker of the community the tour follows, and one of another who has visits today as well."""
    from linli.foundation.regions.queries import at_level
    from linli.registry.collection.models import Visit

    due = Visit.objects.filter(state="due").exclude(worker=None).select_related("worker").order_by("due_on", "id")
    here = at_level(path, "community")
    mine = due.filter(region_path__startswith=here).first()
    other = due.exclude(region_path__startswith=here).first()
    assert mine is not None and mine.worker is not None and other is not None and other.worker is not None
    return {"walker": str(mine.worker.username), "other_walker": str(other.worker.username)}


def applicant() -> Any:
    """Somebody with an account whose case of the last weeks was stamped, and who plays no other part."""
    from linli.foundation.accounts.models import User
    from linli.foundation.messages.models import Message
    from linli.registry.people.models import Person

    ordinary = User.objects.filter(kind="citizen", assurance=1).exclude(person_id=None)
    told = Message.objects.filter(channel="inapp", key__startswith="cases.").order_by("-created_at", "id")
    told = told.filter(user_id__in=ordinary.values("pk"))
    return Person.objects.get(pk=ordinary.get(pk=told[0].user_id).person_id)


def somebody(person: Any) -> dict[str, str]:
    return {"id": str(person.pk), "name": person.name, "id_number": str(person.id_number), "phone": str(person.phone or "")}


if __name__ == "__main__":
    print(json.dumps(main(*(int(word) for word in sys.argv[1:4])), ensure_ascii=False))
