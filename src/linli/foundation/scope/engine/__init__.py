"""Pure parts of the scope: the current actor, PostgreSQL settings, keys."""

from linli.foundation.scope.engine.gathering import Gathered, Given
from linli.foundation.scope.engine.keys import blind_index, keyring
from linli.foundation.scope.engine.scope import (
    KEPT,
    MAX_RANGES,
    PLANS,
    OutOfScopeError,
    Scope,
    current,
    current_actor,
    gathered_now,
    setting,
    settings_of,
)

__all__ = [
    "KEPT",
    "MAX_RANGES",
    "PLANS",
    "Gathered",
    "Given",
    "OutOfScopeError",
    "Scope",
    "blind_index",
    "current",
    "current_actor",
    "gathered_now",
    "keyring",
    "setting",
    "settings_of",
]
