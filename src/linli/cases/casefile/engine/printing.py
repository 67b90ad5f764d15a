"""The QR code that leads from a paper to its verification page. Papers themselves are printed by `catalogue.engine.papers`."""

from __future__ import annotations

import io

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(text: str) -> SafeString:
    """A QR code as inline SVG."""
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", xmldecl=False, svgns=True, scale=3, border=1, nl=False)
    return mark_safe(out.getvalue().decode())  # noqa: S308 - made by segno from our own address
