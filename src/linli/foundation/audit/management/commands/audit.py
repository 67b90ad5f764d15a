"""`manage.py audit verify | restored`: is the trail still what was sealed?"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from linli.foundation.audit.actions import declare_restored
from linli.foundation.audit.queries import verify
from linli.foundation.audit.types import Verification


class Command(BaseCommand):
    help = "Check the sealed trail (verify), or declare that a backup was restored (restored)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        check = verbs.add_parser("verify", help="exit code 1 and the first wrong entry when the trail was tampered with")
        check.add_argument("--json", action="store_true")
        restored = verbs.add_parser("restored", help="after a restore: heads newer than the backup are void")
        restored.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "restored":
            number = declare_restored(options["reason"])
            self.stdout.write(f"the trail goes on after batch {number}")
            return
        result = verify()
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(result)))
        else:
            self._print(result)
        if not result.sound:
            raise SystemExit(1)

    def _print(self, result: Verification) -> None:
        for note in result.notes:
            self.stdout.write(f"note: {note}")
        for fault in result.faults[:10]:
            self.stderr.write(str(fault))
        verdict = "sound" if result.sound else f"NOT SOUND, first at {result.faults[0]}"
        self.stdout.write(f"{result.batches} batches, {result.entries} entries, {result.unsealed} not yet sealed: {verdict}")


def _as_json(result: Verification) -> dict[str, Any]:
    faults = [{"kind": f.kind, "batch": f.batch, "seq": f.seq, "entry_id": f.entry_id} for f in result.faults]
    return {
        "ok": result.sound,
        "batches": result.batches,
        "entries": result.entries,
        "unsealed": result.unsealed,
        "first": faults[0] if faults else None,
        "faults": faults,
        "notes": result.notes,
    }
