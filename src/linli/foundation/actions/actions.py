"""The decorator around every write."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextvars import Token
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.http import Http404
from django.utils.translation import gettext_noop

from linli.foundation.audit.actions import write, write_alone
from linli.foundation.audit.engine import recording
from linli.foundation.audit.types import Outcome, Recording
from linli.foundation.scope.actions import scoped, within
from linli.foundation.types import Actor
from linli.lib.errors import LinliError, Refused
from linli.lib.registry import Registry

P = ParamSpec("P")
R = TypeVar("R")

# name of the audit row -> (permission, function): house tests and the administrator's permission page read it
ACTIONS: Registry[tuple[str, Callable[..., Any]]] = Registry("action")


def require(allowed: bool, message: str = "", *, code: str = "NOT_ALLOWED", hint: str = "") -> None:
    """Refuse with a reason unless ``allowed``; used with the answers of `policy.can_x`."""
    if not allowed:
        raise Refused(
            code,
            message or gettext_noop("You may not do this."),
            hint=hint or gettext_noop("Ask your unit's administrator if you think you should be able to."),
        )


def action(permission: str, *, audit: str) -> Callable[[Callable[Concatenate[Actor, P], R]], Callable[Concatenate[Actor, P], R]]:
    """Make a function a write of the house.

    The wrapped function takes the actor first and only keyword arguments after it. It runs in one transaction (a savepoint inside a
    request's) under the actor's rights; what it changed is written to the trail as ``audit``. A refused or failed attempt is written too,
    after the rollback. ``permission`` is the coarse right the actor must hold; the fine one is asked inside, of `policy`.
    """

    def decorate(fn: Callable[Concatenate[Actor, P], R]) -> Callable[Concatenate[Actor, P], R]:
        @functools.wraps(fn)
        def wrapper(actor: Actor, *args: P.args, **kwargs: P.kwargs) -> R:
            record = Recording(audit)
            with within(actor) as outer:
                token: Token[Recording | None] = recording.set(record)
                try:
                    with scoped(actor):
                        if not actor.may(permission) and not actor.may("system"):
                            raise Refused(
                                "NO_PERMISSION", gettext_noop("Your post does not include this task."), data={"permission": permission}
                            )
                        result = fn(actor, *args, **kwargs)
                        if not record.repeated:
                            write(actor, record, Outcome.DONE)
                        return result
                except (LinliError, Http404) as error:
                    reason = getattr(error, "code", "NOT_FOUND")
                    outer.afterwards.append(lambda: write_alone(actor, record, Outcome.REFUSED, reason))
                    raise
                except Exception as error:
                    reason = f"{type(error).__name__}"
                    outer.afterwards.append(lambda: write_alone(actor, record, Outcome.FAILED, reason))
                    raise
                finally:
                    recording.reset(token)

        ACTIONS.register(audit, (permission, wrapper))
        return cast("Callable[Concatenate[Actor, P], R]", wrapper)

    return decorate
