"""Turns of the data key; exports and whose rows were in them; requests of residents; how long what is kept."""

from linli.foundation.privacy.models.exports import Export, Exported
from linli.foundation.privacy.models.requests import DataRequest
from linli.foundation.privacy.models.rules import Rule, Sweep
from linli.foundation.privacy.models.turns import KeyTurn

__all__ = ["DataRequest", "Export", "Exported", "KeyTurn", "Rule", "Sweep"]
