"""Pure work-calendar arithmetic: the calendar, its explanations and the reader of its tables."""

from linli.foundation.calendar.engine.tables import CalendarTableError, read_calendar, read_workdays, read_years
from linli.foundation.calendar.engine.workcalendar import WorkCalendar

__all__ = ["CalendarTableError", "WorkCalendar", "read_calendar", "read_workdays", "read_years"]
