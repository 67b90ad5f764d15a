"""`./linli bench spine`: the figures of "The house, and one matter from door to door"."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bench import city, inbox, intake, persons, portal, sweep
from bench.measure import BenchError, Report
from bench.people import Doorkeeper, doorkeeper
from bench.settings_check import check_durable

Part = Callable[[Report, Doorkeeper], None]
PARTS: dict[str, tuple[Part, tuple[str, ...]]] = {
    "city": (city.run, ("people_per_s", "cases_per_s")),
    "inbox": (
        inbox.run,
        (
            "inbox_clerk_p95_ms",
            "inbox_filtered_p95_ms",
            "inbox_clerk_over_admin",
            "inbox_clerk_p50_ms",
            "inbox_queries",
            "inbox_per_s",
            "inbox_city_per_s",
        ),
    ),
    "persons": (persons.run, ("person_by_id_p95_ms", "person_by_name_p95_ms")),
    "portal": (portal.run, ("track_p95_ms", "portal_pages_per_s", "portal_change_seen_ms", "portal_signed_in_per_s")),
    "sweep": (sweep.run, ("sweep_s", "sweep_idle_ms", "double_cards", "missed_cards")),
    "intake": (intake.run, ("intake_cases_per_s", "intake_one_community_per_s", "intake_p95_ms")),
}


def run(base_url: str, *, people: int, cases: int, only: tuple[str, ...] = ()) -> bool:
    """Measure everything (or the parts of ``only``); whether all bars were met."""
    return measured(PARTS, base_url, people=people, cases=cases, only=only)


def measured(
    parts: Mapping[str, tuple[Part, tuple[str, ...]]], base_url: str, *, people: int, cases: int, only: tuple[str, ...] = ()
) -> bool:
    """Part after part. One that cannot be measured says so and the rest goes on."""
    report = Report(people, cases)
    check_durable(report)
    for name, (part, figures) in parts.items():
        if only and name not in only:
            continue
        before = {str(line.get("name")) for line in report.lines}
        with doorkeeper(base_url) as keeper:
            try:
                part(report, keeper)
            except (BenchError, ConnectionError, TimeoutError) as error:
                said = {str(line.get("name")) for line in report.lines} - before
                for figure in figures:
                    if figure not in said:
                        report.figure(figure, None, "", 0, note=f"not measured: {error}")
    return report.ok
