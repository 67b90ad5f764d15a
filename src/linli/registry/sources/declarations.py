"""What the sources app registers: its part of a pack."""

from linli.foundation.actions.engine import pack_loader
from linli.registry.sources.actions import load_rules, load_sources

pack_loader("sources", lambda folder, actor: load_sources(actor, folder=folder), order=50)
pack_loader("survivorship", lambda folder, actor: load_rules(actor, folder=folder), order=51)
