"""The trail is read by the audit administrator; jobs seal it. Anybody's transaction may add to it."""

from linli.foundation.audit.models import AuditBatch, AuditEntry
from linli.foundation.scope.models import Power, Protection

entries = Protection(AuditEntry, [Power("audit.view"), Power("system")], open_insert=True)
batches = Protection(AuditBatch, [Power("audit.view"), Power("system")])
