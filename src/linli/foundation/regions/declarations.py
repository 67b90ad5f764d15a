"""What the regions app registers: its part of a pack, its topic."""

from linli.foundation.actions.engine import pack_loader
from linli.foundation.regions.actions import export_regions, load_regions
from linli.foundation.topics.engine import declare

pack_loader("regions", lambda folder, actor: load_regions(actor, folder=folder), order=10, export=export_regions)
declare("regions.changed", public=True)
