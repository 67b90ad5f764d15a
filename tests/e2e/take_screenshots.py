"""Pictures of the README, taken from a city of its own: `.venv/bin/python tests/e2e/take_screenshots.py` writes docs/images/*.png.

The front-end must be built and the catalogue compiled (`./linli demo` does both).
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "ops"), str(ROOT)]
os.environ["LINLI_MODE"] = "test"

from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402
from tests.e2e.doors import CHROMIUM_FLAGS, DESK, UNEMPLOYMENT, Office, sign_in_desk  # noqa: E402
from tests.e2e.living_city import LivingCity, living_city  # noqa: E402

from launcher.postgres import Cluster  # noqa: E402

IMAGES = ROOT / "docs" / "images"
PEOPLE, CASES = 3_000, 1_500
LARGEST = 250_000  # bytes
NARROW: dict[str, Any] = {"viewport": {"width": 360, "height": 760}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with private_cluster() as cluster, living_city(cluster, people=PEOPLE, cases=CASES) as city, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS)
        portal(browser, city)
        workbench(browser, city)
        browser.close()


@contextmanager
def private_cluster() -> Iterator[Cluster]:
    """A cluster holding the migrated template that the tests keep."""
    tests = root_conftest()
    folder = tests._work_folder()
    tests._write_keys(folder)
    template = tests._make_template(folder)
    home = Path(tempfile.mkdtemp(prefix="pictures-", dir=folder))
    home.chmod(0o755)
    subprocess.run(["cp", "-a", str(template / "data"), str(home / "data")], check=True)
    cluster = Cluster(home / "data", home / "s")
    cluster.start(settings=tests.FAST)
    try:
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(home, ignore_errors=True)


def root_conftest() -> ModuleType:
    spec = importlib.util.spec_from_file_location("root_conftest", ROOT / "conftest.py")
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def picture(page: Page, name: str) -> None:
    page.wait_for_timeout(700)  # the live stream keeps the network busy for ever
    page.evaluate("document.fonts.ready")
    target = IMAGES / f"{name}.png"
    page.screenshot(path=str(target))
    size = target.stat().st_size
    assert size < LARGEST, f"{target} has {size} bytes"
    print(f"{name}.png {size // 1024} kB")


def new_page(browser: Browser, city: LivingCity, device: dict[str, Any]) -> Page:
    return browser.new_context(base_url=city.base, locale="zh-CN", timezone_id="Asia/Shanghai", **device).new_page()


def portal(browser: Browser, city: LivingCity) -> None:
    page = new_page(browser, city, NARROW)
    for name, address in (("portal-home", "/"), ("portal-guide", "/matters/MZ06/")):
        page.goto(address)
        picture(page, name)


def workbench(browser: Browser, city: LivingCity) -> None:
    number, _ = Office(city).receive()
    reviewer = new_page(browser, city, DESK)
    sign_in_desk(reviewer, city.cast.reviewer, city.password)
    reviewer.goto("/desk/inbox/?box=unit")
    picture(reviewer, "desk-inbox")
    reviewer.goto(f"/desk/cases/number/{number}/")
    picture(reviewer, "desk-case")
    clerk = new_page(browser, city, DESK)
    sign_in_desk(clerk, city.cast.clerk, city.password)
    clerk.goto("/desk/counter/")
    clerk.fill("[name=who]", city.cast.visitor.id_number)
    clerk.press("[name=who]", "Enter")
    clerk.wait_for_selector("#counter-q")
    clerk.goto(f"/desk/counter/{UNEMPLOYMENT}/")
    picture(clerk, "desk-counter")
    supervisor = new_page(browser, city, DESK)
    sign_in_desk(supervisor, city.cast.supervisor, city.password)
    supervisor.goto("/desk/supervision/")
    picture(supervisor, "desk-board")


if __name__ == "__main__":
    main()
