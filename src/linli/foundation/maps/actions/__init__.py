"""Writes: layers of other offices."""

from linli.foundation.maps.actions.outside import (
    FETCH,
    add_layer,
    change_layer,
    fetch_now,
    fetch_on,
    pause_layer,
    queue_due,
    remove_layer,
)

__all__ = ["FETCH", "add_layer", "change_layer", "fetch_now", "fetch_on", "pause_layer", "queue_due", "remove_layer"]
