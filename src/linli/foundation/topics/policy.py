"""Events are read by jobs only; anybody's transaction may add one."""

from linli.foundation.scope.models import Power, Protection
from linli.foundation.topics.models import EventRow, Handled

events = Protection(EventRow, [Power("system")], open_insert=True)
handled = Protection(Handled, [Power("system")])
