"""Who works in a synthetic city: one account for every post nobody holds. Signs in with the demo password in demo mode only."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from linli.foundation.accounts.models import PostHolding, User, UserKind
from linli.foundation.actions.actions import action
from linli.foundation.actions.engine import CityContext
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.engine import blind_index
from linli.foundation.types import Actor, system_actor
from linli.foundation.units.models import Post
from linli.lib.uuid7 import uuid7
from linli.registry.households.actions.city import population_data
from linli.registry.people.engine.dice import dice
from linli.registry.people.engine.namebook import NameBook
from linli.registry.people.engine.numbers import mobile

DEMO_PASSWORD = "Linli@2026"  # noqa: S105  (printed by demo_accounts; set in demo mode only)
SHORT = {
    "community_clerk": "clerk",
    "grid_worker": "grid",
    "street_reviewer": "reviewer",
    "street_head": "head",
    "county_reviewer": "reviewer",
    "county_decider": "decider",
    "city_supervisor": "supervisor",
    "data_officer": "data",
    "call_centre": "callback",
    "dept_head": "head",
    "system_admin": "sysadmin",
    "security_admin": "secadmin",
    "audit_admin": "auditor",
}


def demo_password() -> str:
    """The hash every demo account gets (one, because hashing is slow on purpose); an unusable one outside demo and tests."""
    return make_password(DEMO_PASSWORD if settings.DEMO or settings.TESTING else None)


def build_staff(city: CityContext) -> None:
    """Fill the posts; user names are the unit's code and the task (`360502001001-jw-clerk1`)."""
    made = fill_posts(system_actor("city.staff"), seed=city.seed, city=city)
    city.say(f"{made:,} members of staff")


@action("admin.accounts", audit="accounts.demo_staff_made")
def fill_posts(actor: Actor, *, seed: int, city: CityContext) -> int:
    """Accounts and holdings for all free posts, in bulk; the number made."""
    names, _ = population_data()
    book, password, since = NameBook(names), demo_password(), city.as_of.replace(month=1, day=1)
    held = set(PostHolding.objects.filter(until=None).values_list("post_id", flat=True))
    taken = set(User.objects.exclude(username=None).values_list("username", flat=True))
    users, holdings = [], []
    for post in Post.objects.filter(valid_to=None).select_related("unit").order_by("unit__code", "role_code", "title"):
        if post.id in held:
            continue
        base = f"{post.unit.code}-{SHORT.get(post.role_code, post.role_code)}".lower()
        username = next(name for name in (f"{base}{n}" for n in range(1, 1000)) if name not in taken)
        taken.add(username)
        rng = dice("staff", seed, username)
        sex = "1" if rng.random() < 0.45 else "2"
        name, _, _ = book.draw(rng, book.surname(rng), sex, city.as_of.year - 24 - int(rng.random() * 34))
        phone = mobile(rng)
        user = User(
            id=uuid7(),
            username=username,
            name=name,
            kind=UserKind.STAFF,
            password=password,
            phone=phone,
            phone_index=blind_index(phone, "phone"),
            assurance=2,
            password_changed_at=timezone.now(),
        )
        users.append(user)
        holdings.append(PostHolding(user=user, post=post, since=since))
    User.objects.bulk_create(users, batch_size=1000)
    PostHolding.objects.bulk_create(holdings, batch_size=1000)
    return len(users)


def export_staff() -> Iterator[str]:
    """Accounts and the posts they hold."""
    with scoped(system_actor("city.checksum")):
        rows = PostHolding.objects.values_list(
            "user__username", "user__name", "post__unit__code", "post__title", "post__role_code", "since"
        )
        for row in rows:
            yield "\t".join(map(str, row))
