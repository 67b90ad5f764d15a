"""What the calendar registers: its part of a pack, and the topic supervision recomputes deadlines on."""

from linli.foundation.actions.engine import pack_loader
from linli.foundation.calendar.actions import CHANGED, export_calendar, load_calendar
from linli.foundation.topics.engine import declare

pack_loader("calendar", lambda folder, actor: load_calendar(actor, folder=folder), order=40, export=export_calendar)
declare(CHANGED, public=True)
