"""What access registers: its part of a pack, and the roles that accounts may give."""

from linli.foundation.access.actions import export_roles, load_roles
from linli.foundation.access.queries import roles
from linli.foundation.accounts.engine import ROLES
from linli.foundation.actions.engine import pack_loader

pack_loader("roles", lambda folder, actor: load_roles(actor, folder=folder), order=30, export=export_roles)
ROLES.register("access", lambda: {code: role.business for code, role in roles().items()})
