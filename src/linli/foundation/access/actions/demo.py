"""What waits on the administrators' desks of a synthetic city: appointments and a role draft (packs: demo/administration.yaml)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from linli.foundation.access.models import Appointment, Role, RoleDraft
from linli.foundation.accounts.models import PostHolding
from linli.foundation.actions.actions import action
from linli.foundation.actions.engine import CityContext, read_yaml
from linli.foundation.types import Actor, system_actor
from linli.foundation.units.models import Post

FILE = Path("demo") / "administration.yaml"


def demo_administration() -> dict[str, Any]:
    """The file of the first pack that has one; {} without."""
    for pack in settings.PACKS:
        path = Path(settings.PACKS_DIR) / pack / FILE
        if path.exists():
            return read_yaml(path)
    return {}


def build_administration(city: CityContext) -> None:
    made = fill_desks(system_actor("city.administration"), city=city)
    city.say(f"{made} requests on the administrators' desks")


@action("admin.accounts", audit="access.demo_requests_made")
def fill_desks(actor: Actor, *, city: CityContext) -> int:
    """The number made; nothing where the two administrators are missing. Repeating it adds nothing."""
    plan = demo_administration()
    system, security = _holder("system_admin"), _holder("security_admin")
    if system is None or security is None or Appointment.objects.exists():
        return 0
    made = 0
    for number, row in enumerate(plan.get("appointments", [])):
        holding = _holder(row["from"], number)
        post = _post_above(holding, row["to"]) if holding else None
        if holding is None or post is None:
            continue
        asked = Appointment(user=holding.user, post=post, since=city.as_of, reason=row["reason"], asked_by=system.user, state=row["state"])
        if row["state"] != "open":
            asked.decided_by, asked.decided_at, asked.remark = security.user, timezone.now(), row.get("remark", "")
        asked.save(force_insert=True)
        made += 1
    for row in plan.get("roles", []):
        if not Role.objects.filter(code=row["code"]).exists():
            values = {key: row[key] for key in ("code", "name", "level", "permissions", "reason")}
            RoleDraft(asked_by=security.user, **values).save(force_insert=True)
            made += 1
    return made


def _holder(role: str, number: int = 0) -> PostHolding | None:
    rows = PostHolding.objects.filter(post__role_code=role, until=None, user__is_active=True).select_related("user", "post__unit")
    found = list(rows.order_by("post__unit__code", "user__username")[number : number + 1])
    return found[0] if found else None


def _post_above(holding: PostHolding, role: str) -> Post | None:
    """A post of a role in an office whose area holds the person's present one."""
    posts = Post.objects.filter(role_code=role, valid_to=None, unit__valid_to=None).select_related("unit").order_by("unit__code", "title")
    return next((post for post in posts if holding.post.unit.region_path.startswith(post.unit.region_path)), None)
