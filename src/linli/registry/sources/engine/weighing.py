"""One attribute of one subject: what is said of it by entries and by hand, and what follows for the register. Touches no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from linli.registry.sources.engine.choosing import Choice, Rule, choose
from linli.registry.sources.types import COLLECTED, Offer, Origin, Said, Standing


@dataclass(frozen=True, slots=True)
class Weighed:
    """What follows: ``value`` is the new value ("": nobody says anything any more; None: it stays), ``stands`` the offer whose provenance is to be noted,
    ``kept`` what was entered by hand and gives way, ``clue`` what a person has to decide about, ``gone`` that the provenance goes."""

    value: str | None = None
    stands: Offer | None = None
    kept: Offer | None = None
    clue: Offer | None = None
    gone: bool = False


def offers_of(said: Sequence[Said], attribute: str) -> list[Offer]:
    """Who says what of one attribute."""
    return [
        Offer(one.source, one.values[attribute], one.as_of, one.verified, None, one.entry_id) for one in said if one.values.get(attribute)
    ]


def weigh(rule: Rule, one: Standing, attribute: str, origin: Origin | None, said: Sequence[Said], *, on: date) -> Weighed:
    """``origin`` is the provenance of the value that stands; None where it came with the entry that brought the subject, or was there from the beginning."""
    value, offers = one.values.get(attribute, ""), offers_of(said, attribute)
    by_hand = None if origin is None and one.brought else _by_hand(one, origin, value)
    if by_hand is not None:
        offers.append(by_hand)
    if not offers:
        gone = origin is not None and origin.entry_id is not None
        return Weighed("" if value and gone else None, gone=gone)
    stands, clue = _taken(choose(rule, offers, on=on), offers, value)
    if stands is None:
        return Weighed(clue=clue)
    news = stands.value if stands.value != value else None
    noted = (
        stands.entry_id == origin.entry_id if origin is not None else stands.entry_id in {entry.entry_id for entry in said if entry.brought}
    )
    if stands is by_hand or (noted and (origin is not None or news is None)):
        return Weighed(news, clue=clue)
    return Weighed(news, stands, by_hand, clue)


def _by_hand(one: Standing, origin: Origin | None, value: str) -> Offer | None:
    """What stands without an entry behind it: entered at a desk, decided by a case, or there from the beginning."""
    if not value or (origin is not None and origin.entry_id is not None):
        return None
    if origin is None:
        return Offer(COLLECTED, value, one.entered)
    return Offer(origin.source, value, origin.as_of, origin.verified, origin.locked_until)


def _taken(choice: Choice, offers: Sequence[Offer], value: str) -> tuple[Offer | None, Offer | None]:
    """The offer that stands, and what a person has to decide about. Undecided, the best of those who say what stood."""
    if choice.stands is None or choice.unsettled is None:
        return choice.stands, None
    same = [offer for offer in offers if offer.value == value]
    if not same:  # nobody says any more what stood, or nothing stood
        return choice.stands, None
    proposed = choice.stands if choice.stands.value != value else choice.differ[0]
    return max(same, key=lambda offer: (offer.entry_id is None, offer.as_of)), proposed
