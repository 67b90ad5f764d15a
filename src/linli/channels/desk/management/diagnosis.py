"""Looking a city over: what works, what does not, and what helps. Reads only; every look stands alone, so that one failure hides no other."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

import httpx
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.channels.desk.management.policies import differing_policies
from linli.foundation.accounts.models import User
from linli.foundation.audit.models import AuditBatch
from linli.foundation.calendar.models import CalendarYear
from linli.foundation.messages.engine.delivery import CONFIG_CHECKS
from linli.foundation.scope.actions import scoped
from linli.foundation.scope.engine import keyring
from linli.foundation.types import system_actor

DOCTOR = system_actor("doctor")
LEAST_FREE_GB = 2
QUIET = timedelta(minutes=2)  # no worker lets a job wait longer on a quiet day
NOTICE_MONTH = 12  # the State Council publishes a year's holidays in the November before


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One look: what was looked at, how it stands, and what helps."""

    name: str
    level: Level
    detail: str
    remedy: str = ""

    def as_json(self) -> dict[str, str | bool]:
        return {
            "name": self.name,
            "ok": self.level is not Level.BAD,
            "level": str(self.level),
            "detail": self.detail,
            "remedy": self.remedy,
        }


Answer = tuple[Level, str, str]


def examine() -> list[Finding]:
    """All findings. Without a database the looks that need it are left out: one cause, one line."""
    looks: list[tuple[str, Callable[[], Answer]]] = [("database", _database)]
    first = [_look(name, look) for name, look in looks]
    if first[0].level is Level.BAD:
        return first + [_look(name, look) for name, look in WITHOUT_DATABASE]
    return first + [_look(name, look) for name, look in (*WITH_DATABASE, *WITHOUT_DATABASE)]


def _look(name: str, look: Callable[[], Answer]) -> Finding:
    try:
        return Finding(name, *look())
    except Exception as error:  # a doctor reports what it meets
        return Finding(name, Level.BAD, f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else ''}", "")


def _row(columns: str) -> tuple[object, ...]:
    """The one row of a SELECT, whose text follows that word."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + columns)
        found: tuple[object, ...] = cursor.fetchone()
    return found


def _database() -> Answer:
    (version,) = _row("current_setting('server_version')")
    return Level.OK, _("PostgreSQL %(version)s answers") % {"version": version}, ""


def _role() -> Answer:
    user, superuser, bypass = _row("rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
    tables = "FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE c.relkind = 'r' AND c.relpersistence = 'p'"
    (owned,) = _row(f"count(*) {tables} AND r.rolname = current_user")
    if superuser or bypass or owned:
        return Level.BAD, _("%(user)s owns tables or passes by the row policies") % {"user": user}, _("connect as linli_app (DATABASE_URL)")
    return Level.OK, _("%(user)s owns nothing and is bound by the row policies") % {"user": user}, ""


def _policies() -> Answer:
    wrong = differing_policies()
    if wrong:
        return Level.BAD, _("row policies differ from the program: %(tables)s") % {"tables": ", ".join(wrong)}, "./linli manage grants"
    return Level.OK, _("every protected table has the policies of the program"), ""


def _migrations() -> Answer:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _back in missing[:5])
        return Level.BAD, _("not applied: %(names)s") % {"names": names}, "./linli manage migrate"
    return Level.OK, _("all migrations are applied"), ""


def _keys() -> Answer:
    ring = keyring()
    if ring.decrypt(ring.encrypt("probe")) != "probe":
        return Level.BAD, _("the key ring does not open what it locked"), _("restore the key file from its safe")
    with scoped(DOCTOR):
        sample = User.objects.exclude(phone_index=None).order_by("id").first()  # reading a row decrypts it; a wrong key raises
    what = _("a stored value opens") if sample else _("nothing is stored yet")
    return Level.OK, _("key %(key)s of %(count)s; %(what)s") % {"key": ring.current, "count": len(ring.key_ids), "what": what}, ""


def _worker() -> Answer:
    (beat,) = _row("max(last_heartbeat) FROM procrastinate_workers")
    (waiting,) = _row(
        "count(*) FROM procrastinate_jobs WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at < now() - interval '2 minutes')"
        " AND id IN (SELECT job_id FROM procrastinate_events WHERE type = 'deferred' AND at < now() - interval '2 minutes')"
    )
    (failed,) = _row("count(*) FROM procrastinate_jobs WHERE status = 'failed'")
    if waiting:
        return Level.BAD, _("%(count)s jobs wait longer than two minutes") % {"count": waiting}, _("start a worker: ./linli manage worker")
    if beat is None or timezone.now() - beat > QUIET:  # type: ignore[operator]
        return Level.WARNING, _("no worker is running; nothing waits for one"), _("./linli demo, or systemctl start linli.target")
    if failed:
        return Level.WARNING, _("the worker beats; %(count)s jobs have failed for good") % {"count": failed}, _("read the worker's log")
    return Level.OK, _("the worker beats, nothing waits"), ""


def _sealing() -> Answer:
    with scoped(DOCTOR.but(permissions=DOCTOR.permissions | {"audit.view"})):
        batch = AuditBatch.objects.defer("leaves").order_by("-number").first()
        (oldest,) = _row("extract(epoch FROM now() - max(at)) FROM audit_entry")
    if batch is None:
        return (
            (Level.WARNING, _("nothing is sealed yet"), "")
            if oldest is None
            else (Level.WARNING, _("the trail has never been sealed"), _("start a worker"))
        )
    return Level.OK, _("batch %(number)s of the trail is sealed") % {"number": batch.number}, ""


def _clock() -> Answer:
    (theirs,) = _row("clock_timestamp()")
    apart = abs((timezone.now() - theirs).total_seconds())  # type: ignore[operator]
    if apart > 2:
        return (
            Level.BAD,
            _("this machine and the database differ by %(s).1f seconds") % {"s": apart},
            _("let both follow one time server (chrony)"),
        )
    return Level.OK, _("this machine and the database agree within %(s).1f seconds") % {"s": apart}, ""


def _calendar(today: date | None = None) -> Answer:
    today = today or timezone.localdate()
    published = set(CalendarYear.objects.filter(published=True).values_list("year", flat=True))
    if today.year not in published:
        return (
            Level.BAD,
            _("the holidays of %(year)s are not entered: due dates are provisional") % {"year": today.year},
            _("Work calendar, or load the packs"),
        )
    if today.month >= NOTICE_MONTH and today.year + 1 not in published:
        remedy = _("enter the State Council's notice in the work calendar")
        return Level.WARNING, _("the holidays of %(year)s are not entered yet") % {"year": today.year + 1}, remedy
    return Level.OK, _("published until the end of %(year)s") % {"year": max(published)}, ""


def _events() -> Answer:
    address = (settings.EVENTS_URL or settings.SITE_URL).rstrip("/") + "/events/"
    try:
        answer = httpx.get(address, timeout=2, trust_env=False)
    except httpx.HTTPError as error:
        words = _("%(address)s does not answer (%(why)s); pages ask every 15 seconds instead")
        return Level.WARNING, words % {"address": address, "why": type(error).__name__}, ""
    level = Level.OK if answer.status_code < 500 and answer.status_code != 404 else Level.WARNING
    return level, f"{address}: HTTP {answer.status_code}", ""


def _channels() -> Answer:
    wrong = [f"{name}: {problem}" for name, check in CONFIG_CHECKS.items() for problem in check()]
    if wrong:
        return Level.WARNING, "; ".join(wrong), "docs/operations.md"
    return Level.OK, _("SMS and mail are configured"), ""


def _fonts() -> Answer:
    program = shutil.which("fc-list")
    if program is None:
        return Level.WARNING, _("fontconfig is not installed; papers may print boxes"), "apt-get install -y fontconfig fonts-noto-cjk"
    found = subprocess.run([program, ":lang=zh", "family"], capture_output=True, text=True, check=False, timeout=20).stdout.strip()
    if not found:
        return Level.BAD, _("no font for Chinese: papers print boxes"), "apt-get install -y fonts-noto-cjk"
    return Level.OK, found.splitlines()[0], ""


def _disk() -> Answer:
    place = next(p for p in (Path(settings.STATE_DIR), *Path(settings.STATE_DIR).parents) if p.exists())
    free = shutil.disk_usage(place).free / 1e9
    if free < LEAST_FREE_GB:
        return Level.BAD, _("%(free).1f GB are free") % {"free": free}, _("make room before uploads and the trail stop")
    return Level.OK, _("%(free).1f GB are free") % {"free": free}, ""


def _atomic(look: Callable[[], Answer]) -> Callable[[], Answer]:
    """A failed look must not spoil the connection for the next."""

    def inside() -> Answer:
        with transaction.atomic():
            return look()

    return inside


WITH_DATABASE: tuple[tuple[str, Callable[[], Answer]], ...] = tuple(
    (name, _atomic(look))
    for name, look in (
        ("role", _role),
        ("row policies", _policies),
        ("migrations", _migrations),
        ("keys", _keys),
        ("worker", _worker),
        ("audit trail", _sealing),
        ("clock", _clock),
        ("work calendar", _calendar),
    )
)
WITHOUT_DATABASE: tuple[tuple[str, Callable[[], Answer]], ...] = (
    ("events", _events),
    ("messages", _channels),
    ("fonts", _fonts),
    ("disk", _disk),
)
