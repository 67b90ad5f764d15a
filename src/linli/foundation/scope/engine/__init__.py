"""Pure parts of the scope: the current actor, PostgreSQL settings, keys."""

from linli.foundation.scope.engine.gathering import Gathered, Given
from linli.foundation.scope.engine.keys import RESEALERS, blind_index, keyring, read_keys_again, unseal
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
    "RESEALERS",
    "Gathered",
    "Given",
    "OutOfScopeError",
    "Scope",
    "blind_index",
    "current",
    "current_actor",
    "gathered_now",
    "keyring",
    "read_keys_again",
    "setting",
    "settings_of",
    "unseal",
]
