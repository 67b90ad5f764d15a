"""Forms of the import pages: their shape only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from linli.ui.engine.refusal import RefusableForm


class UploadForm(RefusableForm):
    layout = forms.ChoiceField(label=gettext_lazy("Whose file it is"))
    file = forms.FileField(
        label=gettext_lazy("The file"),
        help_text=gettext_lazy(
            "Excel, CSV (also from old systems), JSON lines or Parquet. Nothing is written before you have seen what would happen."
        ),
    )
    as_of = forms.DateField(
        label=gettext_lazy("True of which day"),
        help_text=gettext_lazy("For rows that do not say it themselves."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    community = forms.ChoiceField(
        label=gettext_lazy("Community of rows that name none"),
        required=False,
        help_text=gettext_lazy("Only for those the register does not know yet."),
    )

    def __init__(self, *args: Any, layouts: list[tuple[str, str]], communities: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["layout"].choices = [("", gettext("Choose one")), *layouts]  # type: ignore[attr-defined]
        self.fields["community"].choices = [("", gettext("None: such rows are refused")), *communities]  # type: ignore[attr-defined]
        self.fields["as_of"].initial = timezone.localdate()


class LayoutForm(RefusableForm):
    name = forms.CharField(label=gettext_lazy("Name of the layout"), max_length=60)
    code = forms.CharField(
        label=gettext_lazy("Code of the layout"),
        max_length=30,
        help_text=gettext_lazy("Small letters, digits, - and _. With the code of a layout there is, its next version is made."),
    )
    origin = forms.ChoiceField(label=gettext_lazy("Whose word its files are"))
    file = forms.FileField(
        label=gettext_lazy("One of its files"),
        help_text=gettext_lazy("Its headings and values are looked at; nothing of it is loaded, and it is forgotten with the draft."),
    )

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["origin"].choices = [("", gettext("Choose one")), *offered]  # type: ignore[attr-defined]


class LayoutFileForm(RefusableForm):
    file = forms.FileField(
        label=gettext_lazy("File of a layout (YAML)"), help_text=gettext_lazy("As it was written out here, or as it lies in a pack.")
    )


class DecideForm(RefusableForm):
    """``person`` is a candidate's key, or "new"."""

    person = forms.CharField(max_length=40)
    community = forms.ChoiceField(label=gettext_lazy("Community the new person lives in"), required=False)

    def __init__(self, *args: Any, communities: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["community"].choices = [("", gettext("As the row says")), *communities]  # type: ignore[attr-defined]


class DecideBodyForm(DecideForm):
    """``person`` is the key of an organisation, or "new"."""

    community = forms.ChoiceField(label=gettext_lazy("Community the new organisation lies in"), required=False)


class ConnectorForm(RefusableForm):
    """What every connector says; those below add its address."""

    KEPT = ("name", "layout", "community", "every_minutes", "loads", "most_refused", "client_id")

    name = forms.CharField(label=gettext_lazy("Name of the connector"), max_length=60)
    layout = forms.ChoiceField(label=gettext_lazy("Whose data it is"))
    community = forms.ChoiceField(label=gettext_lazy("Community of rows that name none"), required=False)
    loads = forms.BooleanField(label=gettext_lazy("Load by itself what was checked"), required=False)
    most_refused = forms.IntegerField(
        label=gettext_lazy("Load only when no more rows are refused than (per cent)"), min_value=0, max_value=100, initial=1
    )

    def offer(
        self, *, layouts: list[tuple[str, str]], communities: list[tuple[str, str]], programs: list[tuple[str, str]], has_secret: bool
    ) -> None:
        chosen = {
            "layout": [("", gettext("Choose one")), *layouts],
            "community": [("", gettext("None: such rows are refused")), *communities],
        }
        chosen["client_id"] = [("", gettext("Choose one")), *programs]
        for name, choices in chosen.items():
            if name in self.fields:
                self.fields[name].choices = choices  # type: ignore[attr-defined]
        if has_secret and "secret" in self.fields:
            self.fields["secret"].help_text = gettext("Left empty, it stays as it is. It is never shown.")


class _AskedForm(ConnectorForm):
    every_minutes = forms.IntegerField(
        label=gettext_lazy("Ask every so many minutes"),
        min_value=0,
        max_value=44640,
        initial=1440,
        help_text=gettext_lazy("0: only when ordered."),
    )
    secret = forms.CharField(
        label=gettext_lazy("Password or token"), max_length=400, required=False, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )


class PostgresForm(_AskedForm):
    host = forms.CharField(label=gettext_lazy("Host"), max_length=200, help_text=gettext_lazy("Only hosts the operator has allowed."))
    port = forms.IntegerField(label=gettext_lazy("Port"), min_value=1, max_value=65535, initial=5432)
    database = forms.CharField(label=gettext_lazy("Database"), max_length=60)
    user = forms.CharField(label=gettext_lazy("User"), max_length=60, help_text=gettext_lazy("One that may read and nothing else."))
    sslmode = forms.ChoiceField(
        label=gettext_lazy("Encryption"),
        choices=[
            ("verify-full", gettext_lazy("encrypted, certificate checked")),
            ("require", gettext_lazy("encrypted")),
            ("prefer", gettext_lazy("encrypted where the server can")),
        ],
        initial="require",
    )
    table = forms.CharField(label=gettext_lazy("Table or view"), max_length=120, required=False)
    query = forms.CharField(
        label=gettext_lazy("Or a query"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "One SELECT whose columns are called as the layout's headings. It is run in a transaction that can only read."
        ),
    )
    column = forms.CharField(
        label=gettext_lazy("Column that tells what is new"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("A time or number that only grows. Without it everything is asked for each time."),
    )


class HttpForm(_AskedForm):
    url = forms.CharField(
        label=gettext_lazy("Address"), max_length=300, help_text=gettext_lazy("Begins with https; only hosts the operator has allowed.")
    )
    sign = forms.ChoiceField(
        label=gettext_lazy("How we show who we are"),
        choices=[("bearer", gettext_lazy("token in the header")), ("hmac", gettext_lazy("signature (HMAC-SHA256)"))],
    )


class PushForm(ConnectorForm):
    client_id = forms.ChoiceField(
        label=gettext_lazy("Program that sends"),
        help_text=gettext_lazy("Programs are registered by the administrator of accounts; each has a secret of its own."),
    )


CONNECTOR_FORMS: dict[str, type[ConnectorForm]] = {"postgres": PostgresForm, "http": HttpForm, "push": PushForm}
