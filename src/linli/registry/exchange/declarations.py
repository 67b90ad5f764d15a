"""What exchange registers: its part of a pack, its doors, how its files are known again, merged people, telling a person who was given her data."""

from django.utils.translation import gettext_lazy

from linli.foundation.access.engine.partners import API_ROUTERS
from linli.foundation.actions.engine import CITY_BUILDERS, CITY_EXPORTS, pack_loader
from linli.foundation.files.engine import KEEPERS
from linli.foundation.files.engine.proofs import PROOFS
from linli.foundation.privacy.engine.declared import KEEPINGS
from linli.foundation.privacy.types import Keeping
from linli.registry.exchange import tasks  # noqa: F401 - jobs register themselves
from linli.registry.exchange.actions.catalogue import load_catalogue
from linli.registry.exchange.actions.city import build_uses
from linli.registry.exchange.actions.ending import remove_deliveries, remove_given
from linli.registry.exchange.actions.noting import note_merge, note_split
from linli.registry.exchange.engine.manifest import FILE_PROOF
from linli.registry.exchange.queries.city import export_files, export_uses
from linli.registry.exchange.queries.ending import deliveries_due, given_due
from linli.registry.exchange.queries.files import kept
from linli.registry.exchange.queries.given import given_to
from linli.registry.exchange.views import files_api  # noqa: F401 - adds its addresses to the router
from linli.registry.exchange.views.api import router
from linli.registry.people.engine.lookers import LOOKERS
from linli.registry.people.engine.merging import MERGES, SPLITS

pack_loader("exchange", lambda folder, actor: load_catalogue(actor, folder=folder), order=55)
MERGES.register("exchange", note_merge)
SPLITS.register("exchange", note_split)
API_ROUTERS.register("exchange", router)
LOOKERS.register("exchange", given_to)
CITY_BUILDERS.register("exchange", (48, build_uses))  # after imports, whose changes are told
CITY_EXPORTS.register("exchange", export_uses)
CITY_EXPORTS.register("exchange_files", export_files)
PROOFS.register("exchange", FILE_PROOF)
KEEPERS.register("exchange", kept)
KEEPINGS.register(
    "exchange.given",
    Keeping(
        gettext_lazy("Whose data was given to which office on which day"),
        gettext_lazy("that day"),
        gettext_lazy("erased; the trail keeps the use"),
        given_due,
        remove_given,
    ),
)
KEEPINGS.register(
    "exchange.deliveries",
    Keeping(
        gettext_lazy("Messages to programs of other offices"),
        gettext_lazy("the day it was made"),
        gettext_lazy("erased; they held keys only"),
        deliveries_due,
        remove_deliveries,
    ),
)
