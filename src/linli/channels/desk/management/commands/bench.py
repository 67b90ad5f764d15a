"""`manage.py bench NAME`: measure the running product (the programs of `bench/` at the root of the checkout)."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

NAMES = ("spine", "registry")


class Command(BaseCommand):
    help = "Measure: one JSON object a line, exit code 1 when a bar was not met. LINLI_BASE_URL names the running web process."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=NAMES)
        parser.add_argument("--people", type=int, default=1_200_000)
        parser.add_argument("--cases", type=int, default=1_000_000)
        parser.add_argument("--only", action="append", default=[], help="a part of the bench; may be repeated")

    def handle(self, *args: Any, **options: Any) -> None:
        sys.path.insert(0, str(settings.ROOT))
        if find_spec("bench") is None:
            raise CommandError("The folder bench/ belongs to the checkout; it is not here.")
        base_url = os.environ.get("LINLI_BASE_URL", "")
        program = import_module(f"bench.{options['name']}")
        chosen = {"people": options["people"], "cases": options["cases"], "only": tuple(options["only"])}
        if base_url:
            good = program.run(base_url, **chosen)
        else:
            with import_module("bench.server").serving() as started:
                good = program.run(started, **chosen)
        if not good:
            raise SystemExit(1)
