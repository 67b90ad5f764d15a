"""How attributes of a person are called and shown: in words, numbers masked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.translation import gettext_lazy

from linli.lib.codes import table
from linli.lib.errors import LinliError
from linli.lib.masking import mask_address, mask_bank_card, mask_id_number, mask_phone
from linli.registry.people.types import CODES

Mask = Callable[[str], str]
NUMBERS: Final[Mapping[str, Mask]] = {"id_number": mask_id_number, "phone": mask_phone, "bank_account": mask_bank_card}
"""Masked wherever somebody does not say what for he wants them in full."""
MASKS: Final[Mapping[str, Mask]] = {**NUMBERS, "live_address": mask_address, "hukou_address": mask_address}
LABELS = {
    "name": gettext_lazy("Full name"),
    "sex": gettext_lazy("Sex"),
    "birth_date": gettext_lazy("Birth date"),
    "id_number": gettext_lazy("ID number"),
    "phone": gettext_lazy("Telephone number"),
    "bank_account": gettext_lazy("Bank account"),
    "bank_name": gettext_lazy("Bank"),
    "ethnicity": gettext_lazy("Ethnicity"),
    "marital": gettext_lazy("Marital status"),
    "education": gettext_lazy("Education"),
    "politics": gettext_lazy("Political affiliation"),
    "live_address": gettext_lazy("Address"),
    "hukou_address": gettext_lazy("Registered address"),
    "residence_status": gettext_lazy("Residence status"),
    "employment": gettext_lazy("Employment"),
    "disability": gettext_lazy("Disability"),
    "assistance": gettext_lazy("Assistance"),
    "lives_here_since": gettext_lazy("Lives here since"),
}

LOOKS = {
    "people.person_opened": gettext_lazy("Your file was opened"),
    "people.id_number_revealed": gettext_lazy("Your identity number was shown in full"),
    "people.phone_revealed": gettext_lazy("Your telephone number was shown in full"),
    "people.bank_account_revealed": gettext_lazy("Your bank account was shown in full"),
    "privacy.export_fetched": gettext_lazy("You were in a list that was written out"),
    "exchange.records_given": gettext_lazy("Your data was given to this office"),
}
"""What happened, as the person it is about reads it (`types.Look.what`)."""

EVENTS = {
    "birth": gettext_lazy("Born"),
    "death": gettext_lazy("Died"),
    "marriage": gettext_lazy("Married"),
    "divorce": gettext_lazy("Divorced"),
    "move_in": gettext_lazy("Moved in from elsewhere"),
    "move_out": gettext_lazy("Moved out of the city"),
    "move": gettext_lazy("Moved within the city"),
    "household": gettext_lazy("Household founded"),
    "split": gettext_lazy("Left a household for one of their own"),
    "join": gettext_lazy("Joined a household"),
}
REMINDERS = {
    "id_number_missing": gettext_lazy("Ask for the identity number of the newborn"),
    "head_missing": gettext_lazy("Name the new head of the household"),
}
"""What is to be done about somebody (`models.Reminder`)."""
KINDS = {
    "registered": gettext_lazy("Registered here"),
    "resident": gettext_lazy("Resident for six months or longer"),
    "floating": gettext_lazy("Floating population"),
    "foreign": gettext_lazy("From abroad, Hong Kong, Macao or Taiwan"),
    "away": gettext_lazy("Registered here, lives elsewhere"),
}
"""Kinds of residents (services.md 1.5): they follow from registration, document and time, so nobody enters them."""


def shown(attribute: str, value: str, masks: Mapping[str, Mask] = MASKS) -> str:
    """A value as a page shows it: masked, codes in words (a code its table does not have as it is)."""
    if not value:
        return ""
    if attribute in masks:
        return masks[attribute](value)
    if attribute in CODES:
        try:
            return str(table(CODES[attribute]).label(value))
        except (LinliError, KeyError):
            return value
    return value
