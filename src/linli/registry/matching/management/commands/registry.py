"""`manage.py registry score|link|train`: how well the matcher does on a labelled file, linking the register with itself, training anew."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from linli.lib.errors import LinliError
from linli.registry.matching import queries

BARS = {"match_precision": (0.99, True), "match_recall": (0.95, True), "review_share": (0.02, False)}
"""Of issue 3: at least or at most."""


class Command(BaseCommand):
    help = "Score the matcher on a labelled file (JSON lines), link the register with itself, or train on synthetic records."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        score = verbs.add_parser("score", help="precision, recall and review share on a labelled file")
        score.add_argument("--truth", type=Path, required=True, help="CSV: source, external_id, name, sex, birth_date, ..., person")
        score.add_argument("--model", type=Path, help="a model file in the place of the packs'")
        link = verbs.add_parser("link", help="look for people the register has twice, now and not at night")
        for verb in (score, link):
            verb.add_argument("--backend", choices=("duckdb", "spark"), default=settings.LINK_BACKEND, help="who compares")
        train = verbs.add_parser("train", help="learn weights from a synthetic population")
        train.add_argument("--people", type=int, default=30_000)
        train.add_argument("--seed", type=int, default=2023)
        train.add_argument("--as-of", type=date.fromisoformat, default=date(2026, 6, 30))
        train.add_argument("--out", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['verb']}")(options)
        except LinliError as error:
            raise CommandError(f"{error.text()}\n{error.next_step()}") from error

    def _score(self, options: dict[str, Any]) -> None:
        from linli.registry.matching.engine.linking import link  # Splink takes its time to load
        from linli.registry.matching.engine.model import Model
        from linli.registry.matching.engine.stores import Backend
        from linli.registry.matching.engine.truth import evaluate, read_truth

        path: Path = options["truth"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        given = options["model"]
        model = Model.from_json(given.read_text(encoding="utf-8")) if given else queries.current_model()
        truth = read_truth(path)
        linked = link(model.for_size(len(truth.records)), truth.records, backend=Backend(options["backend"]))
        found = evaluate(truth, linked.clusters)
        figures = {"match_precision": found.precision, "match_recall": found.recall, "review_share": found.review_share}
        for name, value in figures.items():
            bar, at_least = BARS[name]
            good = value >= bar if at_least else value <= bar
            self.stdout.write(
                json.dumps({"name": name, "value": round(value, 5), "unit": "", "bar": bar, "ok": good, "records": found.records})
            )

    def _link(self, options: dict[str, Any]) -> None:
        from linli.registry.matching.actions import search_register
        from linli.registry.matching.tasks import JOB

        fresh = search_register(JOB, options["backend"])
        self.stdout.write(f"{fresh} new pairs wait under Who is who.")

    def _train(self, options: dict[str, Any]) -> None:
        from linli.registry.matching.engine.recipe import trained

        model = trained(queries.land(options["as_of"]), seed=options["seed"], people=options["people"])
        options["out"].write_text(model.to_json(), encoding="utf-8")
        self.stdout.write(f"{options['out']}: {model.made['records']:,} records of {options['people']:,} people")
