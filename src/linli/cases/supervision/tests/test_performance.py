"""Performance figures: the printed score, rounding, empty denominators."""

from decimal import Decimal
from fractions import Fraction

import pytest

from linli.cases.supervision.engine import Counts, Rate, RatingCounts, ScoreWeights, rates, rating_rates, score
from linli.cases.supervision.engine.performance import rounded

PRINTED = Counts(
    due_to_close=100,
    closed=100,
    on_time=96,
    early=61,
    applications=100,
    online=55,
    done_once=80,
    yellow=2,
    red=1,
    ratings=RatingCounts(very_satisfied=30, satisfied=10, basically_satisfied=8, dissatisfied=1, very_dissatisfied=1, rated_cases=50),
)


def test_printed_example_scores_exactly_81_75() -> None:
    result = score(PRINTED)
    assert result.total == Decimal("81.75")
    assert [str(part.points) for part in result.parts] == ["38.40", "6.10", "8.25", "24.00", "8.00"]
    assert result.deduction == Decimal("3.0")


def test_printed_rates() -> None:
    assert rates(PRINTED)["on_time"].percent == Decimal("96.0")
    assert rating_rates(PRINTED.ratings, 100)["satisfaction"].percent == Decimal("96.0")
    assert rating_rates(PRINTED.ratings, 100)["volunteered"].percent == Decimal("50.0")
    assert rates(PRINTED)["cards"].percent == Decimal("3.0")


def test_nothing_to_divide_by_is_none_not_zero() -> None:
    assert {rate.percent for rate in rates(Counts()).values()} == {None}
    assert {rate.percent for rate in rating_rates(RatingCounts(), 0).values()} == {None}
    assert Rate(0, 0).average is None
    assert score(Counts()).total is None


def test_half_is_rounded_up() -> None:
    assert Rate(1, 8).percent == Decimal("12.5")
    assert Rate(1, 2000).percent == Decimal("0.1")  # 0.05
    assert Rate(249, 2000).percent == Decimal("12.5")  # 12.45
    assert Rate(2, 3).percent == Decimal("66.7")
    assert rounded(Fraction(-1, 20), 1) == Decimal("-0.1")


def test_all_figures_from_their_counts() -> None:
    counts = Counts(
        closed=40,
        used_days=130,
        statutory_days=800,
        promised_days=300,
        applications=50,
        no_visit=20,
        immediate=10,
        returned=3,
        corrected=4,
        materials_required=120,
        materials_waived=30,
        ratings=RatingCounts(satisfied=9, dissatisfied=1, named_bad=1, called_back=1, upheld_bad=2, rectified_in_time=1),
    )
    shown = {name: rate.percent for name, rate in rates(counts).items()}
    assert shown["compression"] == Decimal("62.5")
    assert rates(counts)["average_days"].average == Decimal("3.3")  # 3.25
    assert (shown["no_visit"], shown["immediate"], shown["returned"], shown["corrected"]) == tuple(map(Decimal, (50, 25, 6, 8)))
    assert (shown["materials_waived"], shown["bad_rating"]) == (Decimal(25), Decimal(10))
    followed = rating_rates(counts.ratings, 40)
    assert (followed["called_back"].percent, followed["rectified"].percent) == (Decimal(100), Decimal(50))


def test_months_without_ratings_are_neither_praised_nor_blamed() -> None:
    perfect = Counts(due_to_close=10, closed=10, on_time=10, early=10, applications=10, online=10, done_once=10)
    result = score(perfect)
    assert result.total == 100
    assert {part.name: part.points for part in result.parts}["satisfaction"] is None


def test_weights_are_parameters() -> None:
    assert score(PRINTED, ScoreWeights(yellow=Decimal(1), red=Decimal(5))).total == Decimal("77.75")


def test_negative_counts_are_refused() -> None:
    for make in (lambda: Counts(closed=-1), lambda: RatingCounts(satisfied=-1)):
        with pytest.raises(ValueError, match="cannot be negative"):
            make()
