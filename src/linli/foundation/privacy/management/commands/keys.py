"""`manage.py keys status | rotate | go-on | retire NAME`: the data key of encrypted fields."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from linli.foundation.privacy.actions import keys
from linli.foundation.privacy.queries.keys import KEEPER, open_sample, turns, values_by_key
from linli.foundation.scope.engine import keyring
from linli.lib.errors import LinliError


class Command(BaseCommand):
    help = "Show which key opens how many values (status), bring a new key (rotate), go on with a stopped turn (go-on), take an old key out (retire)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("status", help="numbers only").add_argument("--json", action="store_true")
        for name, text in (("rotate", "a new current key; a job encrypts every value with it"), ("go-on", "have a stopped turn go on")):
            verbs.add_parser(name, help=text).add_argument(
                "--here", action="store_true", help="do the work in this process, not in the worker"
            )
        check = verbs.add_parser("open", help="open a sample of every encrypted column; exit code 1 when something does not open")
        check.add_argument("--sample", type=int, default=200, help="values of each column (default 200)")
        retire = verbs.add_parser("retire", help="remove a key that no value needs any more")
        retire.add_argument("name")
        retire.add_argument("--at-once", action="store_true", help="do not wait for open sessions to end")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._run(options)
        except LinliError as error:
            raise CommandError(f"{error.text()}\n    -> {error.next_step()}" if error.hint else error.text()) from error
        except PermissionError as error:
            raise CommandError(f"{error}\n    -> Run this as whoever may write the key file.") from error

    def _run(self, options: dict[str, Any]) -> None:
        {"status": self._status, "rotate": self._rotate, "go-on": self._rotate, "retire": self._retire, "open": self._open}[
            options["verb"]
        ](options)

    def _open(self, options: dict[str, Any]) -> None:
        found = open_sample(options["sample"])
        for one in found:
            said = f"{one.lacking} values need a key that is not in the file" if one.lacking else f"{one.opened} of {one.tried} opened"
            self.stdout.write(f"{one.table}.{one.column}: {said}")
        wrong = [one for one in found if not one.sound]
        self.stdout.write(
            f"{len(found)} encrypted columns, {sum(one.opened for one in found):,} values opened: {'NOT SOUND' if wrong else 'sound'}"
        )
        if wrong:
            raise SystemExit(1)

    def _status(self, options: dict[str, Any]) -> None:
        ring, found = keyring(), values_by_key()
        newest = next(iter(turns(KEEPER, most=1)), None)
        if options["json"]:
            turn = (
                {"key": newest.name, "state": newest.state, "done": newest.done, "total": newest.total, "left": newest.left}
                if newest
                else None
            )
            self.stdout.write(json.dumps({"current": ring.current, "keys": list(ring.key_ids), "values": found, "turn": turn}))
            return
        self.stdout.write(f"key in use: {ring.current}; in the file: {', '.join(ring.key_ids)}")
        for name in sorted({key for table in found.values() for key in table} | set(ring.key_ids)):
            self.stdout.write(f"{name}: {sum(table.get(name, 0) for table in found.values()):,} values")
        if newest:
            self.stdout.write(
                f"last turn, to {newest.name}: {newest.state}, {newest.done:,} of {newest.total:,} values, {newest.left:,} left over"
            )

    def _rotate(self, options: dict[str, Any]) -> None:
        turn = keys.begin_turn(KEEPER) if options["verb"] == "rotate" else keys.go_on(KEEPER)
        self.stdout.write(
            f"new values are encrypted with {turn.name}; {turn.total:,} values are encrypted anew. Copy the key file to its second place now."
        )
        if not options["here"]:
            self.stdout.write("the worker does it; ./linli keys status tells how far it is")
            return
        began = time.monotonic()
        while keys.work(5.0):
            turn.refresh_from_db()
            self.stdout.write(f"{turn.done:,} of {turn.total:,}")
        turn.refresh_from_db()
        rate = turn.done / max(time.monotonic() - began, 0.001)
        self.stdout.write(f"{turn.state}: {turn.done:,} values, {rate:,.0f} a second, {turn.left:,} left over")
        if turn.state != "done":
            raise SystemExit(1)

    def _retire(self, options: dict[str, Any]) -> None:
        kept = keys.retire(KEEPER, name=options["name"], at_once=options["at_once"])
        self.stdout.write(f"{options['name']} is out of the key file. Backups from before need {kept}: keep it as long as them.")
