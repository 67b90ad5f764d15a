"""The map in a browser without a graphics card: layers under the reader's rights, groups that open, a link to follow; a corner of a grid is moved by
keys and by hand, its consequences are shown, the order is carried out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from math import asinh, pi, radians, tan
from typing import Any

from playwright.sync_api import Page, Position, expect
from tests.e2e.doors import PHONE
from tests.e2e.living_city import LivingCity
from tests.e2e.test_accessible import sound

Open = Callable[..., Page]
READY_MS, JOBS_MS = 30_000, 60_000


def ready(page: Page) -> None:
    """Everything in view is fetched and drawn."""
    expect(page.locator("[data-map][data-state=ready]")).to_be_visible(timeout=READY_MS)


def no_outside(page: Page) -> list[str]:
    """Addresses of other hosts that the page asks for from now on."""
    asked: list[str] = []
    page.on(
        "request", lambda request: None if request.url.startswith(("http://127.0.0.1", "blob:", "data:")) else asked.append(request.url)
    )
    return asked


def test_layers_groups_and_the_link_of_a_home(at_desk: Open, city: LivingCity) -> None:
    page = at_desk("supervisor")
    outside, said = no_outside(page), list[str]()
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.goto("/desk/")
    page.locator("a[href='/desk/map/']").first.click()
    ready(page)
    expect(page.locator("[data-map-failed]")).to_be_hidden()
    sound(page)
    page.set_viewport_size({"width": 1366, "height": 768})
    switch_on_homes(page)
    page.goto(f"/desk/map/?region={a_grid(page, city)}&layers=grids,homes")
    ready(page)
    nearer_to_a_home(page)
    row = page.locator("[data-map-table] tbody a[href*='/desk/']").first
    expect(row).to_be_visible()
    page.locator("[data-map-panel] a").first.click()
    expect(page.locator("h1")).to_be_visible()
    assert "/desk/map/" not in page.url or "/regions/" in page.url
    assert not outside, outside
    assert not said, said


def switch_on_homes(page: Page) -> None:
    """Off and on again: the link of the page follows."""
    box = page.locator("input[data-layer=homes]")
    box.uncheck()
    page.wait_for_url(lambda url: "layers=" in url and "homes" not in url)
    ready(page)
    box.check()
    page.wait_for_url(lambda url: "homes" in url)
    ready(page)
    assert re.search(r"#[\d.]+/[\d.]+/[\d.]+", page.url), page.url


def a_grid(page: Page, city: LivingCity) -> str:
    """The first grid of the place where the demo's people live, by its page's link."""
    page.goto("/desk/map/?q=360502")
    link = page.locator(".map-found a").first.get_attribute("href") or ""
    page.goto(link.replace("/desk/map/?region=", "/desk/map/regions/") + "/")
    for _ in range(3):
        if page.locator("tbody[data-rows] a").count():
            page.locator("tbody[data-rows] a").first.click()
    return page.url.rstrip("/").rpartition("/")[2]


def nearer_to_a_home(page: Page) -> None:
    """Groups are clicked until the panel names what stands there."""
    canvas = page.locator(".maplibregl-canvas")
    for _ in range(12):
        at = spot(page)
        canvas.click(position=at)
        page.wait_for_timeout(900)
        if page.locator("[data-map-panel] a").count() and page.locator("[data-map-panel]").is_visible():
            return
        ready(page)
    raise AssertionError("no group opened as far as a home")


def spot(page: Page) -> Position:
    """Where the first home or number of the layer lies on the canvas, from what the page was given and its own address (#zoom/latitude/longitude)."""
    box = page.locator(".maplibregl-canvas").bounding_box()
    assert box is not None
    zoom, latitude, longitude = map(float, page.url.partition("#")[2].split("/"))
    found = page.evaluate(
        """async ([w, h]) => {
            const [zoom, lat, lng] = location.hash.slice(1).split('/').map(Number);
            const span = 360 / (512 * 2 ** zoom);
            const box = [lng - span * w / 2, lat - span * h / 2.4, lng + span * w / 2, lat + span * h / 2.4].map((n) => n.toFixed(5)).join(',');
            const answer = await fetch(`/desk/map/layers/homes/?bbox=${box}&zoom=${zoom}`);
            return (await answer.json()).features.map((one) => one.geometry.coordinates);
        }""",
        [box["width"], box["height"]],
    )
    assert found, page.url
    return min((_pixel(x, y, zoom, latitude, longitude, box) for x, y in found), key=lambda at: abs(at["x"] - box["width"] / 2))


def _pixel(x: float, y: float, zoom: float, latitude: float, longitude: float, box: Any) -> Position:
    """Web Mercator, tiles of 512."""
    world = 512 * 2**zoom

    def north(degrees: float) -> float:
        return asinh(tan(radians(degrees))) / (2 * pi)

    return {"x": box["width"] / 2 + (x - longitude) / 360 * world, "y": box["height"] / 2 - (north(y) - north(latitude)) * world}


def test_a_corner_of_a_grid_is_moved_and_the_order_carried_out(at_desk: Open, city: LivingCity) -> None:
    reader = at_desk("supervisor")
    grid = a_grid(reader, city)
    page = at_desk("sysadmin")
    page.goto(f"/desk/admin/regions/{grid}/")
    page.locator("a[href$='/outline/']").click()
    expect(page.locator("[data-outline-map][data-state=ready]")).to_be_visible(timeout=READY_MS)
    sound(page)
    page.set_viewport_size({"width": 1366, "height": 768})
    text = page.locator("textarea[name=outline]")
    before = json.loads(text.input_value())
    corner = page.locator(".map-vertex:not(.map-middle)").first
    corner.focus()
    page.keyboard.press("Shift+ArrowUp")
    after_keys = json.loads(text.input_value())
    assert len(points(after_keys) ^ points(before)) == 2, "one corner went, one came"
    drag(page)
    after_drag = json.loads(text.input_value())
    assert points(after_drag) != points(after_keys)
    text.evaluate("(area, outline) => { area.value = outline; area.dispatchEvent(new Event('change')); }", json.dumps(shrunk(before)))
    page.locator("[name=document]").fill("余民字〔2026〕8号")
    page.locator("form.ui-form button[type=submit]").click()
    expect(page.locator("[data-moved]").first).to_be_visible()
    sound(page)
    page.locator("button[name=confirmed]").click()
    page.wait_for_url(re.compile(r"/desk/admin/regions/orders/"))
    expect(page.locator("#state-title ~ *, .ui-tone-success").first).to_be_visible()
    expect(page.locator(".ui-tone-success").first).to_be_visible(timeout=JOBS_MS)
    page.goto(f"/desk/admin/regions/{grid}/outline/")
    assert points(json.loads(page.locator("textarea[name=outline]").input_value())) == points(shrunk(before))


def points(outline: Any) -> set[tuple[float, float]]:
    return {tuple(round(n, 4) for n in point) for point in outline["coordinates"][0]}


def shrunk(outline: Any) -> Any:
    """A twentieth smaller around its middle: inside its community, overlapping nobody."""
    ring = outline["coordinates"][0]
    x, y = (sum(point[n] for point in ring[:-1]) / (len(ring) - 1) for n in (0, 1))
    return {"type": "Polygon", "coordinates": [[[round(x + (a - x) * 0.95, 5), round(y + (b - y) * 0.95, 5)] for a, b in ring]]}


def drag(page: Page) -> None:
    """The first corner that lies free inside the map, some pixels to the side."""
    box = page.locator("[data-outline-map]").bounding_box()
    assert box is not None
    page.locator("[data-outline-map]").scroll_into_view_if_needed()
    for corner in page.locator(".map-vertex:not(.map-middle)").all():
        at = corner.bounding_box()
        if at is not None:
            page.mouse.move(at["x"] + 12, at["y"] + 12)
            page.mouse.down()
            page.mouse.move(at["x"] + 22, at["y"] + 17, steps=4)
            page.mouse.up()
            return


def test_the_map_on_a_phone_and_without_webgl(open_page: Open, city: LivingCity, states: dict[str, Any], at_desk: Open) -> None:
    at_desk("supervisor")
    page = open_page(PHONE, storage_state=states[city.cast.supervisor])
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto("/desk/map/")
    expect(page.locator("[data-map-failed]")).to_be_visible()
    expect(page.locator("[data-map-table] tbody a").first).to_be_visible()
    sound(page)
