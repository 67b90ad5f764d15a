"""The Simplified Chinese catalogue: is it complete, what is new, what is gone."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from linli.ui.engine import msgids


class Command(BaseCommand):
    help = "Check the zh_Hans catalogue (default), --update it, or --missing: print what lacks a translation as JSON lines."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--update", action="store_true")
        parser.add_argument("--missing", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
        found = msgids.msgids(settings.ROOT)
        if options["update"]:
            added, removed = msgids.update(path, found)
            self.stdout.write(f"{added} new, {removed} gone")
        lacking = msgids.missing(msgids.load(path), found)
        if options["missing"]:
            import json

            for message, place, _line in lacking:
                self.stdout.write(json.dumps({"msgid": message, "place": place}, ensure_ascii=False))
        elif lacking:
            raise CommandError(f"{len(lacking)} messages lack a Chinese translation, first: {lacking[0]}")
        else:
            self.stdout.write(f"{len({str(m) for m, _, _ in found})} messages, all translated")
