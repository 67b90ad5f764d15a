"""Pure parts of collection: what a phone sends, read; the photos of a synthetic city, drawn."""

from linli.registry.collection.engine.drawing import door_photo
from linli.registry.collection.engine.reading import key, moment, read_newcomer, read_visit, text

__all__ = ["door_photo", "key", "moment", "read_newcomer", "read_visit", "text"]
