"""What quality registers: its part of a pack, its line on a person's page, what becomes of problems when people become one or move."""

from __future__ import annotations

from linli.foundation.actions.engine import CITY_BUILDERS, CITY_EXPORTS, pack_loader
from linli.foundation.files.engine.proofs import PROOFS
from linli.registry.people.actions.following import Column, following
from linli.registry.people.engine.merging import FOLLOWERS
from linli.registry.people.engine.panels import PANELS
from linli.registry.people.engine.ties import MOVES
from linli.registry.quality import tasks  # noqa: F401 - jobs register themselves
from linli.registry.quality.actions.city import build_quality, export_quality
from linli.registry.quality.actions.rules import load_rules
from linli.registry.quality.actions.running import carry_issues
from linli.registry.quality.models import Issue
from linli.registry.quality.queries.comparing import REPORT
from linli.registry.quality.queries.issues import person_panel

pack_loader("quality", lambda folder, actor: load_rules(actor, folder=folder), order=53)
FOLLOWERS.register("quality", following(Column(Issue, "subject_id", "region_path")))
MOVES.register("quality", carry_issues)
PANELS.register("quality", person_panel)
PROOFS.register("comparison", REPORT)
CITY_BUILDERS.register("quality", (49, build_quality))
CITY_EXPORTS.register("quality", export_quality)
