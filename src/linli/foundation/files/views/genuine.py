"""Is a file as this city signed it? Asked by anybody, at both doors; nothing that is sent is kept, and no row is read for the answer."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.foundation.files.engine.proofs import LARGEST, Verdict, check_digest, check_document
from linli.foundation.files.forms import GenuineForm
from linli.foundation.gate import desk, public
from linli.ui.types import DoorRequest


@never_cache
@require_http_methods(["GET", "POST"])
@public
def genuine(request: DoorRequest) -> HttpResponse:
    """For whoever was handed a report or a file."""
    return _page(request, "files/portal/genuine.html")


@never_cache
@require_http_methods(["GET", "POST"])
@desk()
def genuine_desk(request: DoorRequest) -> HttpResponse:
    """The same inside the workbench."""
    return _page(request, "files/desk/genuine.html")


def _page(request: DoorRequest, template: str) -> HttpResponse:
    form = GenuineForm(request.POST or None, request.FILES or None, auto_id="genuine-%s")
    context: dict[str, Any] = {"form": form, "verdict": None}
    if request.method != "POST":
        return render(request, template, context)
    if form.is_valid():
        said = form.cleaned_data
        context["verdict"], context["sha256"] = _judged(said["file"], said["sha256"], said["signature"])
    return render(request, template, context, status=200 if context["verdict"] else 422)


def _judged(file: UploadedFile[Any] | None, sha256: str, signature: str) -> tuple[Verdict, str]:
    """What the file says of itself comes first; else its digest with the signature beside it. With both a file and a digest, the file counts."""
    if file is None:
        return check_digest(sha256, signature), sha256.strip().lower()
    if (file.size or 0) <= LARGEST:
        told = check_document(file.read())
        if told is not None:
            return told, ""
        file.seek(0)
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    return check_digest(found.hexdigest(), signature), found.hexdigest()
