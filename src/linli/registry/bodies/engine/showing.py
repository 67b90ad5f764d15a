"""How attributes of a body are called and shown."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext, gettext_lazy

from linli.lib.codes import table
from linli.lib.errors import LinliError
from linli.lib.masking import mask_id_number, mask_phone
from linli.registry.bodies.types import CODES, FLAGS

LABELS: Final = {
    "name": gettext_lazy("Name of the organisation"),
    "status": gettext_lazy("Status"),
    "representative": gettext_lazy("Legal representative or head"),
    "representative_id": gettext_lazy("ID number of the legal representative"),
    "kind": gettext_lazy("Kind of organisation"),
    "uscc": gettext_lazy("Unified social credit code"),
    "no_uscc_reason": gettext_lazy("Why it has no credit code"),
    "org_code": gettext_lazy("Organisation code"),
    "registration_no": gettext_lazy("Registration number"),
    "authority": gettext_lazy("Registration authority"),
    "supervisor": gettext_lazy("Office in charge"),
    "address": gettext_lazy("Registered address of the organisation"),
    "industry": gettext_lazy("Industry"),
    "capital": gettext_lazy("Registered capital in yuan"),
    "employees": gettext_lazy("Employees"),
    "established_on": gettext_lazy("Established on"),
    "licence_until": gettext_lazy("Licence valid until"),
    "scope": gettext_lazy("Scope of business"),
    "phone": gettext_lazy("Telephone number"),
    "has_party": gettext_lazy("Has a Party organisation"),
    "has_league": gettext_lazy("Has a Youth League organisation"),
    "has_union": gettext_lazy("Has a trade union"),
    "has_women": gettext_lazy("Has a women's organisation"),
    "hazard": gettext_lazy("Hidden danger"),
    "attention": gettext_lazy("Under special attention"),
}
TONES: Final = {"active": "success", "suspended": "warning", "revoked": "danger", "deregistered": "neutral"}


def word(code_table: str, code: str) -> str:
    """A code in words; one its table does not have as it is."""
    try:
        return str(table(code_table).label(code)) if code else ""
    except (LinliError, KeyError):
        return code


def shown(attribute: str, value: str) -> str:
    """A value as a page shows it: codes in words, the telephone masked, an amount in groups of three."""
    if attribute in FLAGS:
        return gettext("yes") if value else gettext("no")
    if not value:
        return ""
    if attribute in CODES:
        return word(CODES[attribute], value)
    if attribute == "status":
        return word("body_status", value)
    if attribute == "phone":
        return mask_phone(value)
    if attribute == "representative_id":
        return mask_id_number(value)
    if attribute == "capital":
        whole, _, rest = value.partition(".")
        return f"{int(whole):,}" + (f".{rest}" if rest else "")
    return value
