"""`manage.py worker` with one consumer more, run by test_worker as a process of its own."""

from __future__ import annotations

import sys


def main() -> None:
    """Set Django up, register the consumer, run the real command."""
    import django

    django.setup()

    from django.core.management import execute_from_command_line

    from linli.foundation.audit.actions import note
    from linli.foundation.topics.engine import consumer, declare
    from linli.foundation.topics.types import Event
    from linli.foundation.types import system_actor

    declare("test.bell_rang")

    @consumer("test.bell_rang", name="test.hear_bell")
    def hear(event: Event) -> None:
        note(system_actor("test"), "test.bell_heard", event=str(event.id), tower=event.payload["tower"])

    execute_from_command_line(["manage.py", "worker", *sys.argv[1:]])


if __name__ == "__main__":
    main()
