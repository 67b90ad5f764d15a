"""What accounts throws away: codes, challenges and counted tries that can no longer matter, sessions that are over."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings

from linli.foundation.accounts.actions.doors import KEEP_ATTEMPTS, say
from linli.foundation.accounts.models import Attempt, PasskeyChallenge, SignInCode
from linli.foundation.actions.actions import action
from linli.foundation.types import Actor

KEEP_CODES = timedelta(days=2)
"""The pace of a phone is counted over a day; a code itself is good for five minutes."""


@action("system", audit="accounts.old_codes_removed")
def tidy(actor: Actor, *, now: datetime) -> dict[str, int]:
    """Remove what is old; how many of each. Repeating it finds nothing."""
    done = {
        "codes": SignInCode.objects.filter(sent_at__lt=now - KEEP_CODES).delete()[0],
        "challenges": PasskeyChallenge.objects.filter(made_at__lt=now - KEEP_CODES).delete()[0],
        "attempts": Attempt.objects.filter(at__lt=now - KEEP_ATTEMPTS).delete()[0],
    }
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    say(**done)
    return done
