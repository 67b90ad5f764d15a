"""What the units app registers: its part of a pack."""

from linli.foundation.actions.engine import pack_loader
from linli.foundation.units.actions import export_units, load_units

pack_loader("units", lambda folder, actor: load_units(actor, folder=folder), order=20, export=export_units)
