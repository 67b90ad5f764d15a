"""`manage.py packs load|check|export`: walks the registered loaders over the packs of this city."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from linli.foundation.actions.engine import LoadReport, loaders_in_order
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.lib.errors import LinliError


class _Undo(Exception):  # noqa: N818  (not an error: takes back what a check wrote)
    pass


class Command(BaseCommand):
    help = "Load the packs into the database (load), try it and take it back (check), or write the database's state as a pack (export)."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("what", choices=["load", "check", "export"])
        parser.add_argument("folder", nargs="?", help="where export writes to")
        parser.add_argument("--pack", action="append", help="only this pack (default: all of LINLI_PACKS)")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['what']}")(options)
        except LinliError as error:
            raise CommandError(f"{error.text()}\n{error.next_step()}") from error

    def _load(self, options: dict[str, Any]) -> None:
        with scoped(system_actor("packs.load")):
            self._report(self._walk(options), options)

    def _check(self, options: dict[str, Any]) -> None:
        """Loading for real inside a transaction that is taken back finds every error that loading would."""
        found: list[tuple[str, str, LoadReport]] = []
        try:
            with transaction.atomic(), scoped(system_actor("packs.check")):
                found = self._walk(options)
                raise _Undo
        except _Undo:
            self._report(found, options)

    def _walk(self, options: dict[str, Any]) -> list[tuple[str, str, LoadReport]]:
        """Part by part, each over all packs: a later part (units) may name what an earlier one (regions) of any pack brought."""
        found = []
        actor = system_actor(f"packs.{options['what']}")
        for name, loader in loaders_in_order():
            for pack in options["pack"] or settings.PACKS:
                folder = Path(settings.PACKS_DIR) / pack
                if not folder.is_dir():
                    raise CommandError(f"there is no pack {pack!r} in {settings.PACKS_DIR}")
                report = loader.load(folder, actor)
                if report.wrote or report.unchanged or report.notes:
                    found.append((pack, name, report))
        return found

    def _report(self, found: list[tuple[str, str, LoadReport]], options: dict[str, Any]) -> None:
        for pack, name, report in found:
            if options["json"]:
                self.stdout.write(json.dumps({"pack": pack, "part": name, **report.as_json()}, ensure_ascii=False))
                continue
            self.stdout.write(f"{pack:<10} {name:<10} {report.added} added, {report.changed} changed, {report.unchanged} unchanged")
            for note in report.notes:
                self.stdout.write(f"{'':<22}{note}")

    def _export(self, options: dict[str, Any]) -> None:
        if not options["folder"]:
            raise CommandError("name the folder to write the pack into")
        folder = Path(options["folder"])
        folder.mkdir(parents=True, exist_ok=True)
        actor = system_actor("packs.export")
        with scoped(actor):
            for name, loader in loaders_in_order():
                if loader.export is not None:
                    loader.export(folder, actor)
                    self.stdout.write(f"{name} written")
