"""The form by which somebody finds out whether a file is as this city signed it: its shape only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, gettext_lazy

from linli.ui.engine.refusal import RefusableForm

_EXACT = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
MEGABYTE = 1024 * 1024


class GenuineForm(RefusableForm):
    """A file or its SHA-256; and the signature, unless the file carries it itself."""

    file = forms.FileField(
        label=gettext_lazy("The file"),
        required=False,
        help_text=gettext_lazy("A signed report, the signed description of a data file, or the data file itself. It is not kept."),
    )
    sha256 = forms.CharField(
        label=gettext_lazy("Or its SHA-256"),
        max_length=80,
        required=False,
        help_text=gettext_lazy(
            "64 characters, for a file that is large or that you do not want to send: sha256sum, or certutil -hashfile."
        ),
        widget=forms.TextInput(attrs=_EXACT),
    )
    signature = forms.CharField(
        label=gettext_lazy("Signature"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("43 characters. A report and a description carry their own: then leave it empty."),
        widget=forms.TextInput(attrs=_EXACT),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        file: UploadedFile[Any] | None = said.get("file")
        if file is None and not said.get("sha256"):
            self.add_error("file", gettext("Choose a file, or enter its SHA-256."))
        if file is not None and (file.size or 0) > settings.UPLOAD_MAX_BYTES:
            most = {"max": settings.UPLOAD_MAX_BYTES // MEGABYTE}
            self.add_error("file", gettext("Files of up to %(max)s MB can be sent; of a larger one enter the SHA-256.") % most)
        if file is None and said.get("sha256") and not said.get("signature"):
            self.add_error("signature", gettext("Enter the signature that came with the file."))
        return said
