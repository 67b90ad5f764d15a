"""How a refusal of an action comes back to who pressed the button: beside its field, with what to do next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext

from linli.lib.errors import LinliError, NotFound


def words_of(error: LinliError) -> str:
    """What is wrong and what to do next, in the reader's language."""
    return " ".join(part for part in (error.text(gettext), error.next_step(gettext)) if part)


class RefusableForm(forms.Form):
    """A form that checks shape only: rules are in the action, whose refusal it shows."""

    use_required_attribute = False

    def refuse(self, error: LinliError) -> None:
        """Put the message beside the field it belongs to, or on top."""
        self.add_error(error.field if error.field in self.fields else None, words_of(error))


def attempt(form: RefusableForm, run: Callable[[dict[str, Any]], object]) -> int:
    """Take the step of a form that was sent: 0 when it was taken, else the status of the page that shows why not (422, 403, 409 ...).

    `NotFound` is raised on: who may not see the thing gets no page about it.
    """
    if not form.is_valid():
        return 422
    try:
        run(form.cleaned_data)
    except NotFound:
        raise
    except LinliError as error:
        form.refuse(error)
        return error.status
    return 0
