"""Pure parts: units and posts by rule, and what floors above say about a unit."""

from linli.foundation.units.engine.hooks import BURDENS, POST_BURDENS, POST_HOLDERS, ROLE_NAMES, UNIT_MOVERS, Burden
from linli.foundation.units.engine.rules import Place, PostRule, UnitRow, post_rules, units_by_rule

__all__ = [
    "BURDENS",
    "POST_BURDENS",
    "POST_HOLDERS",
    "ROLE_NAMES",
    "UNIT_MOVERS",
    "Burden",
    "Place",
    "PostRule",
    "UnitRow",
    "post_rules",
    "units_by_rule",
]
