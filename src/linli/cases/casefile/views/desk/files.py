"""Files of a case, opened through the case: who sees the case sees its papers, and opening a sensitive one is on the trail."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.cases.casefile.queries.cases import get_case, get_paper
from linli.cases.casefile.tasks import print_now
from linli.foundation.files.queries import files_of
from linli.foundation.gate import desk
from linli.lib.errors import NotFound, Unavailable
from linli.ui.types import DeskRequest


@never_cache
@require_GET
@desk("cases.view")
def paper(request: DeskRequest, pk: UUID, paper: UUID) -> HttpResponse:
    """A paper of the case as PDF, printed now if no job has come to it yet."""
    try:
        file_id = print_now(get_paper(request.actor, pk, paper, public_only=False))
    except Unavailable as error:
        messages.warning(request, " ".join(part for part in (error.text(gettext), error.next_step(gettext)) if part))
        return HttpResponseRedirect(reverse("case_desk_subject", args=[pk]))
    return HttpResponseRedirect(reverse("files_desk_download", args=[file_id]))


@require_GET
@desk("cases.view")
def case_file(request: DeskRequest, pk: UUID, file: UUID) -> HttpResponse:
    """To the file itself, if it belongs to this case."""
    case = get_case(request.actor, pk)
    if not any(one.id == file for one in files_of(request.actor, case_id=case.pk)):
        raise NotFound("FILE", gettext_noop("This case has no such file."))
    return HttpResponseRedirect(reverse("files_desk_download", args=[file]))
