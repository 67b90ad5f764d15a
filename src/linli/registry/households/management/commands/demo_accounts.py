"""`manage.py demo_accounts`: whom to sign in as. Prints nothing outside demo mode."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from linli.foundation.accounts.models import PostHolding
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.registry.households.actions.residents import featured_residents
from linli.registry.households.actions.staff import DEMO_PASSWORD, SHORT

MANDATE = "has given a mandate to the daughter"
BUREAUS = ("county_reviewer", "county_decider", "dept_head")
LINES = ("MZ", "CL")  # civil affairs and the disabled persons' federation
PARTS = {
    "mother": "81 years old, lives alone, " + MANDATE,
    "daughter": "acts for her mother",
    "jobless": "looking for work",
    "disabled": "disability level 2",
    "incomer": "registered elsewhere, lives here with family",
}


class Command(BaseCommand):
    help = "Print the accounts of the demo city."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEMO or settings.TESTING):
            return
        actor = system_actor("demo_accounts")
        with scoped(actor):
            people = featured_residents(actor)
            home = next(iter(people.values())).region_path if people else ""
            rows = self._staff(home)
            rows += [{"door": "portal", "login": str(p.phone), "name": p.name, "what": PARTS[part]} for part, p in people.items()]
        if options["json"]:
            self.stdout.write(json.dumps({"password": DEMO_PASSWORD, "accounts": rows}, ensure_ascii=False))
            return
        self.stdout.write(f"Password of every demo account: {DEMO_PASSWORD}")
        for row in rows:
            self.stdout.write(f"  {row['door']:<7} {row['login']:<28} {row['name']}  {row['what']}")

    def _staff(self, path: str) -> list[dict[str, str]]:
        """One of each role (at the bureaus: of those that decide what the featured residents apply for), nearest to them first."""
        rows = (
            PostHolding.objects.filter(until=None, post__role_code__in=SHORT)
            .select_related("user", "post__unit")
            .order_by("user__username")
        )
        best: dict[tuple[str, str], PostHolding] = {}
        for row in rows:
            role, unit = row.post.role_code, row.post.unit
            key = (role, unit.line if role in BUREAUS else "")
            known = best.get(key)
            if known is None or (path.startswith(unit.region_path) and not path.startswith(known.post.unit.region_path)):
                best[key] = row
        order = [best[role, line] for role in SHORT for line in (LINES if role in BUREAUS else ("",)) if (role, line) in best]
        return [
            {"door": "desk", "login": str(r.user.username), "name": r.user.name, "what": f"{r.post.unit.name} {r.post.title}"}
            for r in order
        ]
