"""Full-width input (typed with a Chinese input method) made half-width."""

from __future__ import annotations

import re

# U+FF01..U+FF5E are the full-width forms of ASCII U+0021..U+007E; U+3000 is the full-width space.
_TO_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_FULL = re.compile("[\uff01-\uff5e\u3000]")  # looking is several times as fast as translating, and few texts need it


def half_width(text: str) -> str:
    """Full-width ASCII forms and the ideographic space become ASCII; nothing else changes (NFKC would also rewrite rare Hanzi in names)."""
    return text.translate(_TO_HALF) if _FULL.search(text) else text
