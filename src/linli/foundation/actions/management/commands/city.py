"""`manage.py city`: build the synthetic city, or print the checksum of what is there."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from linli.foundation.actions.engine import CITY_EXPORTS, CityContext, builders_in_order
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
        for name, builder in builders_in_order():
            began = time.monotonic()
            builder(city)
            seconds = time.monotonic() - began
            if options["json"]:
                self.stdout.write(json.dumps({"part": name, "seconds": round(seconds, 2)}))
            else:
                self.stdout.write(f"{name}: {seconds:.1f} s")

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
