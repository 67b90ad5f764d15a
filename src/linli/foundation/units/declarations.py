"""What the units app registers: its part of a pack, and how many units lie in a region."""

from django.utils.translation import gettext_noop

from linli.foundation.actions.engine import pack_loader
from linli.foundation.regions.engine import CONTENTS, Content
from linli.foundation.units.actions import export_units, load_units
from linli.foundation.units.queries import open_within

pack_loader("units", lambda folder, actor: load_units(actor, folder=folder), order=20, export=export_units)
CONTENTS.register("units", Content(40, gettext_noop("Units at work"), open_within))
