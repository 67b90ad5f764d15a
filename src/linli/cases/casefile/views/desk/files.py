"""Files of a case, opened through the case: who sees the case sees its papers, and opening a sensitive one is on the trail."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from linli.cases.casefile.models import Material, Paper
from linli.cases.casefile.queries.cases import get_case
from linli.foundation.gate import desk
from linli.lib.errors import NotFound
from linli.ui.types import DeskRequest


@require_GET
@desk("cases.view")
def case_file(request: DeskRequest, pk: UUID, file: UUID) -> HttpResponse:
    """To the file itself, if it belongs to this case."""
    case = get_case(request.actor, pk)
    if not (Material.objects.filter(case=case, file_id=file).exists() or Paper.objects.filter(case=case, file_id=file).exists()):
        raise NotFound("FILE", gettext_noop("This case has no such file."))
    return HttpResponseRedirect(reverse("files_desk_download", args=[file]))
