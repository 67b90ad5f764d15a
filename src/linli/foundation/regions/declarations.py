"""What the regions app registers: its part of a pack, its topics."""

from django.utils.translation import gettext_noop

from linli.foundation.actions.engine import pack_loader
from linli.foundation.regions.actions import export_regions, load_regions
from linli.foundation.regions.actions.orders import ORDER_ENDED
from linli.foundation.regions.engine import CONTENTS, Content
from linli.foundation.regions.queries import open_below
from linli.foundation.topics.engine import declare

pack_loader("regions", lambda folder, actor: load_regions(actor, folder=folder), order=10, export=export_regions)
declare("regions.changed", public=True)
declare(ORDER_ENDED)
CONTENTS.register("regions", Content(60, gettext_noop("Regions below"), open_below))
