"""Pure parts: the registry of layers, parameters and reference systems of `/ogc/`, its OpenAPI document."""

from linli.foundation.maps.engine.crs import CRS84, OFFERED, STORAGE, turned
from linli.foundation.maps.engine.layers import LAYERS, Layer, snapped
from linli.foundation.maps.engine.parameters import check_known, crs_of, read_ask, read_box, read_limit

__all__ = [
    "CRS84",
    "LAYERS",
    "OFFERED",
    "STORAGE",
    "Layer",
    "check_known",
    "crs_of",
    "read_ask",
    "read_box",
    "read_limit",
    "snapped",
    "turned",
]
