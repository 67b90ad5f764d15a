"""Every write about accounts."""

from linli.foundation.accounts.actions.codes import confirm_holder, request_code, sign_in_with_code, take_over_phone
from linli.foundation.accounts.actions.holdings import begin_absences, end_absence, end_holding, leave, move_tasks, set_absence
from linli.foundation.accounts.actions.identity import change_phone, raise_to_seen, verify_person
from linli.foundation.accounts.actions.mandate_papers import end_mandate, register_guardian, register_representative
from linli.foundation.accounts.actions.mandates import carry_mandates, end_mandates_of, grant_mandate, register_mandate, revoke_mandate
from linli.foundation.accounts.actions.passkey_doors import ask_for_passkey, check_passkey_factor, sign_in_with_passkey
from linli.foundation.accounts.actions.passkeys import add_passkey, invite_passkey, remove_passkey
from linli.foundation.accounts.actions.passwords import reset_password, set_password, sign_in_with_password, unlock
from linli.foundation.accounts.actions.second_factor import (
    check_second_factor,
    confirm_second_factor,
    remove_second_factor,
    start_second_factor,
)
from linli.foundation.accounts.actions.staff import create_staff, import_staff

__all__ = [
    "add_passkey",
    "ask_for_passkey",
    "begin_absences",
    "carry_mandates",
    "change_phone",
    "check_passkey_factor",
    "check_second_factor",
    "confirm_holder",
    "confirm_second_factor",
    "create_staff",
    "end_absence",
    "end_holding",
    "end_mandate",
    "end_mandates_of",
    "grant_mandate",
    "import_staff",
    "invite_passkey",
    "leave",
    "move_tasks",
    "raise_to_seen",
    "register_guardian",
    "register_mandate",
    "register_representative",
    "remove_passkey",
    "remove_second_factor",
    "request_code",
    "reset_password",
    "revoke_mandate",
    "set_absence",
    "set_password",
    "sign_in_with_code",
    "sign_in_with_passkey",
    "sign_in_with_password",
    "start_second_factor",
    "take_over_phone",
    "unlock",
    "verify_person",
]
