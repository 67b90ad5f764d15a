"""One attribute of one subject: what is said of it by entries and by hand, and what follows for the register. Touches no database.

What a subject's entries say is never noted a second time: whose word a value is follows from them. Only what was entered by hand (at a desk, by a
case) has a provenance of its own; where a file takes its place it becomes an entry without a batch, and stands again when the file is taken back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from linli.registry.sources.engine.choosing import Choice, Rule, choose
from linli.registry.sources.types import COLLECTED, Offer, Origin, Said, Standing


@dataclass(frozen=True, slots=True)
class Weighed:
    """What follows: ``value`` is the new value ("": nobody says anything any more; None: it stays), ``kept`` what gives way and is to be remembered as an
    entry (perhaps that there was no value), ``clue`` what a person has to decide about."""

    value: str | None = None
    kept: Offer | None = None
    clue: Offer | None = None


def offers_of(said: Sequence[Said], attribute: str) -> list[Offer]:
    """Who says what of one attribute."""
    return [
        Offer(one.source, one.values[attribute], one.as_of, one.verified, None, one.entry_id) for one in said if one.values.get(attribute)
    ]


def by_hand(one: Standing, attribute: str, noted: Origin | None, said: Sequence[Said]) -> Offer | None:
    """What stands without an entry behind it: ``noted`` at a desk or by a case, or there from the beginning."""
    value = one.values.get(attribute, "")
    if not value:
        return None
    if noted is not None:
        return Offer(noted.source, value, noted.as_of, noted.verified, noted.locked_until)
    if one.brought or _remembered(said, attribute) is not None:
        return None
    return Offer(COLLECTED, value, one.entered)


def weigh(rule: Rule, one: Standing, attribute: str, noted: Origin | None, said: Sequence[Said], *, on: date) -> Weighed:
    """``noted`` is the provenance of what was entered by hand, if any of its own."""
    value, own = one.values.get(attribute, ""), by_hand(one, attribute, noted, said)
    offers = [*offers_of(said, attribute), *([own] if own else [])]
    before = _remembered(said, attribute)
    if not offers:
        return Weighed("" if value and before == "" else None)
    stands, clue = _taken(choose(rule, offers, on=on), offers, value)
    if stands is None or stands.value == value:
        return Weighed(clue=clue)
    nothing = Offer(COLLECTED, "", one.entered) if not value and before is None else None
    return Weighed(stands.value, own or nothing, clue)


def source_of(rule: Rule, one: Standing, attribute: str, noted: Origin | None, said: Sequence[Said], *, on: date) -> Offer | None:
    """Whose word the value that stands is: the best of those who say it; None when nobody does."""
    value, own = one.values.get(attribute, ""), by_hand(one, attribute, noted, said)
    same = [offer for offer in (*offers_of(said, attribute), *([own] if own else [])) if offer.value == value]
    return max(same, key=lambda offer: (rule.score(offer, on), offer.as_of, offer.source, str(offer.entry_id or "")), default=None)


def _remembered(said: Sequence[Said], attribute: str) -> str | None:
    """What stood before the first file came, where it gave way; "" when nothing did, None when it never gave way."""
    return next((entry.values[attribute] for entry in reversed(said) if entry.batch_id is None and attribute in entry.values), None)


def _taken(choice: Choice, offers: Sequence[Offer], value: str) -> tuple[Offer | None, Offer | None]:
    """The offer that stands, and what a person has to decide about. Undecided, the best of those who say what stood."""
    if choice.stands is None or choice.unsettled is None:
        return choice.stands, None
    same = [offer for offer in offers if offer.value == value]
    if not same:  # nobody says any more what stood, or nothing stood
        return choice.stands, None
    proposed = choice.stands if choice.stands.value != value else choice.differ[0]
    return max(same, key=lambda offer: (offer.entry_id is None, offer.as_of)), proposed
