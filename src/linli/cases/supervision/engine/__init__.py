"""Pure supervision: the deadline of a budget with its suspensions, the rules R01-R14, and performance figures."""

from linli.cases.supervision.engine.clock import Deadline, incident_suspension_refusal
from linli.cases.supervision.engine.events import bulk_signals, signals
from linli.cases.supervision.engine.performance import Counts, Rate, RatingCounts, Score, ScoreWeights, rates, rating_rates, score
from linli.cases.supervision.engine.publicity import publicity_due
from linli.cases.supervision.engine.rungs import DeemedAcceptance, deemed_acceptance, fired, reply_due, rungs

__all__ = [
    "Counts",
    "Deadline",
    "DeemedAcceptance",
    "Rate",
    "RatingCounts",
    "Score",
    "ScoreWeights",
    "bulk_signals",
    "deemed_acceptance",
    "fired",
    "incident_suspension_refusal",
    "publicity_due",
    "rates",
    "rating_rates",
    "reply_due",
    "rungs",
    "score",
    "signals",
]
