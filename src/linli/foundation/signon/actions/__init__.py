"""Writes of single sign-on: systems, and the dance of codes and tokens."""

from linli.foundation.signon.actions.dance import DOOR, issue_code, look_at_request, redeem_code, tidy
from linli.foundation.signon.actions.systems import NewSystem, create_system, disable_system, renew_secret

__all__ = [
    "DOOR",
    "NewSystem",
    "create_system",
    "disable_system",
    "issue_code",
    "look_at_request",
    "redeem_code",
    "renew_secret",
    "tidy",
]
