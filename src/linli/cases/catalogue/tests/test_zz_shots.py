import os, threading
import pytest
from django.test.testcases import LiveServerThread
from django.contrib.staticfiles.handlers import StaticFilesHandler
from linli.cases.catalogue.tests.editing import office
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

def test_shots(fresh_database, settings):
    settings.ALLOWED_HOSTS = ["*"]
    desk = office()
    thread = LiveServerThread("127.0.0.1", StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    assert not thread.error, thread.error
    url = f"http://127.0.0.1:{thread.port}"
    cookie = desk.head.cookies["sessionid"].value
    desk.head.post("/desk/matters/MZ06/open/")
    from playwright.sync_api import sync_playwright
    errors = []
    with sync_playwright() as p:
        b = p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        c = b.new_context(viewport={"width": 1366, "height": 768})
        c.add_cookies([{"name": "sessionid", "value": cookie, "url": url}])
        pg = c.new_page()
        pg.on("console", lambda m: errors.append(f"{pg.url}: {m.type} {m.text}") if m.type in ("error", "warning") else None)
        pg.on("pageerror", lambda e: errors.append(f"{pg.url}: {e}"))
        for n, path in {"list": "editor/", "versions": "MZ06/editions/", "new": "new/", "check": "MZ06/edit/", "basics": "MZ06/edit/basics/", "materials": "MZ06/edit/materials/", "form": "MZ06/edit/form/", "question": "MZ06/edit/form/s/applicant/sex/", "text": "MZ06/edit/form/text/", "decision": "MZ06/edit/decision/", "trydec": "MZ06/try/decision/?fact-birth_date=1940-03-07&fact-month=2026-01-01&fact-hukou_in_city=true&fact-is_alive=true", "tryproc": "MZ06/try/process/?turn=accept~accept", "tryform": "MZ06/try/form/", "papers": "MZ06/edit/papers/decision.html/", "process": "MZ06/edit/process/"}.items():
            pg.goto(f"{url}/desk/matters/{path}")
            pg.wait_for_timeout(1500 if n == "process" else 200)
            pg.screenshot(path=f"/tmp/shots/{n}.png")
        # draw
        pg.click('[data-element-id="street_review"]')
        pg.wait_for_timeout(300)
        pg.fill('[data-linli="days"]', "1")
        pg.keyboard.press("Tab")
        pg.screenshot(path="/tmp/shots/process2.png")
        pg.click("#process-canvas", position={"x": 300, "y": 400}); pg.wait_for_timeout(300)
        pg.click('[data-element-id="county_decide"]')
        pg.select_option('[data-linli="office"]', "")
        pg.wait_for_timeout(300)
        pg.click("#process-form button[type=submit]")
        pg.wait_for_timeout(1500)
        pg.screenshot(path="/tmp/shots/process3.png")
        pg.select_option('[data-linli="office"]', "city")
        pg.wait_for_timeout(300)
        pg.click("#process-form button[type=submit]")
        pg.wait_for_timeout(1500)
        pg.screenshot(path="/tmp/shots/process4.png", full_page=True)
        pg.goto(f"{url}/desk/matters/MZ06/edit/changes/")
        pg.screenshot(path="/tmp/shots/diff.png")
        b.close()
    print("\n".join(errors))
    thread.terminate()
