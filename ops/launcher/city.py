"""Setting up a city and running it: `demo`, `bench`, `tour` and the short verbs share this."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from launcher.console import Console
from launcher.database import CitySize, Database, city_note, city_step, describe_database, drop_database, schema_steps, start_database
from launcher.environment import Address, product_environment, usual_mode
from launcher.errors import LauncherError
from launcher.keys import ensure_keys
from launcher.lan import Lan, certified, lan_children, plan_lan
from launcher.layout import DATABASE, Layout
from launcher.locks import announce, one_set_up, only_one
from launcher.machine import check_disk, check_port, check_python, ensure_pdf_tools, ensure_postgres
from launcher.packages import catalogues_step, frontend_build_step, frontend_packages_step, pip, python_step
from launcher.processes import allow_many_files
from launcher.services import city_children, wait_until_ready
from launcher.shell import run_quietly
from launcher.steps import Step, run_steps
from launcher.supervise import Child, Supervisor


@dataclass
class City:
    """One database of this checkout with the environment its programs get."""

    layout: Layout
    database: Database
    address: Address
    environment: dict[str, str]

    @classmethod
    def plan(cls, layout: Layout, mode: str, address: Address | None = None, name: str = DATABASE) -> City:
        place = address or Address()
        database = describe_database(layout, name)
        return cls(layout, database, place, product_environment(layout, database.app_url, mode, place))


def machine_steps(layout: Layout, kind: str) -> list[Step]:
    """Python, disk, packages, front-end, translations."""

    def check() -> None:
        check_python()
        check_disk(layout.checkout, layout.state)

    return [
        Step("Python and disk", check),
        python_step(layout, kind),
        frontend_packages_step(layout),
        frontend_build_step(layout),
        catalogues_step(layout),
    ]


def pdf_step(console: Console, required: bool) -> Step:
    """Fonts and Pango. The demo goes on without them (results then lack their PDF), tests do not."""

    def run() -> None:
        try:
            ensure_pdf_tools()
        except LauncherError as error:
            if required:
                raise
            console.warn(str(error))

    return Step("Chinese fonts and PDF", run)


def database_step(city: City) -> Step:
    def run() -> None:
        if city.database.cluster is not None:
            ensure_postgres(pip(city.layout), city.layout.checkout / "requirements" / "postgres.txt")
        start_database(city.database)

    return Step("PostgreSQL" if city.database.cluster is not None else "Database (DATABASE_URL)", run)


def prepare_state(layout: Layout) -> None:
    """State folders, and keys unless the operator keeps them elsewhere."""
    layout.prepare()
    if not {"LINLI_KEYS_FILE", "LINLI_SECRET_KEY_FILE"} <= os.environ.keys():
        ensure_keys(layout.keys)


def set_up_city(city: City, size: CitySize, console: Console) -> None:
    """Everything `demo` and `bench` need before the processes start. Leaves the database running."""
    layout = city.layout
    steps = [*machine_steps(layout, "base"), pdf_step(console, required=False), database_step(city)]
    steps += [*schema_steps(layout, city.database, city.environment), city_step(layout, city.database, city.environment, size, console)]
    with one_set_up(layout):
        run_steps(steps, console)
    note = city_note(city.database, size)
    if note:
        console.warn(note)


def reset_city(city: City) -> None:
    """Throw the private database, the uploads and the audit heads away; keys and packages stay."""
    if city.database.cluster is None:
        raise LauncherError("--reset does not touch the operator's database.", "Drop and create it with your own tools.")
    if city.database.cluster.is_initialised():
        city.database.cluster.start()
        drop_database(city.database)
    for folder in city.layout.kept_folders.values():
        shutil.rmtree(folder, ignore_errors=True)
    city.layout.prepare()


def demo(layout: Layout, address: Address, size: CitySize, reset: bool, console: Console, lan_address: str | None = None) -> int:
    """Set up, run and supervise until Ctrl-C or SIGTERM. ``lan_address``: also for phones (`lan`), "" at the usual address."""
    began = time.monotonic()
    check_python()
    prepare_state(layout)
    stop = StopRequest()
    lan = None if lan_address is None else plan_lan(layout, lan_address, address)
    with only_one(layout):
        for place in (address, *([lan.address] if lan else [])):
            check_port(place.port, place.host)
            check_port(place.events_port, place.host)
        city = City.plan(layout, "demo", address)
        try:
            if reset:
                reset_city(city)
            set_up_city(city, size, console)
            if lan is not None:
                lan = certified(layout, lan)
            further = lan_children(layout, city.environment, lan, address) if lan else ()
            with running(city, console, stop, further) as supervisor:
                announce(layout, address)
                _greet(city, time.monotonic() - began, console)
                if lan is not None:
                    _greet_phones(lan, console)
                stop.quietly()
                supervisor.run(until=lambda: stop.asked)
                console.say("Stopping ...")
        finally:
            if city.database.cluster is not None:
                city.database.cluster.stop()
    console.say("Stopped.")
    return 0


@contextmanager
def running(city: City, console: Console, stop: StopRequest | None = None, further: Sequence[Child] = ()) -> Iterator[Supervisor]:
    """Web, worker and events up and ready inside the block; stopped, the database last, after it."""
    children = [*city_children(city.layout, city.database, city.environment, city.address), *further]
    supervisor = Supervisor(children, console, city.layout.logs)
    allow_many_files()
    try:
        supervisor.start()
        wait_until_ready(city.layout, city.address, supervisor.tick)
        yield supervisor
    finally:
        if stop is not None:
            stop.quietly()
        supervisor.stop()


@contextmanager
def open_city(layout: Layout, console: Console) -> Iterator[City]:
    """Packages and database for a short verb; a database that was not running is stopped again."""
    check_python()
    prepare_state(layout)
    city = City.plan(layout, usual_mode())
    packages = python_step(layout, "base")
    with one_set_up(layout):
        if not packages.is_done() and not python_step(layout, "dev").is_done():
            run_steps([packages], console)
        if city.database.cluster is not None:
            ensure_postgres(pip(layout), layout.checkout / "requirements" / "postgres.txt")
        start_database(city.database)
    try:
        yield city
    finally:
        if city.database.cluster is not None:
            city.database.cluster.stop()


def migrate_city(city: City, console: Console) -> None:
    """Tables, rights and packs brought up to date, said only where something is to do."""
    steps = schema_steps(city.layout, city.database, city.environment)
    if not all(step.is_done() for step in steps):
        run_steps(steps, console)


class StopRequest:
    """SIGTERM and Ctrl-C: during set-up they interrupt it, while the city runs they end the watch once and cleanly."""

    def __init__(self) -> None:
        self.asked = False
        self._quiet = False
        signal.signal(signal.SIGTERM, self._on_signal)
        signal.signal(signal.SIGINT, self._on_signal)

    def quietly(self) -> None:
        """From here on only note the wish."""
        self._quiet = True

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.asked = True
        if not self._quiet:
            raise KeyboardInterrupt


def _greet(city: City, seconds: float, console: Console) -> None:
    console.say()
    console.say(f"Linli is ready:  portal {city.address.url}/   desk {city.address.url}/desk/   (after {seconds:.0f} s)")
    console.say(f"Logs: {city.layout.logs}   Stop: Ctrl-C")
    accounts = list((city.layout.checkout / "src").glob("linli/**/management/commands/demo_accounts.py"))
    if accounts:
        console.say()
        console.say(run_quietly([city.layout.python, city.layout.manage, "demo_accounts"], city.layout.checkout, city.environment).rstrip())


def _greet_phones(lan: Lan, console: Console) -> None:
    console.say()
    console.say(f"For phones in this network:  {lan.url}/   visits {lan.url}/desk/field/")
    console.say(f"Fingerprint (SHA-256) of its certificate: {lan.fingerprint}")
    console.say(f"Phones keep nothing off line before they trust {lan.authority} (docs/how-to/visits-on-the-phone.md)")
    console.say(lan.qr)
