"""What is said about a delivered file and signed: which records, of which moment, for whom, and the SHA-256 of its bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy

from linli.foundation.files.engine.proofs import Line, Proof

PART: Final = "manifest"


def _lines(document: Mapping[str, Any]) -> list[Line]:
    said = {name: str(document.get(name, "")) for name in ("resource_name", "office", "region_name", "rows", "written_at", "sha256")}
    return [
        (gettext_lazy("Resource"), said["resource_name"]),
        (gettext_lazy("Handed to"), said["office"]),
        (gettext_lazy("Region"), said["region_name"]),
        (gettext_lazy("Records"), said["rows"]),
        (gettext_lazy("Written at"), said["written_at"]),
        (gettext_lazy("SHA-256 the file must have"), said["sha256"]),
    ]


FILE_PROOF: Final = Proof(
    title=gettext_lazy("Data file of a subscription"),
    part=PART,
    purpose="exchange.file",
    digest_purpose="exchange.file.sha256",
    lines=_lines,
)
