"""Pure parts of accounts: hooks that higher floors fill, one-time passwords, reading a staff list."""

from linli.foundation.accounts.engine.hooks import APPOINTERS, CODE_SENDERS, NOTIFIERS, PAPERS, PEOPLE, ROLES, TASK_MOVERS, VERIFIERS
from linli.foundation.accounts.engine.onetime import matching_step, new_recovery_codes, new_secret, provisioning_uri
from linli.foundation.accounts.engine.passkeys import (
    BadPasskeyError,
    KnownPasskey,
    Site,
    credential_named,
    invitation,
    question,
    read_new,
    read_signed,
    site_of,
    went_back,
)
from linli.foundation.accounts.engine.staffsheet import read_staff

__all__ = [
    "APPOINTERS",
    "CODE_SENDERS",
    "NOTIFIERS",
    "PAPERS",
    "PEOPLE",
    "ROLES",
    "TASK_MOVERS",
    "VERIFIERS",
    "BadPasskeyError",
    "KnownPasskey",
    "Site",
    "credential_named",
    "invitation",
    "matching_step",
    "new_recovery_codes",
    "new_secret",
    "provisioning_uri",
    "question",
    "read_new",
    "read_signed",
    "read_staff",
    "site_of",
    "went_back",
]
