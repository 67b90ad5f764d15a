"""Programs of other offices have accounts at the API's door, above us; the synthetic city asks for some."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias
from uuid import UUID

from linli.foundation.types import Actor
from linli.lib.registry import Registry

Maker: TypeAlias = Callable[[Actor, str], UUID]
"""(a job, name of the program) -> its account. What it signs in with is made anew by the operator (`api_client rotate`)."""

MAKERS: Registry[Maker] = Registry("maker of programs")
