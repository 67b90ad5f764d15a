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


_CODES: Final = {  # relation -> code of GB/T 4761 of a man, of a woman
    "head": ("02", "02"),
    "spouse": ("11", "12"),
    "child": ("29", "39"),
    "grandchild": ("41", "42"),
    "parent": ("51", "52"),
    "grandparent": ("61", "62"),
    "sibling": ("79", "79"),
}
OTHER_RELATIVE: Final = "97"


def code_of(relation: str, sex: str) -> str:
    """The code of a relation that `relation_between` found: as exact as is known; "other relative" where nothing follows."""
    man, woman = _CODES.get(relation, (OTHER_RELATIVE, OTHER_RELATIVE))
    return woman if sex == "2" else man


# ---- relations outside a household ----

GUARDIAN: Final = "GU"
"""Beside the codes of GB/T 4761, which knows relatives only: the other one is the guardian."""
COUPLE, DESCENT, BONDS = "couple", "descent", ("couple", "descent", "line", "sibling", "kin", "guardian")
_BOND: Final = {"spouse": COUPLE, "parent": DESCENT, "child": DESCENT, "grandparent": "line", "grandchild": "line", "sibling": "sibling"}
_BACK: Final = {  # what I am to the other one -> what the other one is to me: codes of a man, of a woman
    "spouse": ("11", "12"),
    "parent": ("20", "30"),
    "child": ("51", "52"),
    "grandparent": ("40", "40"),
    "grandchild": ("60", "60"),
    "sibling": ("70", "70"),
}


def bond_of(code: str) -> str:
    """What kind of bond a code stands for, seen from neither side: two people have one of a kind at a time."""
    return "guardian" if code == GUARDIAN else _BOND.get(_kin(code), "kin")


def older_side(code: str) -> int:
    """1: the other one has to be older (a parent); -1: the person herself; 0: nothing is known."""
    return {"parent": 1, "grandparent": 1, "child": -1, "grandchild": -1}.get(_kin(code), 0)


def seen_back(code: str, sex: str) -> str:
    """The code of the person as seen from the other one: ``sex`` is the person's. "" where a sex is needed and not known, or for a ward."""
    if code in (GUARDIAN, "98"):
        return "" if code == GUARDIAN else code
    man, woman = _BACK.get(_kin(code), (OTHER_RELATIVE, OTHER_RELATIVE))
    return man if man == woman or sex == "1" else woman if sex == "2" else ""
