"""The command line of `./linli`: one function a verb."""

from __future__ import annotations

import argparse
import errno
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from launcher import backup, checks
from launcher.city import City, demo, machine_steps, migrate_city, open_city, pdf_step, prepare_state, reset_city, running, set_up_city
from launcher.console import Console
from launcher.database import CitySize, city_environment
from launcher.doctor import doctor
from launcher.drill import USUAL_FOLDER, drill
from launcher.environment import Address, owner_environment, usual_mode
from launcher.errors import LauncherError
from launcher.layout import Layout, find_layout
from launcher.locks import only_one, running_address
from launcher.machine import check_port, port_owner
from launcher.shell import FREE_SOME, run_quietly, run_visibly
from launcher.steps import run_steps

PASSED_THROUGH = ("city", "packs", "audit", "registry", "keys", "manage", "tour", "bench")
"""Verbs whose further words go to the management command unread."""
OWNER_COMMANDS = {"migrate", "grants"}


def main(words: Sequence[str] | None = None) -> int:
    """Run one verb; problems the operator can solve are printed without a traceback."""
    console = Console()
    parser = build_parser()
    options, rest = parser.parse_known_args(words)
    if rest and options.verb not in (*PASSED_THROUGH, "test"):
        parser.error(f"unknown: {' '.join(rest)}")
    options.rest = rest
    run: Callable[[argparse.Namespace, Layout, Console], int] = options.run
    try:
        return run(options, find_layout(), console)
    except LauncherError as error:
        console.fail(str(error))
        return 1
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        console.fail(str(LauncherError(f"The disk is full: {error}.", FREE_SOME)))
        return 1
    except KeyboardInterrupt:
        console.say("Stopped.")
        return 130


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./linli", description="Linli: set up, run, test and keep a city.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")

    def verb(name: str, run: Callable[[argparse.Namespace, Layout, Console], int], help_text: str) -> argparse.ArgumentParser:
        found = verbs.add_parser(name, help=help_text, add_help=name not in PASSED_THROUGH, allow_abbrev=False)
        found.set_defaults(run=run)
        return found

    demo_verb = verb("demo", _demo, "set up and run a city here; Ctrl-C stops it")
    demo_verb.add_argument("--port", type=int, default=8000, help="web; the events process takes the next one (default 8000)")
    demo_verb.add_argument("--host", default="127.0.0.1", help="address to listen on, as browsers will name it (default 127.0.0.1)")
    demo_verb.add_argument("--lan", nargs="?", const="", metavar="ADDRESS", help="over HTTPS in the local network, too, for phones")
    demo_verb.add_argument("--people", type=int, default=CitySize.people)
    demo_verb.add_argument("--cases", type=int, default=CitySize.cases)
    demo_verb.add_argument("--seed", type=int, default=CitySize.seed)
    demo_verb.add_argument("--as-of", default=None, metavar="DATE", help="the day the city is seen from (default today)")
    demo_verb.add_argument("--reset", action="store_true", help="throw the database and uploads away first")
    test_verb = verb("test", _test, "all gates and tests; further words go to pytest and then only those tests run")
    test_verb.add_argument("--only", choices=("unit", "e2e"))
    verb("check", lambda options, layout, console: checks.check(layout, console), "lint, types, layers, house tests, translations")
    verb("prepare", _prepare, "packages, front end and translations only, as a server needs them; no state, no database")
    verb("tour", _tour, "walk through the city over HTTP and print each step")
    verb("bench", _bench, "bench NAME [--people N --cases M]: measure, one JSON object a line")
    verb("city", _managed, "city --people N --cases M --seed S --as-of DATE | --checksum")
    verb("packs", _managed, "packs check | load | export")
    verb("audit", _managed, "audit verify")
    verb("registry", _managed, "registry score --truth FILE.csv: how well records are matched; registry link; registry train")
    verb("keys", _managed, "keys status | rotate | go-on | retire NAME: the data key of encrypted fields")
    verb("manage", _manage, "any management command of the product")
    backup_verb = verb("backup", _backup, "write database, uploads and key names into one file")
    backup_verb.add_argument("file", type=Path, help="where to; or the word drill: prove that the newest backup can be read")
    backup_verb.add_argument("place", type=Path, nargs="?", default=USUAL_FOLDER, help="of a drill: a backup, or a folder of them")
    restore_verb = verb("restore", _restore, "read a backup into an empty city")
    restore_verb.add_argument("file", type=Path)
    restore_verb.add_argument("--replace", action="store_true", help="throw the present database and uploads away first")
    doctor_verb = verb("doctor", lambda options, layout, console: doctor(layout, options.json, console), "what is wrong, and what helps")
    doctor_verb.add_argument("--json", action="store_true")
    verb("lock", _lock, "write requirements/*.txt anew from requirements/*.in (needs uv)")
    return parser


def _demo(options: argparse.Namespace, layout: Layout, console: Console) -> int:
    size = CitySize(options.people, options.cases, options.seed, options.as_of)
    return demo(layout, Address(options.host, options.port), size, options.reset, console, options.lan)


def _prepare(options: argparse.Namespace, layout: Layout, console: Console) -> int:
    """What the owner of the checkout does on a server; the processes run as somebody who may not write there."""
    run_steps([*machine_steps(layout, "base"), pdf_step(console, required=True)], console)
    return 0


def _test(options: argparse.Namespace, layout: Layout, console: Console) -> int:
    return checks.test(layout, options.only, options.rest, console)


def _managed(options: argparse.Namespace, layout: Layout, console: Console) -> int:
    """A verb that is a management command of the same name."""
    return _run_managed([options.verb, *options.rest], layout, console)


def _manage(options: argparse.Namespace, layout: Layout, console: Console) -> int:
    return _run_managed(options.rest, layout, console)


def _run_managed(words: list[str], layout: Layout, console: Console) -> int:
    with open_city(layout, console) as city:
        owner = bool(words) and words[0] in OWNER_COMMANDS
        environment = owner_environment(city.environment, city.database.require_owner()) if owner else city.environment
        if words[:1] == ["city"]:
            environment = city_environment(environment, city.database)
        if city.database.cluster is not None and words[:1] in (["city"], ["packs"], ["audit"]):
            migrate_city(city, console)
        return run_visibly([layout.python, layout.manage, *words], layout.checkout, environment)


def _tour(options: argparse.Namespace, layout: Layout, console: Console) -> int:
    """Against the running city, or one started for the walk."""
    prepare_state(layout)
    found = running_address(layout)
    command = [layout.python, layout.manage, "tour", *options.rest, "--base-url"]
    if found is not None:
        city = City.plan(layout, "demo", found)
        return run_visibly([*command, found.url], layout.checkout, city.environment)
    with only_one(layout):
        city = City.plan(layout, "demo", free_address())
        try:
            set_up_city(city, CitySize(), console)
            with running(city, console):
                return run_visibly([*command, city.address.url], layout.checkout, city.environment)
        finally:
            if city.database.cluster is not None:
                city.database.cluster.stop()


def _bench(options: argparse.Namespace, layout: Layout, console: Console) -> int:
    """A city of its own (kept between runs) in production mode on a free port; only JSON lines go to stdout."""
    parser = argparse.ArgumentParser(prog="./linli bench", allow_abbrev=False)
    parser.add_argument("name")
    parser.add_argument("--people", type=int, default=1_200_000)
    parser.add_argument("--cases", type=int, default=1_000_000)
    chosen, further = parser.parse_known_args(options.rest)
    notes = Console(stream=sys.stderr)
    prepare_state(layout)
    city = City.plan(layout, "production", free_address(), name=f"linli_{chosen.people}_{chosen.cases}")
    city.environment["LINLI_INSECURE_HTTP"] = "1"  # the load client speaks plain HTTP to this machine
    city.environment["LINLI_BASE_URL"] = city.address.url
    try:
        set_up_city(city, CitySize(chosen.people, chosen.cases), notes)
        with running(city, notes):
            words = ["bench", chosen.name, "--people", str(chosen.people), "--cases", str(chosen.cases), *further]
            return run_visibly([layout.python, layout.manage, *words], layout.checkout, city.environment)
    finally:
        if city.database.cluster is not None:
            city.database.cluster.stop()


def _backup(options: argparse.Namespace, layout: Layout, console: Console) -> int:
    if options.file == Path("drill"):
        keys = Path(City.plan(layout, usual_mode()).environment["LINLI_KEYS_FILE"])
        return drill(layout, keys, options.place, console)
    with open_city(layout, console) as city:
        manifest = backup.back_up(city.database, layout.kept_folders, Path(city.environment["LINLI_KEYS_FILE"]), options.file.resolve())
    rows, files = sum(manifest["rows"].values()), len(manifest["sha256"]) - 1
    console.say(f"{options.file}: {rows:,} rows, {files:,} files, checksums read back.")
    console.say(f"It needs the keys {', '.join(manifest['keys'])}, which are not inside: keep the key file in another place.")
    return 0


def _restore(options: argparse.Namespace, layout: Layout, console: Console) -> int:
    prepare_state(layout)
    with only_one(layout), open_city(layout, console) as city:
        backup.verify(options.file)
        if options.replace:
            reset_city(city)
    with only_one(layout), open_city(layout, console) as city:
        manifest = backup.restore(city.database, layout.kept_folders, Path(city.environment["LINLI_KEYS_FILE"]), options.file)
        rows = backup.compare_rows(city.database, manifest)
        shutil.rmtree(city.database.stamps, ignore_errors=True)
        migrate_city(city, console)
        stamp = city.database.stamp("city")
        if stamp is not None:
            stamp.write_text("made", encoding="utf-8")
        # the heads file outside may know batches younger than this backup: say that they were given up on purpose
        run_visibly(
            [layout.python, layout.manage, "audit", "restored", "--reason", f"restored from {options.file.name}"],
            layout.checkout,
            city.environment,
        )
        code = run_visibly([layout.python, layout.manage, "audit", "verify"], layout.checkout, city.environment)
    console.say(f"{rows:,} rows restored as counted in the backup; tables, rights and packs are up to date.")
    return code


def _lock(options: argparse.Namespace, layout: Layout, console: Console) -> int:
    if shutil.which("uv") is None:
        raise LauncherError("`lock` needs uv.", "pip install uv")
    flags = ["--quiet", "--generate-hashes", "--no-header", "--no-emit-index-url", "--python-version", "3.11"]
    for source in sorted((layout.checkout / "requirements").glob("*.in")):
        target = source.with_suffix(".txt")
        names = [path.relative_to(layout.checkout) for path in (source, target)]
        console.say(str(names[1]))
        run_quietly(["uv", "pip", "compile", *flags, names[0], "-o", names[1]], layout.checkout)
    return 0


def free_address(first: int = 8400) -> Address:
    """Two neighbouring free ports."""
    for port in range(first, first + 200, 2):
        try:
            check_port(port)
            check_port(port + 1)
        except LauncherError:
            continue
        return Address(port=port)
    raise LauncherError(f"No free pair of ports from {first} on; {port_owner(first) or 'another program'} holds the first.")
