"""Pure parts of accounts: hooks that higher floors fill, one-time passwords, reading a staff list."""

from linli.foundation.accounts.engine.hooks import CODE_SENDERS, NOTIFIERS, PEOPLE, ROLES, TASK_MOVERS, VERIFIERS
from linli.foundation.accounts.engine.onetime import matching_step, new_recovery_codes, new_secret, provisioning_uri
from linli.foundation.accounts.engine.staffsheet import read_staff

__all__ = [
    "CODE_SENDERS",
    "NOTIFIERS",
    "PEOPLE",
    "ROLES",
    "TASK_MOVERS",
    "VERIFIERS",
    "matching_step",
    "new_recovery_codes",
    "new_secret",
    "provisioning_uri",
    "read_staff",
]
