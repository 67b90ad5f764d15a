"""What may be done with a pair: the weights decide, inside limits that no weight can move."""

from __future__ import annotations

from linli.registry.matching.types import Band, Objection, Rules, Score

NEAR_NAMES = frozenset({"equal", "reordered", "homophone", "alike", "shortened", "typo"})
"""Ways in which one name gets written."""
SAME_NAMES = frozenset({"equal", "reordered", "homophone", "alike"})
NEAR_BIRTHS = frozenset({"equal", "transposed", "one_digit"})
SAME_HOMES = frozenset({"same_home"})


def objection(score: Score) -> Objection:
    """The first rule outside the weights that keeps the pair from being linked silently."""
    name, number = score.level("name"), score.level("id_number")
    if number == "conflict":
        return Objection.TWO_NUMBERS
    if number == "equal":
        if _two_people(score, name):
            return Objection.SHARED_NUMBER
        return Objection.NONE if name else Objection.TOO_LITTLE
    if name and name not in NEAR_NAMES:
        return Objection.OTHER_NAME
    return Objection.NONE if name and _more_than_a_name(score, name) else Objection.TOO_LITTLE


def _more_than_a_name(score: Score, name: str) -> bool:
    """A date of birth, a telephone, or for the very same name a home."""
    near_birth, same_phone = score.level("birth") in NEAR_BIRTHS, score.level("phone") == "equal"
    return near_birth or same_phone or (name == "equal" and score.level("birth") == "" and score.level("address") in SAME_HOMES)


def _two_people(score: Score, name: str) -> bool:
    """Whether the rest contradicts one ID number. A day that differs within the year is often the same one by the lunar calendar."""
    birth, sex = score.level("birth"), score.level("sex")
    if name and name not in NEAR_NAMES:
        return True
    return birth == "different" or (name != "equal" and (birth == "same_year" or sex == "different"))


def band(score: Score, rules: Rules) -> Band:
    """AUTO: link; REVIEW: ask a person; REJECT: two people as far as anybody can tell."""
    against = objection(score)
    if against is Objection.SHARED_NUMBER:
        return Band.REVIEW
    if against is Objection.TWO_NUMBERS:
        return Band.REVIEW if score.weight >= rules.review and _one_with_two_numbers(score) else Band.REJECT
    if score.weight >= rules.auto and against is Objection.NONE:
        return Band.AUTO
    if score.level("id_number") == "equal":
        return Band.REVIEW
    if score.weight < rules.review or (against is Objection.OTHER_NAME and not _perhaps_renamed(score)):
        return Band.REJECT
    return Band.REVIEW


def _perhaps_renamed(score: Score) -> bool:
    """Families share telephone, home and surname: of another name only one character may differ, and the rest of the person must agree."""
    number = score.level("id_number") == "one_digit"
    return number or (score.level("name") == "one_character" and score.level("birth") in NEAR_BIRTHS)


def _one_with_two_numbers(score: Score) -> bool:
    """Registered twice, as far as the rest goes; twins have other names, namesakes live elsewhere."""
    same_person = score.level("name") in SAME_NAMES and score.level("birth") == "equal"
    return same_person and (score.level("phone") == "equal" or score.level("address") in SAME_HOMES)
