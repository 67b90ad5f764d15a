"""Posts: the system administrator sets them up; whom a post is given to is asked for and granted by two others (access)."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from linli.foundation.actions.actions import action
from linli.foundation.types import Actor
from linli.foundation.units import queries
from linli.foundation.units.engine import POST_BURDENS
from linli.foundation.units.models import Post
from linli.lib.errors import Conflict, Invalid


@action("admin.units", audit="units.post_added")
def add_post(actor: Actor, *, unit_id: UUID, title: str, role_code: str, everything: bool = False) -> Post:
    """A further post. By itself it gives nobody anything. UNIT_UNKNOWN, UNIT_CLOSED, POST_TITLE, POST_ROLE, POST_TWICE."""
    unit, title = queries.get_unit(unit_id, lock=True), " ".join(title.split())
    if unit.valid_to is not None:
        raise Conflict("UNIT_CLOSED", gettext_noop("This unit is closed."), hint=gettext_noop("Choose one that exists."))
    if not 1 <= len(title) <= 60:
        raise Invalid("POST_TITLE", gettext_noop("A post's title has 1 to 60 characters."), field="title")
    if role_code not in queries.role_names():
        raise Invalid("POST_ROLE", gettext_noop("There is no such role."), field="role")
    if Post.objects.filter(unit=unit, title=title, role_code=role_code, valid_to=None).exists():
        raise Invalid(
            "POST_TWICE",
            gettext_noop("The unit has this post already; several people may hold one post."),
            field="title",
            hint=gettext_noop("Appoint a further person to it."),
        )
    post = Post(unit=unit, title=title, role_code=role_code, everything=everything)
    post.save(force_insert=True)
    return post


@action("admin.units", audit="units.post_closed")
def close_post(actor: Actor, *, post_id: UUID) -> Post:
    """The post is not given any more. Refused while somebody holds it or is about to. POST_UNKNOWN, POST_CLOSED and what hangs on it."""
    post = queries.get_post(post_id, lock=True)
    if post.valid_to is not None:
        raise Conflict("POST_CLOSED", gettext_noop("This post is closed already."))
    for source in POST_BURDENS.values():
        burden = source(post.id)
        if burden is not None:
            raise Conflict(burden.code, burden.message, hint=burden.hint, data={"count": burden.count})
    post.valid_to = timezone.localdate()
    post.save(update_fields=["valid_to"])
    return post
