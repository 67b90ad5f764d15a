"""What the households app registers: its topic, and the people of a synthetic city (the top of the registry may fill all of it)."""

from linli.foundation.actions.engine import CITY_BUILDERS, CITY_EXPORTS
from linli.foundation.topics.engine import declare
from linli.registry.households import tasks  # noqa: F401 - consumers register themselves
from linli.registry.households.actions.city import build_people, export_people
from linli.registry.households.actions.guardians import build_guardians
from linli.registry.households.actions.residents import build_residents
from linli.registry.households.actions.staff import build_staff, export_staff
from linli.registry.households.queries import in_homes
from linli.registry.people.engine.ties import TIES

TIES.register("households", in_homes)
declare("households.changed", public=True)
CITY_BUILDERS.register("people", (20, build_people))
CITY_BUILDERS.register("staff", (30, build_staff))
CITY_BUILDERS.register("residents", (40, build_residents))
CITY_BUILDERS.register("guardians", (42, build_guardians))
CITY_EXPORTS.register("people", export_people)
CITY_EXPORTS.register("staff", export_staff)
