"""What casefile asks of floors above it; they register while the program starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from linli.foundation.types import Actor
from linli.lib.registry import Registry
from linli.ui.types import Text

TaskAddress: TypeAlias = Callable[[str], str]
"""`Task.token_id` -> the page on which it is done."""


@dataclass(frozen=True)
class SideTask:
    """A kind of task that stands in the inbox beside the process of its case: no step of the process opens or ends it.

    Only holders of ``permission`` see it; it is done on the page at ``address``, which ``label`` leads to from the case page.
    """

    permission: str
    label: Text
    address: TaskAddress


SIDE_TASKS: Registry[SideTask] = Registry("task beside the process")
"""By `Task.kind`."""


def hidden_kinds(actor: Actor) -> list[str]:
    """Kinds of side tasks this actor is not shown."""
    return [kind for kind, side in SIDE_TASKS.items() if not actor.may(side.permission)]
