"""What matching registers: being told of people who became one, or two again; its jobs."""

from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from linli.foundation.actions.engine import CITY_BUILDERS, CITY_EXPORTS
from linli.foundation.types import Actor
from linli.registry.matching import tasks  # noqa: F401 - jobs and consumers register themselves
from linli.registry.matching.actions.city import build_pairs, export_pairs
from linli.registry.matching.actions.pairs import forget_merged, part_split
from linli.registry.people.engine.merging import MERGES, SPLITS
from linli.registry.people.engine.panels import LINKS, TIMELINES, Line, PanelRow
from linli.registry.people.queries import mergers_of


def _links(actor: Actor, person_id: UUID) -> list[PanelRow]:
    return (
        [PanelRow(gettext("Twice in the register?"), url=reverse("matching_desk_other", args=[person_id]))]
        if actor.may("people.merge")
        else []
    )


def _mergers(actor: Actor, person_id: UUID) -> list[Line]:
    """What became of rows about her, on the timeline."""
    lines = []
    for merger in mergers_of(actor, person_id):
        url = reverse("matching_desk_merger", args=[merger.pk]) if actor.may("people.merge") else ""
        made = timezone.localtime(merger.made_at).date()
        lines.append(Line(made, gettext("Two rows became one person"), merger.reason, merger.made_by, "users", url))
        if merger.split_at is not None:
            split = timezone.localtime(merger.split_at).date()
            lines.append(Line(split, gettext("Two people again"), merger.split_reason, merger.split_by, "users", url))
    return lines


CITY_BUILDERS.register("pairs", (80, build_pairs))  # after everything that counts people
CITY_EXPORTS.register("pairs", export_pairs)
LINKS.register("matching", _links)
TIMELINES.register("matching", _mergers)
MERGES.register("matching", forget_merged)
SPLITS.register("matching", part_split)
