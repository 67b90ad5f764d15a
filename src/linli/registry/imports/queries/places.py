"""Where the people of a file live: communities by code and by name."""

from __future__ import annotations

from linli.foundation.regions.models import Region, RegionCode
from linli.foundation.regions.queries import by_code
from linli.lib.remembered import remembered


@remembered(seconds=60)
def communities() -> dict[str, str]:
    """Code or name of a community -> its code of today; former codes too, names that two of them bear not."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for code, name in Region.objects.filter(level="community", valid_to=None).values_list("code", "name"):
        found[code] = code
        if name in found:
            twice.add(name)
        found[name] = code
    for former, code in RegionCode.objects.filter(region__level="community", region__valid_to=None).values_list("code", "region__code"):
        found.setdefault(former, code)
    return {key: code for key, code in found.items() if key not in twice}


def region_at(code: str) -> Region | None:
    """The community with a code (as `communities` gives it); None for ""."""
    return by_code(code) if code else None
