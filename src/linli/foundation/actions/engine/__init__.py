"""Two registries every app may fill: what a pack holds, and what a demo city is built from. Pure: no database."""

from linli.foundation.actions.engine.city import CITY_BUILDERS, CITY_EXPORTS, CityContext, builders_in_order, figures_file
from linli.foundation.actions.engine.packs import (
    PACK_LOADERS,
    LoadReport,
    PackLoader,
    loaders_in_order,
    pack_error,
    pack_loader,
    read_csv,
    read_yaml,
)

__all__ = [
    "CITY_BUILDERS",
    "CITY_EXPORTS",
    "PACK_LOADERS",
    "CityContext",
    "LoadReport",
    "PackLoader",
    "builders_in_order",
    "figures_file",
    "loaders_in_order",
    "pack_error",
    "pack_loader",
    "read_csv",
    "read_yaml",
]
