"""What sync registers: its answers to phones end."""

from django.utils.translation import gettext_lazy

from linli.foundation.privacy.engine.declared import KEEPINGS
from linli.foundation.privacy.types import Keeping
from linli.foundation.sync import actions, queries

KEEPINGS.register(
    "sync.answers",
    Keeping(
        gettext_lazy("Answers to what phones sent"),
        gettext_lazy("the day it was received"),
        gettext_lazy("the words are erased, the key stays"),
        queries.answers_due,
        actions.clear_answers,
    ),
)
