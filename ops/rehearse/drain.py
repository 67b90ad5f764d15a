"""Do the jobs that wait in the database named by DATABASE_URL, as the worker would; 1 when one of them fails or still waits."""

from __future__ import annotations

import sys

ROUNDS = 10
"""The worker ends when it finds no job; jobs that its last ones made wait for the next round."""


def main() -> int:
    import django

    django.setup()
    from linli.foundation.access.management.commands.worker import worker_app

    before = sum(_waiting().values())
    for _ in range(ROUNDS):
        if not _waiting():
            break
        with worker_app().open() as worker:
            worker.run_worker(name="rehearsal", concurrency=2, wait=False, delete_jobs="successful", install_signal_handlers=False)
    left = _waiting()
    told = ", ".join(f"{n} of {name}" for name, n in sorted(left.items())) or "none is left and none failed"
    print(f"{before} jobs of events waited; after the worker's turn {told}")
    return 1 if left else 0


def _waiting() -> dict[str, int]:
    """Jobs of events that are not done, by what they are. (Messages wait for a gateway, which no rehearsal has.)"""
    from django.db import connection

    name = "concat_ws(' ', task_name, args->>'consumer', status, attempts, 'tries', scheduled_at)"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name}, count(*) FROM procrastinate_jobs WHERE task_name = 'topics.deliver' GROUP BY 1")
        return dict(cursor.fetchall())


if __name__ == "__main__":
    sys.exit(main())
