"""My messages, for residents and staff alike: the door's shell is chosen by address."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.foundation.messages import actions, queries
from linli.ui.types import DoorRequest

PAGE = 20


@never_cache
@require_GET
def inbox(request: DoorRequest) -> HttpResponse:
    """Messages written to me, newest first."""
    page = Paginator(queries.inbox_of(request.actor), PAGE).get_page(request.GET.get("page"))
    return render(request, "notices/portal/inbox.html", {"page": page, "unread": queries.unread_count(request.actor)})


@require_POST
def open_message(request: DoorRequest, pk: UUID) -> HttpResponse:
    """Mark as read and go to what it is about."""
    message = actions.mark_read(request.actor, message_id=pk)
    goal = message.link if url_has_allowed_host_and_scheme(message.link, allowed_hosts=None) else ""
    return HttpResponseRedirect(goal or request.path.split(str(pk))[0])
