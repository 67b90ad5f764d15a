"""Single sign-on in Chromium: the administrator adds a system, somebody who works here signs in on the way there.

The system answers at 127.0.0.1 and the city is visited as localhost, so that to the browser they are two sites and the form policy counts.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import Browser, Page
from tests.e2e.doors import DESK, TIMEOUT_MS
from tests.e2e.living_city import LivingCity
from tests.e2e.test_accessible import sound

NAME = "协同办公系统"
VERIFIER = "verifier-" * 6


def add_system(page: Page, back: str) -> tuple[str, str]:
    """By the form on the desk: (client_id, client_secret)."""
    page.goto("/desk/admin/systems/new/")
    page.fill("[name=name]", NAME)
    page.fill("[name=redirect_uris]", back)
    page.check("[name=scopes][value=profile]")
    page.check("[name=scopes][value=unit]")
    sound(page)
    page.click("main form button[type=submit]")
    page.wait_for_selector(".ui-notice code")
    sound(page)
    client_id, secret = page.locator(".ui-notice code").all_inner_texts()
    return client_id, secret


def test_staff_sign_in_on_the_way_to_another_system(at_desk: Callable[..., Page], browser: Browser, city: LivingCity) -> None:
    back = f"{city.base}/another/system/"
    client_id, secret = add_system(at_desk("sysadmin"), back)
    context = browser.new_context(base_url=city.base.replace("127.0.0.1", "localhost"), locale="zh-CN", **DESK)
    context.set_default_timeout(TIMEOUT_MS)
    page = context.new_page()
    challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": back,
        "scope": "openid profile unit",
        "state": "abc",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    page.goto(f"/sign-on/authorize/?{urlencode(asked)}")
    page.fill("[name=username]", city.cast.reviewer)
    page.fill("[name=password]", city.password)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/sign-on/authorize/**")
    assert NAME in page.locator("main").inner_text()
    sound(page)
    page.click("main form button[type=submit]")
    page.wait_for_url(f"{back}?**")
    said = parse_qs(urlsplit(page.url).query)
    assert said["state"] == ["abc"]
    form: dict[str, Any] = {
        "grant_type": "authorization_code",
        "code": said["code"][0],
        "redirect_uri": back,
        "code_verifier": VERIFIER,
        "client_id": client_id,
        "client_secret": secret,
    }
    token = page.request.post("/sign-on/token/", form=form).json()["access_token"]
    about = page.request.get("/sign-on/userinfo/", headers={"Authorization": f"Bearer {token}"}).json()
    assert about["preferred_username"] == city.cast.reviewer and about["unit"]
    page.goto(f"/sign-on/authorize/?{urlencode(asked)}")
    assert page.url.startswith(f"{back}?"), "signed in already: straight on"
    context.close()
