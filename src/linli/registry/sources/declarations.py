"""What the sources app registers: its part of a pack, and what ends of its rows."""

from django.utils.translation import gettext_lazy

from linli.foundation.actions.engine import pack_loader
from linli.foundation.privacy.engine.declared import KEEPINGS
from linli.foundation.privacy.types import Keeping
from linli.registry.sources.actions import clear_withdrawn, load_rules, load_sources
from linli.registry.sources.queries import withdrawn_due

pack_loader("sources", lambda folder, actor: load_sources(actor, folder=folder), order=50)
pack_loader("survivorship", lambda folder, actor: load_rules(actor, folder=folder), order=51)
KEEPINGS.register(
    "sources.withdrawn",
    Keeping(
        gettext_lazy("Rows of files that were taken back"),
        gettext_lazy("the day they were written"),
        gettext_lazy("what they said is erased"),
        withdrawn_due,
        clear_withdrawn,
    ),
)
