"""Performance figures of services manual 2.5 (ratings) and 2.6 (efficiency and the composite score).

Rates keep numerator and denominator, so a higher level adds counts up and never averages percentages (community manual 0.4).
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True, kw_only=True)
class RatingCounts:
    """Ratings of a period: by level, follow-up of the bad ones, and closed cases with a rating. ValueError when a count is negative."""

    very_satisfied: int = 0
    satisfied: int = 0
    basically_satisfied: int = 0
    dissatisfied: int = 0
    very_dissatisfied: int = 0
    named_bad: int = 0
    called_back: int = 0
    upheld_bad: int = 0
    rectified_in_time: int = 0
    rated_cases: int = 0

    def __post_init__(self) -> None:
        _refuse_negative(self)

    @property
    def good(self) -> int:
        """Levels 5, 4 and 3."""
        return self.very_satisfied + self.satisfied + self.basically_satisfied

    @property
    def bad(self) -> int:
        """Levels 2 and 1."""
        return self.dissatisfied + self.very_dissatisfied

    @property
    def valid(self) -> int:
        """All valid ratings; a case that was not rated counts nowhere."""
        return self.good + self.bad


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Counts of a period. Days are working days without suspensions. ValueError when a count is negative."""

    due_to_close: int = 0
    closed: int = 0
    on_time: int = 0
    early: int = 0
    statutory_days: int = 0
    promised_days: int = 0
    used_days: int = 0
    applications: int = 0
    online: int = 0
    done_once: int = 0
    no_visit: int = 0
    immediate: int = 0
    returned: int = 0
    corrected: int = 0
    materials_required: int = 0
    materials_waived: int = 0
    yellow: int = 0
    red: int = 0
    ratings: RatingCounts = field(default_factory=RatingCounts)

    def __post_init__(self) -> None:
        _refuse_negative(self)


@dataclass(frozen=True)
class Rate:
    """A share. `percent` has one decimal, half up, rounded once; None when there is nothing to divide by (shown as a dash)."""

    numerator: int
    denominator: int

    @property
    def fraction(self) -> Fraction | None:
        """The exact share."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None

    @property
    def percent(self) -> Decimal | None:
        """The share in per cent."""
        return None if self.fraction is None else rounded(self.fraction * 100, 1)

    @property
    def average(self) -> Decimal | None:
        """The quotient itself with one decimal, for figures that are days a case, not shares."""
        return None if self.fraction is None else rounded(self.fraction, 1)


@dataclass(frozen=True)
class ScoreWeights:
    """Points of the composite score and deductions a card (demo values; places set their own)."""

    on_time: Decimal = Decimal(40)
    early: Decimal = Decimal(10)
    online: Decimal = Decimal(15)
    satisfaction: Decimal = Decimal(25)
    done_once: Decimal = Decimal(10)
    yellow: Decimal = Decimal("0.5")
    red: Decimal = Decimal(2)


@dataclass(frozen=True)
class ScorePart:
    """One line of the score's explanation: `points` (two decimals) of `weight`; None when there was nothing to measure."""

    name: str
    weight: Decimal
    rate: Rate
    points: Decimal | None


@dataclass(frozen=True)
class Score:
    """The composite score with two decimals (None when nothing could be measured), its parts and the deduction for cards."""

    total: Decimal | None
    parts: tuple[ScorePart, ...]
    deduction: Decimal


def rates(counts: Counts) -> dict[str, Rate]:
    """The efficiency figures by name; all are shares except `average_days`, whose `.average` is read."""
    closed, applications = counts.closed, counts.applications
    return {
        "on_time": Rate(counts.on_time, counts.due_to_close),
        "early": Rate(counts.early, closed),
        "compression": Rate(counts.statutory_days - counts.promised_days, counts.statutory_days),
        "average_days": Rate(counts.used_days, closed),
        "online": Rate(counts.online, applications),
        "done_once": Rate(counts.done_once, closed),
        "no_visit": Rate(counts.no_visit, closed),
        "immediate": Rate(counts.immediate, closed),
        "returned": Rate(counts.returned, applications),
        "corrected": Rate(counts.corrected, applications),
        "materials_waived": Rate(counts.materials_waived, counts.materials_required),
        "bad_rating": Rate(counts.ratings.bad, counts.ratings.valid),
        "cards": Rate(counts.yellow + counts.red, closed),
    }


def rating_rates(ratings: RatingCounts, closed: int) -> dict[str, Rate]:
    """The figures of the good-bad rating system by name; `closed` are the cases closed in the period."""
    return {
        "satisfaction": Rate(ratings.good, ratings.valid),
        "bad_rating": Rate(ratings.bad, ratings.valid),
        "called_back": Rate(ratings.called_back, ratings.named_bad),
        "rectified": Rate(ratings.rectified_in_time, ratings.upheld_bad),
        "volunteered": Rate(ratings.rated_cases, closed),
    }


def score(counts: Counts, weights: ScoreWeights | None = None) -> Score:
    """The composite score: weighted shares minus cards.

    A part with nothing to measure (no rating given, say) is neither praise nor blame: it is left out and the weights of the
    others are scaled up to the same sum.
    """
    weights = weights or ScoreWeights()
    shares = {**rates(counts), **rating_rates(counts.ratings, counts.closed)}
    lines = [
        (name, weight, shares[name])
        for name, weight in (
            ("on_time", weights.on_time),
            ("early", weights.early),
            ("online", weights.online),
            ("satisfaction", weights.satisfaction),
            ("done_once", weights.done_once),
        )
    ]
    deduction = weights.yellow * counts.yellow + weights.red * counts.red
    whole = sum((Fraction(weight) for _, weight, _ in lines), Fraction())
    measured = [(name, Fraction(weight) * rate.fraction) for name, weight, rate in lines if rate.fraction is not None]
    usable = sum((Fraction(weight) for _, weight, rate in lines if rate.fraction is not None), Fraction())
    if not usable:
        return Score(None, tuple(ScorePart(name, weight, rate, None) for name, weight, rate in lines), deduction)
    points = {name: value * whole / usable for name, value in measured}
    parts = tuple(ScorePart(name, weight, rate, rounded(points[name], 2) if name in points else None) for name, weight, rate in lines)
    return Score(rounded(sum(points.values(), Fraction()) - Fraction(deduction), 2), parts, deduction)


def rounded(value: Fraction, places: int) -> Decimal:
    """`value` with `places` decimals, half away from zero, exactly."""
    scaled = abs(value) * 10**places
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return (-1 if value < 0 else 1) * Decimal(units).scaleb(-places)


def _refuse_negative(counts: RatingCounts | Counts) -> None:
    for item in fields(counts):
        value = getattr(counts, item.name)
        if isinstance(value, int) and value < 0:
            raise ValueError(f"{item.name} cannot be negative")
