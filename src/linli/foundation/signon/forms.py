"""The form for a new system."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from linli.foundation.signon.types import Audience
from linli.ui.engine.refusal import RefusableForm

AUDIENCES = [(Audience.STAFF, gettext_lazy("Staff")), (Audience.RESIDENTS, gettext_lazy("Residents"))]
SCOPE_WORDS = {
    "openid": gettext_lazy("a name of the account that only this system knows it by"),
    "profile": gettext_lazy("full name (of staff also the user name)"),
    "unit": gettext_lazy("unit and post (staff only)"),
}


class SystemForm(RefusableForm):
    name = forms.CharField(label=gettext_lazy("Name of the system"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    audience = forms.ChoiceField(
        label=gettext_lazy("Who signs in there"), choices=AUDIENCES, widget=forms.RadioSelect, initial=Audience.STAFF
    )
    redirect_uris = forms.CharField(
        label=gettext_lazy("Addresses people come back to"),
        max_length=3_100,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=gettext_lazy("One a line, whole and letter by letter, beginning with https://."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What the system learns"),
        choices=[(scope, words) for scope, words in SCOPE_WORDS.items() if scope != "openid"],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Never a telephone or an ID number. Give as little as it needs."),
    )
