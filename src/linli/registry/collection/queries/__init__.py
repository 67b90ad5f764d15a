"""Reads: the visits of a worker's day with their homes, what waits, how far the grids are."""

from linli.registry.collection.queries.held import Waiting, get_held, waiting, words_of_held
from linli.registry.collection.queries.progress import GridProgress, progress, visits_in
from linli.registry.collection.queries.today import (
    get_place,
    get_visit,
    package,
    people_visited,
    photos_kept,
    places_today,
    version_of,
    version_of_text,
    visits_of,
)

__all__ = [
    "GridProgress",
    "Waiting",
    "get_held",
    "get_place",
    "get_visit",
    "package",
    "people_visited",
    "photos_kept",
    "places_today",
    "progress",
    "version_of",
    "version_of_text",
    "visits_in",
    "visits_of",
    "waiting",
    "words_of_held",
]
