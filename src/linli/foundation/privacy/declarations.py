"""What privacy registers: its jobs, its part of a pack, its own records that end, and the exports of a synthetic city."""

from django.utils.translation import gettext_lazy

from linli.foundation.actions.engine import CITY_BUILDERS, CITY_EXPORTS, pack_loader
from linli.foundation.privacy import tasks  # noqa: F401 - jobs register themselves
from linli.foundation.privacy.actions import retention
from linli.foundation.privacy.actions.city import build_exports, export_exports
from linli.foundation.privacy.actions.city_requests import build_requests, export_requests
from linli.foundation.privacy.actions.rules import load_rules
from linli.foundation.privacy.engine.declared import KEEPINGS
from linli.foundation.privacy.queries import keeping
from linli.foundation.privacy.types import Keeping

CITY_BUILDERS.register("exports", (76, build_exports))  # after the cases: a list of them may be planned
CITY_EXPORTS.register("exports", export_exports)
CITY_BUILDERS.register("data_requests", (77, build_requests))
CITY_EXPORTS.register("data_requests", export_requests)

pack_loader("retention", lambda folder, actor: load_rules(actor, folder=folder), order=54)
KEEPINGS.register(
    "privacy.copies",
    Keeping(
        gettext_lazy("Copies of a resident's own data"),
        gettext_lazy("the last day it can be fetched"),
        gettext_lazy("the content is erased, the request stays"),
        keeping.copies_due,
        retention.clear_copies,
    ),
)
KEEPINGS.register(
    "privacy.requests",
    Keeping(
        gettext_lazy("Requests of residents about their data"),
        gettext_lazy("the answer"),
        gettext_lazy("name and words are erased, the decision stays"),
        keeping.requests_due,
        retention.clear_requests,
    ),
)
KEEPINGS.register(
    "privacy.exports",
    Keeping(
        gettext_lazy("Orders of exported lists, and whose data was in them"),
        gettext_lazy("the order"),
        gettext_lazy("erased; the trail keeps that there was one"),
        keeping.exports_due,
        retention.remove_exports,
    ),
)
