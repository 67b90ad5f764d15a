"""axe finds nothing against WCAG 2.0 to 2.2, levels A and AA, on full, wrong and open pages, on a phone and on a desk; and nothing sticks out.

The workbench is walked by its own links, one page of every address; `test_every_screen_was_looked_at` compares with the list of addresses.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from playwright.sync_api import Page, expect
from tests.e2e.doors import ALLOWANCE, DESK, PHONE, UNEMPLOYMENT, Office, fits
from tests.e2e.living_city import LivingCity
from tests.house.permission_table import addresses

Open = Callable[..., Page]
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
    "preload": False,
}
SCREENS = [(1366, 768), (360, 640)]
AXE = Axe()

PUBLIC = [
    "/",
    "/matters/",
    "/matters/?q=zzzz",
    f"/matters/{ALLOWANCE}/",
    "/matters/MZ01/",
    "/track/",
    "/verify/",
    "/verify/NOSUCHCODE/",
    "/genuine/",
    "/accounts/sign-in/",
    "/offline/",
    "/desk/sign-in/",
    "/local-gateway/",
    "/nothing/",
]
RESIDENT = [
    "/",
    "/accounts/",
    "/accounts/verify/",
    "/accounts/phone/",
    "/accounts/mandates/",
    "/accounts/passkeys/",
    "/my/cases/",
    "/messages/",
]
CLERK = ["/desk/inbox/?box=all", "/desk/account/passkeys/", "/desk/search/?q=36", "/desk/search/?q=zzzz", "/desk/nothing/"]
ROLES = {
    "clerk": ["/desk/", "/desk/inbox/", "/desk/inbox/?box=all", "/desk/mandates/guardian/", "/desk/mandates/representative/"],
    "supervisor": ["/desk/", "/desk/supervision/", "/desk/supervision/cards/"],
    "caller": ["/desk/", "/desk/evaluation/"],
    "head": ["/desk/", "/desk/matters/", "/desk/matters/editor/"],
    "officer": [
        "/desk/",
        "/desk/imports/",
        "/desk/imports/doubts/",
        "/desk/quality/",
        "/desk/quality/issues/",
        "/desk/quality/comparisons/",
        "/desk/exchange/catalogue/",
        "/desk/imports/connectors/",
        "/desk/imports/layouts/",
        "/desk/imports/layouts/of/police/",
        "/desk/requests/",
        "/desk/retention/",
        "/desk/genuine/",
    ],
    "walker": ["/desk/field/", "/desk/field/notes/"],
    "sysadmin": ["/desk/", "/desk/admin/regions/", "/desk/admin/map-layers/"],
    "secadmin": ["/desk/", "/desk/admin/roles/community_clerk/"],
    "auditor": ["/desk/"],
}
"""Who walks the workbench, and from where."""
MOST_PAGES = 140

NO_PAGE = re.compile(
    r"^(healthz|readyz|metrics|i18n/|api/|ogc/|desk/map/(layers|table)/|robots|\.well-known|sign-on/|accounts/(sign-in|sign-out)/.|elder/|manifest|sw\.js|"
    r"matters/suggest|local-gateway/messages|desk/field/(sync|package|phone|sw|manifest|shell)|desk/(live|files|style-guide|sign-in|sign-out|messages/<)|files/|messages/<)"
    r"|\.zip$|/verdicts/$|/corrections/<slug:source>/file/$|/comparisons/<uuid:pk>/file/$|/layouts/of/<slug:code>/file/$|/(files|papers)/<|/(preview|process)/$|/apply/place/$|/eligibility/$"
)
"""Addresses that answer with something else than a page of ours, or are a step of a page named elsewhere."""
SAME_SCREEN = {
    "my/cases/<uuid:pk>/correct/": "the form of an application, which is looked at",
    "my/cases/<uuid:pk>/paper/": "the form of an application, which is looked at",
    "my/cases/number/": "lead to the pages by key",
    "desk/cases/number/": "leads to the case page",
    "track/close/": "leads back to the first page",
    "track/case/": "the case page of a resident, masked",
    "desk/cases/<uuid:pk>/fee/": "one question on a page of its own, as an extension is asked for",
    "desk/cases/<uuid:pk>/paper/": "one question on a page of its own, as an extension is asked for",
    "desk/cases/<uuid:pk>/tasks/<uuid:task>/form/": "a form drawn like the counter's, which is looked at",
    "desk/admin/accounts/<uuid:pk>/absence/": "one question on a page of its own, as a new account is asked for",
    "desk/admin/accounts/<uuid:pk>/hand-over/": "one question on a page of its own, as a new account is asked for",
    "desk/admin/posts/<uuid:post>/appoint/": "one question on a page of its own, as a new account is asked for",
    "desk/evaluation/<uuid:pk>/": "opened on the walk where the city has a bad rating",
    "desk/admin/regions/<uuid:pk>/outline/": "of grids only; looked at in test_map",
    "desk/quality/comparisons/<uuid:pk>/file/": "a signed file",
    "desk/imports/<uuid:pk>/undo/": "looked at in test_imports",
    "desk/imports/layouts/draft/": "begins with a file; read by imports/tests/test_layouts.py",
    "desk/exports/<uuid:pk>/file/": "the file",
    "desk/requests/<uuid:pk>/file/": "the file",
    "my/data/requests/<uuid:pk>/file/": "the file",
    "my/data/requests/<uuid:pk>/": "drawn of the same parts as a case of one's own; read by privacy/tests/test_requests.py",
    "desk/people/<uuid:pk>/groups/<uuid:group>/end/": "one question on a page of its own, as joining a group is asked for",
    "verify/<str:code>/": "looked at with a code we never gave out",
}
"""Beginnings of addresses that show what another address shows."""
VISITED: set[str] = set()
WALKED: set[str] = set()


def sound(page: Page) -> None:
    """No violation and nothing wider than the screen, on a desk and on a phone."""
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        expect(page.locator("[aria-busy=true]")).to_have_count(0)  # what waits is faded
        found = AXE.run(page, options=RULES).response["violations"]
        told = [f"{v['id']}: {v['nodes'][0]['html'][:160]} ({len(v['nodes'])} times)" for v in found]
        assert not told, f"{page.url} at {width}: {told}"
        fits(page)


def route_of(address: str) -> str:
    try:
        return str(resolve(urlsplit(address).path).route)
    except Resolver404:
        return ""


def visit(page: Page, addresses_: list[str]) -> None:
    for address in addresses_:
        page.goto(address)
        sound(page)
        VISITED.add(route_of(address))


def walk(page: Page, start: list[str], within: str = "/desk/") -> None:
    """From these addresses along the links, to one page of every address that was not looked at yet."""
    waiting, first, met, seen = deque(start), set(start), set[str](), 0
    while waiting and seen < MOST_PAGES:
        address = waiting.popleft()
        route = route_of(address)
        if address in met:
            continue
        met.add(address)
        if not route or NO_PAGE.search(route) or (route in VISITED and address not in first):
            continue
        answer = page.goto(address)
        assert answer is not None
        if answer.status in (403, 404):  # a link for somebody else, which the house tests judge
            continue
        sound(page)
        VISITED.add(route)
        seen += 1
        links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
        found = [urljoin(page.url, link) for link in links if not link.startswith("#")]
        waiting += [where for link in found if (where := urlsplit(link)._replace(scheme="", netloc="").geturl()).startswith(within)]


def test_portal_without_signing_in(open_page: Open, office: Office) -> None:
    page = open_page(DESK)
    visit(page, PUBLIC)
    page.goto("/track/")
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator(".ui-error").first).to_be_visible()
    sound(page)


def test_portal_of_a_resident(at_home: Open, city: LivingCity, office: Office) -> None:
    _, address = office.receive()
    page = at_home("daughter")
    visit(page, RESIDENT)
    walk(page, ["/my/data/", "/my/data/looks/"], within="/my/data/")
    case = address.replace("/desk/cases/", "/my/cases/")
    visit(page, [case, f"{case}receipt/", f"{case}withdraw/"])
    visit(page, [f"/matters/{ALLOWANCE}/apply/", f"/matters/{ALLOWANCE}/apply/?for={city.cast.mother.id}&anyway=1"])
    page.goto(f"/matters/{UNEMPLOYMENT}/apply/?for={city.cast.daughter.id}&anyway=1")
    for _ in range(3):  # with empty and with wrong answers
        with page.expect_navigation():
            page.locator(".form-actions button").last.click()
        sound(page)


def test_a_decided_case_is_rated_and_tracked(at_home: Open, office: Office) -> None:
    number, address = office.receive()
    office.take("reviewer", number, "complete", outcome="agree", opinion="情况属实")
    page = at_home("daughter")
    office.take("decider", number, "complete", outcome="disagree", opinion="不符合发放条件")
    visit(page, [address.replace("/desk/cases/", "/my/cases/") + "rate/"])


def test_workbench_of_a_clerk(at_desk: Open, city: LivingCity, office: Office) -> None:
    _, address = office.receive()
    page = at_desk("clerk")
    visit(
        page,
        [
            *CLERK,
            address,
            f"{address}taken/",
            f"/desk/people/{city.cast.mother.id}/",
            f"/desk/people/{city.cast.mother.id}/values/live_address/",
        ],
    )
    page.goto("/desk/counter/")
    if page.locator("form[action$='/counter/next/']").count():
        page.locator("form[action$='/counter/next/'] button").click()
    visit(page, ["/desk/counter/", "/desk/counter/visitor/new/"])
    page.goto("/desk/counter/")
    page.fill("[name=who]", "36059919450925138")
    page.press("[name=who]", "Enter")
    expect(page.locator(".ui-error").first).to_be_visible()
    sound(page)
    page.fill("[name=who]", city.cast.visitor.id_number)
    page.press("[name=who]", "Enter")
    expect(page.locator("#counter-q")).to_be_visible()
    sound(page)
    visit(page, [f"/desk/counter/{UNEMPLOYMENT}/"])
    with page.expect_navigation():
        page.locator("#linli-form .form-actions button").last.click()
    sound(page)


def test_workbench_dialogs(at_desk: Open, office: Office) -> None:
    _, address = office.receive()
    page = at_desk("clerk")
    page.goto(address)
    page.keyboard.press("?")
    expect(page.locator("#keyboard-help")).to_be_visible()
    sound(page)
    page.keyboard.press("Escape")
    page.locator("[data-dialog-open=reveal]").click()
    expect(page.locator("dialog[open]")).to_be_visible()
    sound(page)
    page.keyboard.press("Escape")
    page.evaluate("document.querySelectorAll('details.case-move').forEach(panel => { panel.open = true; })")
    sound(page)
    page.locator(".desk-burger").click()  # the screen is narrow by now
    sound(page)


def test_a_decision_is_prepared(at_desk: Open, office: Office) -> None:
    number, address = office.receive()
    office.take("reviewer", number, "complete", outcome="agree", opinion="情况属实")
    page = at_desk("decider")
    page.goto(address)
    page.evaluate("document.querySelectorAll('details.case-move').forEach(panel => { panel.open = true; })")
    sound(page)
    walk(page, [address], within=address)  # extending, terminating, the drawing of the process
    page.goto(address)
    form = page.locator("form[action$='/complete/']")
    form.locator("button[type=submit]").click()  # without an outcome
    expect(page.locator(".ui-error").first).to_be_visible()
    sound(page)


def test_the_matter_editor(at_desk: Open) -> None:
    page = at_desk("head")
    visit(page, ["/desk/matters/new/", "/desk/matters/TS01/editions/"])
    page.locator("form[action$='/TS01/open/'] button").click()
    page.wait_for_url("**/TS01/edit/")
    walk(page, ["/desk/matters/TS01/edit/"], within="/desk/matters/")


def test_a_change_of_regions_is_told_before_it_is_made(at_desk: Open) -> None:
    page = at_desk("sysadmin")
    page.goto("/desk/admin/regions/")
    page.locator("[data-rows] a[href*='/admin/regions/']").first.click()
    region = page.url
    page.locator("a[href$='/split/']").click()
    page.locator(".ui-form button[name=more]").click()
    expect(page.locator("[name=code_2]")).to_be_visible()
    page.fill("[name=code_1]", "12")
    page.fill("[name=document]", "余府发〔2026〕1号")
    page.press("[name=code_1]", "Enter")  # Enter goes forward and adds no row
    expect(page.locator(".ui-error").first).to_be_visible()
    sound(page)
    page.fill("[name=code_1]", "360504000000")
    page.fill("[name=name_1]", "北湖新区")
    page.press("[name=name_1]", "Enter")
    expect(page.locator("button[name=confirmed]")).to_be_visible()
    sound(page)
    page.locator("button[name=back]").click()
    expect(page.locator("[name=name_1]")).to_have_value("北湖新区")
    page.goto(f"{region}merge/")
    page.locator(".ui-form button[type=submit]").first.click()  # into nothing, by no document
    expect(page.locator(".ui-error").first).to_be_visible()
    sound(page)


def test_a_merger_is_ordered_and_its_page_tells_when_it_is_done(at_desk: Open) -> None:
    """A neighbour that was split off a moment ago, so that nothing of the city moves."""
    page = at_desk("sysadmin")
    page.goto("/desk/admin/regions/?q=360502001")
    page.locator("[data-rows] a[href*='/admin/regions/']").first.click()
    page.locator("[data-rows] a[href*='/admin/regions/']").first.click()
    region, name = page.url, page.locator("h1").inner_text()
    page.goto(f"{region}split/")
    page.fill("[name=code_1]", "360502001399")
    page.fill("[name=name_1]", "新湖社区")
    page.fill("[name=document]", "余府发〔2026〕2号")
    page.press("[name=document]", "Enter")
    page.locator("button[name=confirmed]").click()
    page.wait_for_url(region)
    page.goto(f"{region}merge/")
    page.locator("[name=region_ids]:checked").uncheck()
    page.locator("label", has_text="新湖社区").locator("input").check()
    page.locator("[name=into_id]").select_option(label=page.locator("[name=into_id] option", has_text=name).inner_text())
    page.fill("[name=document]", "余府发〔2026〕3号")
    page.press("[name=document]", "Enter")
    page.locator("button[name=confirmed]").click()
    page.wait_for_url("**/admin/regions/orders/*/")
    VISITED.add(route_of(page.url))
    expect(page.locator("[role=status] .ui-tone-success")).to_be_visible(timeout=60_000)  # the page fetches it by itself
    expect(page.locator("[hx-trigger]")).to_have_count(0)
    sound(page)
    page.locator("[role=status] a.btn").click()
    page.wait_for_url(region)


def test_the_files_of_a_family(at_desk: Open, city: LivingCity) -> None:
    """A person, her household and her home with every tab and form; and the question for the purpose of those whose daily job it is not."""
    page = at_desk("clerk")
    person = f"/desk/people/{city.cast.mother.id}/"
    page.goto(person)
    tabs = page.eval_on_selector_all("a[href*='tab=']", "all => all.map(a => a.getAttribute('href'))")
    assert tabs
    walk(page, [person, *(urljoin(person, tab) for tab in dict.fromkeys(tabs)), "/desk/people/waiting/"], within="/desk/people/")
    for kind in ("households", "premises"):
        found: list[str] = []
        for tab in dict.fromkeys(tabs):
            page.goto(urljoin(person, tab))
            found += page.eval_on_selector_all(f"a[href^='/desk/{kind}/']", "all => all.map(a => a.getAttribute('href'))")
        assert found, f"the file of a person leads to {kind}"
        walk(page, [found[0]], within=f"/desk/{kind}/")
    visit(page, [f"/desk/requests/new/{city.cast.mother.id}/", f"{person}relations/new/"])
    page.locator("[name=code]").select_option("97")
    page.fill("[name=name]", city.cast.visitor.name)
    page.fill("[name=id_number]", city.cast.visitor.id_number)
    page.locator("form.ui-form button[type=submit]").click()
    page.locator("a[href*='/relations/']:not([href$='/new/'])").first.click()
    sound(page)
    VISITED.add(route_of(page.url))
    visit(at_desk("officer"), [f"/desk/who/other/{city.cast.mother.id}/"])
    reader = at_desk("supervisor")
    reader.goto(person)
    expect(reader.locator("[name=purpose]")).to_be_visible()
    sound(reader)
    VISITED.add(route_of(reader.url))


def test_a_list_leaves_the_house_with_approval(at_desk: Open) -> None:
    page = at_desk("officer")
    page.goto("/desk/exports/")
    page.locator("a[href*='/exports/new/']").first.click()
    VISITED.add(route_of(page.url))
    page.locator("form.ui-form button[type=submit]").click()  # without saying what for
    expect(page.locator(".ui-error").first).to_be_visible()
    sound(page)
    for box in page.locator("[name=columns]").all():
        box.check()
    page.locator("[name=full]").select_option("1")
    page.fill("[name=purpose]", "核对高龄津贴发放名单")
    with page.expect_navigation():
        page.locator("form.ui-form button[type=submit]").click()
    sound(page)
    VISITED.add(route_of(page.url))
    head = at_desk("head")
    head.goto("/desk/exports/approve/")
    head.locator("[data-rows] a").first.click()
    sound(head)
    VISITED.add(route_of(head.url))


def test_an_office_applies_for_what_the_city_shares(at_desk: Open) -> None:
    page = at_desk("officer")
    page.goto("/desk/exchange/catalogue/")
    page.locator("a[href^='/desk/exchange/catalogue/']").last.click()
    page.locator("main a[href$='/apply/']").click()
    page.wait_for_url("**/apply/")
    VISITED.add(route_of(page.url))
    sound(page)
    page.locator("form.ui-form button[type=submit]").click()  # without saying what for
    expect(page.locator(".ui-error").first).to_be_visible()
    sound(page)


def test_organisations_and_facilities(at_desk: Open) -> None:
    """One organisation of a street with all its forms unfolded, entered and corrected wrongly; and a facility."""
    page = at_desk("officer")
    page.goto("/desk/bodies/")
    page.locator("form.ui-filter select[name=region]").select_option(index=1)
    page.locator("form.ui-filter[method=get] button[type=submit]").click()
    sound(page)
    page.locator("[data-rows] a").first.click()
    visit(page, [urljoin(page.url, f"{page.url}said/name/"), page.url])
    for opened in (page.url, urljoin(page.url, "/desk/facilities/")):
        page.goto(opened)
        if "facilities" in opened:
            page.locator("[data-rows] a").first.click()
        page.evaluate("document.querySelectorAll('details.case-move').forEach(panel => { panel.open = true; })")
        sound(page)
        VISITED.add(route_of(page.url))
        page.locator("a[href$='/correct/']").click()
        sound(page)
        VISITED.add(route_of(page.url))
    visit(page, ["/desk/facilities/ownership/"])
    for address in ("/desk/bodies/new/", "/desk/facilities/new/"):
        visit(page, [address])
        page.locator("form.ui-form button[type=submit]").click()
        expect(page.locator(".ui-error").first).to_be_visible()
        sound(page)


@pytest.mark.parametrize("role", ROLES)
def test_the_workbench_along_its_links(role: str, at_desk: Open) -> None:
    walk(at_desk(role), ROLES[role])
    WALKED.add(role)


def test_large_type_has_no_barrier_either(open_page: Open) -> None:
    page = open_page(PHONE)
    page.goto("/")
    page.locator("button[aria-pressed]").tap()
    expect(page.locator("html[data-elder]")).to_be_attached()
    visit(page, ["/", f"/matters/{ALLOWANCE}/", "/track/"])


def test_every_screen_was_looked_at(request: pytest.FixtureRequest) -> None:
    if set(ROLES) != WALKED:
        # run once more alone, after it failed among the others: it must not pass by being skipped
        assert not request.config.getoption("lf", False), "the whole file has to run again"
        pytest.skip("not everybody has walked in this run")
    screens = {a.pattern for a in addresses() if "GET" in methods(a.view) and not NO_PAGE.search(a.pattern)}
    unseen = {pattern for pattern in screens - VISITED if not pattern.startswith(tuple(SAME_SCREEN))}
    assert not unseen, f"no test above opens {sorted(unseen)}: link to them, or name them"


def methods(view: Any) -> set[str]:
    """What `require_http_methods` around a view lets through; everything without it."""
    while view is not None:
        code, cells = getattr(view, "__code__", None), getattr(view, "__closure__", None) or ()
        if code is not None and "request_method_list" in code.co_freevars:
            return set(cells[code.co_freevars.index("request_method_list")].cell_contents)
        view = getattr(view, "__wrapped__", None)
    return {"GET", "POST"}
