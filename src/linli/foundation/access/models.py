"""Roles, and what one administrator asks for and another grants: appointments and changes of roles."""

from __future__ import annotations

from django.db import models

from linli.foundation.accounts.models import User
from linli.foundation.audit.models import AuditedModel
from linli.foundation.units.models import Post


class Role(AuditedModel):
    """Permissions and the highest sensitivity level that come with a post. ``business`` false: one of the three administrators."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    permissions = models.JSONField(default=list)
    level = models.SmallIntegerField(default=3)
    business = models.BooleanField(default=True)
    edited = models.BooleanField(default=False)  # changed on the desk: a pack loaded again leaves it as it is

    class Meta:
        db_table = "access_role"

    def __str__(self) -> str:
        return self.name


class Asked(AuditedModel):
    """Something with two pairs of eyes: who asked, who decided, and what became of it."""

    asked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    reason = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, default="open", choices=[(s, s) for s in ("open", "granted", "refused", "withdrawn")])
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    remark = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True


class Appointment(Asked):
    """Somebody is to hold a post. Asked by the system administrator, granted by the security administrator; nothing is open before that."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="appointments")
    since = models.DateField()

    class Meta:
        db_table = "access_appointment"
        constraints = [
            models.UniqueConstraint(fields=["user", "post"], condition=models.Q(state="open"), name="access_appointment_one_open")
        ]


class RoleDraft(Asked):
    """A role as it is to be. Asked by the security administrator, put in force by the system administrator; ``role`` None makes a new one."""

    role = models.ForeignKey(Role, null=True, on_delete=models.PROTECT, related_name="drafts")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    permissions = models.JSONField(default=list)
    level = models.SmallIntegerField(default=3)

    class Meta:
        db_table = "access_role_draft"
        constraints = [models.UniqueConstraint(fields=["code"], condition=models.Q(state="open"), name="access_role_draft_one_open")]
