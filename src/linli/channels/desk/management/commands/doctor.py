"""`manage.py doctor`: is this city well, and what helps where it is not."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext, override

from linli.channels.desk.management.diagnosis import Finding, Level, examine

MARKS = {Level.OK: "ok ", Level.WARNING: "?  ", Level.BAD: "BAD"}


class Command(BaseCommand):
    help = "Look the city over; exit code 1 when something is bad. Changes nothing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="a list of findings for programs")
        parser.add_argument("--lang", default=settings.LANGUAGE_CODE, choices=[code for code, _ in settings.LANGUAGES])

    def handle(self, *args: Any, **options: Any) -> None:
        with override(options["lang"]):
            findings = examine()
            if options["json"]:
                self.stdout.write(json.dumps([finding.as_json() for finding in findings], ensure_ascii=False, indent=1))
            else:
                self._table(findings)
        if any(finding.level is Level.BAD for finding in findings):
            raise SystemExit(1)

    def _table(self, findings: list[Finding]) -> None:
        for finding in findings:
            self.stdout.write(f"{MARKS[finding.level]}  {gettext(finding.name):<16} {finding.detail}")
            if finding.remedy and finding.level is not Level.OK:
                self.stdout.write(f"     {'':<16} -> {finding.remedy}")
