"""Guardians registered at the counters of a synthetic city: parents of a few minors of its first communities, each with a paper."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from linli.foundation.access.actions.demo import demo_administration
from linli.foundation.accounts.models import Mandate
from linli.foundation.actions.actions import action
from linli.foundation.actions.engine import CityContext
from linli.foundation.files.actions import store
from linli.foundation.types import Actor, Level, system_actor
from linli.lib.idcard import birthday_in
from linli.registry.households.models import Membership

HEAD, CHILDREN = "02", "23"  # a head; sons 2x and daughters 3x of the head (GB/T 4761)
A_COMMUNITY, LOOKED_AT = 2, 400
PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R>>endobj
4 0 obj<</Length 58>>stream
BT /F 24 Tf 72 720 Td (Specimen: household register) Tj ET
endstream
endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""


def build_guardians(city: CityContext) -> None:
    plan = demo_administration().get("guardians", {})
    made = register_parents(system_actor("city.guardians"), city=city, plan=plan) if plan else 0
    city.say(f"{made} guardians")


@action("mandates.register", audit="accounts.demo_guardians_made")
def register_parents(actor: Actor, *, city: CityContext, plan: dict[str, Any]) -> int:
    """Heads of households as guardians of their minor children, at most two a community. Repeating it adds nothing."""
    if Mandate.objects.filter(kind="guardian").exists():
        return 0
    born = city.as_of - timedelta(days=17 * 365)
    rows = Membership.objects.filter(relation__regex=f"^[{CHILDREN}]", person__birth_date__gt=born, until=None)
    made: Counter[str] = Counter()
    for member in rows.select_related("person", "household").order_by("region_path", "household__number", "person__birth_date")[:LOOKED_AT]:
        if sum(made.values()) >= int(plan["limit"]) or made[member.region_path[:20]] >= A_COMMUNITY:
            continue
        head = Membership.objects.filter(household=member.household, relation=HEAD, until=None).select_related("person").first()
        if (
            member.person.birth_date is None
            or head is None
            or head.person.birth_date is None
            or head.person.birth_date > city.as_of - timedelta(days=18 * 366)
        ):
            continue
        _register(actor, member, head, str(plan["minor"]), city, member.person.birth_date)
        made[member.region_path[:20]] += 1
    return sum(made.values())


def _register(actor: Actor, ward: Membership, head: Membership, paper: str, city: CityContext, born: date) -> None:
    child, parent = ward.person, head.person
    file = store(actor, upload=BytesIO(PDF), name="register.pdf", party_id=child.id, region_path=child.region_path, level=Level.SENSITIVE)
    Mandate(
        grantor_id=child.id,
        grantor_name=child.name,
        grantee_id=parent.id,
        grantee_name=parent.name,
        region_path=child.region_path,
        kind="guardian",
        ground="minor",
        document=f"{paper} {ward.household.number}",
        since=city.as_of - timedelta(days=30),
        until=birthday_in(born, born.year + 18) - timedelta(days=1),
        evidence_file=file.id,
    ).save(force_insert=True)
