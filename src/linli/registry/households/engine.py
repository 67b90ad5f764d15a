"""Pure parts of households: what two members of one household are to each other."""

from __future__ import annotations

from typing import Final

_LEFT_OPEN: Final = frozenset({"28", "38", "45", "46", "47", "48", "53", "54", "55", "56", "65", "66", "67", "72", "74", "76", "78"})
"""In-laws and great-grandchildren: inside their group of GB/T 4761 they are something else than the group says."""
_GROUPS: Final = {"1": "spouse", "2": "child", "3": "child", "4": "grandchild", "5": "parent", "6": "grandparent", "7": "sibling"}
_TO: Final[dict[str, dict[str, str]]] = {
    "head": {kin: kin for kin in ("spouse", "child", "grandchild", "parent", "grandparent", "sibling")},
    "spouse": {"head": "spouse", "child": "child", "grandchild": "grandchild"},
    "child": {"head": "parent", "spouse": "parent", "child": "sibling", "parent": "grandparent"},
    "parent": {"head": "child", "parent": "spouse", "child": "grandchild", "sibling": "child"},
    "grandchild": {"head": "grandparent", "spouse": "grandparent"},
    "sibling": {"head": "sibling", "parent": "parent", "sibling": "sibling", "grandparent": "grandparent"},
    "grandparent": {"head": "grandchild", "grandparent": "spouse", "parent": "child"},
}
"""Row: what the person asked about is to the head; column: what the other member is to the head. What does not follow is not in it."""


def relation_between(own: str, other: str) -> str:
    """What a member is to the person asked about, from both codes of GB/T 4761 (relation to the head); "" when it does not follow.

    One of self's spouse, child, parent, grandparent, grandchild, sibling. The head's grandchildren, say, are a child's children or nephews:
    such a relation is asked, never guessed.
    """
    return _TO.get(_kin(own), {}).get(_kin(other), "")


def _kin(code: str) -> str:
    if code == "02":
        return "head"
    return "" if code in _LEFT_OPEN else _GROUPS.get(code[:1], "")
