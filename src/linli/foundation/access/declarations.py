"""What access registers: its part of a pack, the roles that accounts may give, what units and regions ask of it, its part of a demo city."""

from linli.foundation.access import queries
from linli.foundation.access.actions import ask_for_new_staff, export_roles, load_roles
from linli.foundation.access.actions.appointments import check_zone_reach
from linli.foundation.access.actions.demo import build_administration
from linli.foundation.access.tasks import tell_orderer  # noqa: F401 - a consumer registers itself
from linli.foundation.accounts.engine import APPOINTERS, ROLES
from linli.foundation.actions.engine import CITY_BUILDERS, pack_loader
from linli.foundation.regions.engine import ACTORS, REACH_CHECKS
from linli.foundation.units.engine import BURDENS, POST_BURDENS, POST_HOLDERS, ROLE_NAMES

CITY_BUILDERS.register("administration", (45, build_administration))
pack_loader("roles", lambda folder, actor: load_roles(actor, folder=folder), order=30, export=export_roles)
ROLES.register("access", lambda: {code: role.business for code, role in queries.roles().items()})
APPOINTERS.register("access", ask_for_new_staff)
ACTORS.register("access", queries.actor_with)
REACH_CHECKS.register("access", check_zone_reach)
ROLE_NAMES.register("access", queries.role_labels)
POST_HOLDERS.register("access", queries.holders_in_unit)
BURDENS.register("holders", queries.holders_left)
BURDENS.register("appointments", queries.appointments_left)
POST_BURDENS.register("holders", queries.post_holders_left)
POST_BURDENS.register("appointments", queries.post_appointments_left)
