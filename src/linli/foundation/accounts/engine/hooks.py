"""What accounts asks of floors above it; they register while the program starts."""

from __future__ import annotations

from linli.foundation.accounts.types import Appointer, CodeSender, Notifier, PaperKeeper, PersonSource, RoleSource, TaskMover, Verifier
from linli.lib.registry import Registry

VERIFIERS: Registry[Verifier] = Registry("identity verifier")
PEOPLE: Registry[PersonSource] = Registry("person source")
CODE_SENDERS: Registry[CodeSender] = Registry("code sender")
TASK_MOVERS: Registry[TaskMover] = Registry("task mover")
NOTIFIERS: Registry[Notifier] = Registry("notifier")
ROLES: Registry[RoleSource] = Registry("role source")
PAPERS: Registry[PaperKeeper] = Registry("keeper of papers")
APPOINTERS: Registry[Appointer] = Registry("appointer")
