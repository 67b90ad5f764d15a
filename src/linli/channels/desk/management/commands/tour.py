"""`./linli tour`: one matter from the portal to the delivered paper, over HTTP, each step with its time. Stops at the first page that is not right."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from linli.channels.desk.engine.browser import Browser, Page, TourError, expect
from linli.foundation.accounts.models import Mandate, PostHolding, User
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor
from linli.foundation.units.queries import resolve
from linli.registry.people.models import Person

MATTER = "MZ06"
PASSWORD = "Linli@2026"  # noqa: S105 - of every demo account; the command refuses to run elsewhere
STEP_LIMIT = 12
CODE_PAUSE = 61


class Command(BaseCommand):
    help = "Walk one matter from door to door against a running demo city."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--base-url", default=settings.SITE_URL)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The tour signs in with demo accounts; it runs in demo mode only.")
        tour = Tour(options["base_url"], self._say_json if options["json"] else self._say)
        try:
            tour.walk()
        except TourError as error:
            raise CommandError(f"the tour stopped: {error}") from error

    def _say(self, step: str, detail: str, ms: float) -> None:
        self.stdout.write(f"{ms:8.0f} ms  {step:<44} {detail}")

    def _say_json(self, step: str, detail: str, ms: float) -> None:
        self.stdout.write(json.dumps({"step": step, "detail": detail, "ms": round(ms)}, ensure_ascii=False))


class Tour:
    """The people of the story and where it stands."""

    def __init__(self, base: str, say: Callable[[str, str, float], None]) -> None:
        self.base, self.say = base, say
        self.number = self.code = ""
        self.words = yaml.safe_load((settings.PACKS_DIR / "national" / "demo" / "tour.yaml").read_text(encoding="utf-8"))
        self._cast()

    def _cast(self) -> None:
        """A mother over eighty, the daughter who holds her mandate, and the people who work where the mother lives."""
        with scoped(system_actor("tour")):
            for mandate in Mandate.objects.filter(revoked_at=None).order_by("since", "id"):
                mother = Person.objects.filter(pk=mandate.grantor_id, died_on=None).first()
                daughter = User.objects.filter(person_id=mandate.grantee_id, kind="citizen").first()
                if mother is not None and daughter is not None:
                    break
            else:
                raise CommandError("The city has no mandate; build the demo city first.")
            path, self.mother = mother.region_path, mother
            self.daughter_phone = daughter.phone
            self.clerk = _holder(resolve("community", "", path), "clerk")
            self.reviewer = _holder(resolve("street", "", path), "reviewer")
            self.decider = _holder(resolve("county", "MZ", path), "decider")
            self.supervisor = _holder(resolve("city", "ZS", path), "supervisor")

    def step(self, name: str, do: Callable[[], str]) -> None:
        begun = time.monotonic()
        detail = do()
        self.say(name, detail, (time.monotonic() - begun) * 1000)

    def walk(self) -> None:
        self.resident, self.staff = (
            Browser(self.base),
            {name: Browser(self.base) for name in ("clerk", "reviewer", "decider", "supervisor")},
        )
        self.step("A visitor opens the portal", lambda: self._open(self.resident, "/", "matters"))
        self.step("She searches by pinyin", self._search)
        self.step("She reads the guide", lambda: self._open(self.resident, f"/matters/{MATTER}/", "apply"))
        self.step("She signs in with a code by SMS", self._sign_in_resident)
        self.step("She applies for her mother", self._apply)
        for name in self.staff:
            self.step(f"The {name} signs in", partial(self._sign_in_staff, name))
        self.step("The clerk finds the case", lambda: self._open_case("clerk"))
        self.step("The clerk asks for one correction", self._correct)
        self.step("The daughter corrects it", self._answer)
        self.step("The clerk accepts; the clock starts", lambda: self._press("clerk", "/accept/"))
        self.step("The clock explains itself", self._explains)
        self.step("The street reviews", lambda: self._complete("reviewer", "agree"))
        self.step("The county decides", lambda: self._complete("decider", "agree"))
        self.step("The supervisor sees it on the board", lambda: self._open(self.staff["supervisor"], "/desk/supervision/", "supervision"))
        self.step("The community hands over the result", lambda: self._complete("clerk", "delivered"))
        self.step("The daughter downloads the result", self._download)
        self.step("She rates the service", self._rate)
        self.step("Anybody follows it by number and code", self._track)

    # -- the resident --------------------------------------------------------------------------------------------------

    def _open(self, browser: Browser, path: str, link: str) -> str:
        page = browser.get(path)
        expect(page.status == 200 and page.links(link), f"a page with a link to {link}", page)
        return page.heading

    def _search(self) -> str:
        page = self.resident.get("/matters/?q=gaoling")
        expect(page.links(f"/matters/{MATTER}/"), "the matter in the results", page)
        return page.url.removeprefix(self.base)

    def _sign_in_resident(self) -> str:
        page = self.resident.get("/accounts/sign-in/")
        seen = set(self._codes())
        form = page.form("sign-in", "phone")
        page = self.resident.submit(form, {"phone": self.daughter_phone})
        if page.status == 429 or "code" not in {n for f in page.tree.forms for n in f.fields}:
            time.sleep(CODE_PAUSE)  # a phone gets one code a minute: the tour was walked a moment ago
            page = self.resident.submit(form, {"phone": self.daughter_phone})
        code = self._wait(lambda: next((c for c in self._codes() if c not in seen), ""), "the SMS with the code")
        page = self.resident.submit(page.form("code", "code"), {"code": code})
        expect(self.resident.get("/accounts/").status == 200, "her account page", page)
        return f"code {code[:2]}****"

    def _codes(self) -> list[str]:
        page = Browser(self.base).get("/local-gateway/")
        tail = self.daughter_phone[-4:]
        return re.findall(r"(?<!\d)(\d{6})(?!\d)", page.text) if tail in page.text else []

    @staticmethod
    def _wait(look: Callable[[], str], what: str, seconds: float = 20) -> str:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = look()
            if found:
                return found
            time.sleep(0.3)
        raise TourError(f"{what} did not come within {seconds:.0f} s")

    def _apply(self) -> str:
        page = self.resident.get(f"/matters/{MATTER}/apply/?for={self.mother.id}")
        for _ in range(STEP_LIMIT):
            if "/receipt/" in page.url:
                break
            page = self.resident.submit(*self._filled(page))
        expect("/receipt/" in page.url, "the receipt", page)
        self.case_path = page.url.removeprefix(self.base).removesuffix("receipt/")
        found = re.search(r"\d{26}", page.text.replace(" ", ""))
        expect(found, "a case number on the receipt", page)
        self.number = found[0] if found else ""
        codes = re.findall(r"(?<!\d)(\d{6})(?!\d)", page.text)
        expect(codes, "a query code on the receipt", page)
        self.code = codes[0]
        return f"case {self.number}"

    def _filled(self, page: Page) -> tuple[Any, dict[str, Any]]:
        """The page's form with sensible answers in what it still asks."""
        form = page.form("apply|correct")
        values: dict[str, Any] = {}
        for element in form.inputs:
            name, kind = element.name or "", element.get("type", "")
            if not name or name.startswith("_") or kind in ("hidden", "submit", "file") or name in values:
                continue
            if name in self.words["answers"]:
                values[name] = self.words["answers"][name]
            elif name in ("applicant_name", "account_owner", "signature__name"):
                values[name] = self.mother.name
            elif kind in ("checkbox",) and name not in ("_correct",):
                values[name] = element.get("value", "on")
        return form, values

    def _answer(self) -> str:
        page = self.resident.get(f"{self.case_path}correct/")
        page = self.resident.submit(*self._filled(page))
        expect(page.status == 200 and "/correct/" not in page.url, "her case page", page)
        return page.heading

    def _download(self) -> str:
        def look() -> str:
            page = self.resident.get(self.case_path)
            for link in reversed(page.links(r"/files/")):
                got = self.resident.get(link)
                if got.content.startswith(b"%PDF"):
                    return f"{len(got.content) // 1024} kB PDF"
            return ""

        return self._wait(look, "the PDF of the result", 40)

    def _rate(self) -> str:
        page = self.resident.get(f"{self.case_path}rate/")
        page = self.resident.submit(page.form("rate", "score"), {"score": "5"})
        expect(page.status == 200, "thanks for the rating", page)
        return "5 of 5"

    def _track(self) -> str:
        visitor = Browser(self.base)
        page = visitor.get("/track/")
        page = visitor.submit(page.form("track", "number"), {"number": self.number, "secret": self.code})
        expect(self.number[-6:] in page.text.replace(" ", ""), "the case", page)
        return page.heading

    # -- the staff -----------------------------------------------------------------------------------------------------

    def _sign_in_staff(self, name: str) -> str:
        browser, username = self.staff[name], str(getattr(self, name))
        page = browser.get("/desk/sign-in/")
        page = browser.submit(page.form("sign-in", "username"), {"username": username, "password": PASSWORD})
        page = browser.get("/desk/")
        expect(page.status == 200 and "sign-in" not in page.url, f"the desk of {username}", page)
        return username

    def _open_case(self, name: str) -> str:
        page = self.staff[name].get(f"/desk/cases/number/{self.number}/")
        expect(page.status == 200 and self.number in page.text.replace(" ", ""), "the case page", page)
        return page.heading

    def _press(self, name: str, action: str, values: dict[str, Any] | None = None) -> str:
        self._open_case(name)
        page = self.staff[name].page
        form = page.form(action)
        ticks = {n: "on" for n in form.fields if n.startswith("seen-")}
        page = self.staff[name].submit(form, {**ticks, **(values or {})})
        expect(page.status == 200, f"the case after {action}", page)
        return page.heading

    def _correct(self) -> str:
        return self._press("clerk", "/correct/", {"items": self.words["correction"]})

    def _complete(self, name: str, outcome: str) -> str:
        return self._press(name, "/complete/", {"outcome": outcome, "opinion": self.words["opinion"]})

    def _explains(self) -> str:
        self._open_case("clerk")
        page = self.staff["clerk"].page
        found = page.tree.xpath("//*[@class='case-why']")
        return str(re.sub(r"\s+", " ", found[0].text_content()).strip()[:90]) if found else page.heading


def _holder(unit: Any, role: str) -> str:
    """The user name of somebody who holds a post of this kind in the unit."""
    if unit is None:
        raise CommandError(f"The city has no unit for the {role}.")
    held = (
        PostHolding.objects.filter(post__unit=unit, post__role_code__contains=role, until=None)
        .select_related("user")
        .order_by("user__username")
        .first()
    )
    if held is None:
        raise CommandError(f"Nobody in {unit} is {role}.")
    return str(held.user.username)
