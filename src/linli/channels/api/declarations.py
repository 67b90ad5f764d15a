"""What the programs' door registers: the accounts of a synthetic city's programs."""

from __future__ import annotations

from uuid import UUID

from linli.channels.api.actions import create_client
from linli.foundation.types import Actor
from linli.registry.exchange.engine.programs import MAKERS


def make_program(job: Actor, name: str) -> UUID:
    """A program that may read what was approved for it; its secret is kept nowhere."""
    return create_client(job, name=name, scopes=["exchange:read"]).client.user_id


MAKERS.register("api", make_program)
