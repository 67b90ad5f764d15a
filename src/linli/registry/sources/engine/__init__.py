"""Which of several sources' values stands (domain/community.md 15.5). Touches no database."""

from linli.registry.sources.engine.choosing import Choice, Rule, Unsettled, choose
from linli.registry.sources.engine.weighing import Weighed, by_hand, offers_of, source_of, weigh

__all__ = ["Choice", "Rule", "Unsettled", "Weighed", "by_hand", "choose", "offers_of", "source_of", "weigh"]
