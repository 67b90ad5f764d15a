"""`manage.py city`: build the synthetic city, or print the checksum of what is there."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from linli.foundation.actions.engine import CITY_EXPORTS, CityContext, builders_in_order, figures_file
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.lib.errors import LinliError


class Command(BaseCommand):
    help = "Build a city of synthetic people and cases (--people N --cases M --seed S --as-of DATE), or print --checksum."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--people", type=int, default=20_000)
        parser.add_argument("--cases", type=int, default=20_000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--as-of", type=date.fromisoformat, default=None, help="the day the city is seen from (default: today)")
        parser.add_argument("--workers", type=int, default=2)
        parser.add_argument("--checksum", action="store_true", help="sha256 of the sorted logical values of the city that is there")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["checksum"]:
                self._checksum(options["json"])
            else:
                self._build(options)
        except LinliError as error:
            raise CommandError(f"{error.text()}\n{error.next_step()}") from error

    def _build(self, options: dict[str, Any]) -> None:
        as_of = options["as_of"] or date.today()  # noqa: DTZ011  (the machine's calendar day is meant)
        say = (lambda text: None) if options["json"] else self.stdout.write
        city = CityContext(options["people"], options["cases"], options["seed"], as_of, max(1, options["workers"]), say)
        took: dict[str, float] = {}
        for name, builder in builders_in_order():
            began = time.monotonic()
            builder(city)
            took[name] = seconds = time.monotonic() - began
            if options["json"]:
                self.stdout.write(json.dumps({"part": name, "seconds": round(seconds, 2)}))
            else:
                self.stdout.write(f"{name}: {seconds:.1f} s")
        write_figures(
            {
                "people": city.notes.get("people", 0),
                "cases": city.notes.get("cases", 0),
                "seconds": took,
                "written_s": {"cases": city.notes.get("cases_written_s")},
            }
        )

    def _checksum(self, as_json: bool) -> None:
        sums = {name: _digest(export()) for name, export in CITY_EXPORTS.items()}
        whole = hashlib.sha256("".join(f"{name} {value}\n" for name, value in sorted(sums.items())).encode()).hexdigest()
        if as_json:
            self.stdout.write(json.dumps({"checksum": whole, **sums}))
            return
        for name, value in sorted(sums.items()):
            self.stdout.write(f"{value}  {name}")
        self.stdout.write(whole)


def _digest(lines: Iterator[str]) -> str:
    digest = hashlib.sha256()
    with scoped(system_actor("city.checksum")):
        for line in sorted(lines):
            digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def write_figures(figures: dict[str, Any]) -> None:
    """How long the build of this database took, for `bench spine --only city`."""
    file = figures_file(Path(settings.STATE_DIR), str(connection.settings_dict["NAME"]))
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_name(f"{file.name}.{os.getpid()}")
    half.write_text(json.dumps(figures), encoding="utf-8")
    half.replace(file)
