"""The work-day table the administrator edits; a change makes a new version and deadlines are recomputed."""

from __future__ import annotations

from django.db import models

from linli.foundation.audit.models import AuditedModel


class CalendarYear(AuditedModel):
    """A year whose holidays the State Council has published."""

    year = models.SmallIntegerField(unique=True)
    published = models.BooleanField(default=True)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "calendar_year"


class DayException(AuditedModel):
    """A day that differs from the plain Monday-to-Friday week: a holiday, or a make-up working day."""

    date = models.DateField(unique=True)
    is_workday = models.BooleanField()
    note = models.CharField(max_length=40, blank=True)

    class Meta:
        db_table = "calendar_exception"
