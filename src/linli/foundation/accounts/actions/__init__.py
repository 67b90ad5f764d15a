"""Every write about accounts."""

from linli.foundation.accounts.actions.codes import confirm_holder, request_code, sign_in_with_code, take_over_phone
from linli.foundation.accounts.actions.holdings import begin_absences, end_absence, end_holding, leave, move_tasks, set_absence
from linli.foundation.accounts.actions.identity import change_phone, raise_to_seen, verify_person
from linli.foundation.accounts.actions.mandates import end_mandates_of, grant_mandate, register_mandate, revoke_mandate
from linli.foundation.accounts.actions.passwords import reset_password, set_password, sign_in_with_password, unlock
from linli.foundation.accounts.actions.second_factor import (
    check_second_factor,
    confirm_second_factor,
    remove_second_factor,
    start_second_factor,
)
from linli.foundation.accounts.actions.staff import create_staff, import_staff

__all__ = [
    "begin_absences",
    "change_phone",
    "check_second_factor",
    "confirm_holder",
    "confirm_second_factor",
    "create_staff",
    "end_absence",
    "end_holding",
    "end_mandates_of",
    "grant_mandate",
    "import_staff",
    "leave",
    "move_tasks",
    "raise_to_seen",
    "register_mandate",
    "remove_second_factor",
    "request_code",
    "reset_password",
    "revoke_mandate",
    "set_absence",
    "set_password",
    "sign_in_with_code",
    "sign_in_with_password",
    "start_second_factor",
    "take_over_phone",
    "unlock",
    "verify_person",
]
