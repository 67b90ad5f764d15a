"""Template context of the shells: menu, links, elder mode, live ticket. Everything is worked out only when a template asks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language

from linli.ui.engine import assets, menu
from linli.ui.engine.addresses import address
from linli.ui.engine.links import links_of
from linli.ui.types import Door, DoorRequest, MenuItem, Text

ELDER_COOKIE = "elder"


@dataclass(frozen=True, slots=True)
class MenuLink:
    """A menu entry with its address; `current` marks the one the page belongs to, `opens` the first of a section."""

    item: MenuItem
    url: str
    current: bool
    opens: Text


def door_of(request: DoorRequest) -> Door:
    """The door a request came through: what the channel's middleware said (`request.door`), else by path."""
    said = getattr(request, "door", None)
    if said is not None:
        return Door(said)
    return Door.DESK if request.path.startswith("/desk") else Door.PORTAL


class Shell:
    """What `ui` means in a template."""

    def __init__(self, request: DoorRequest) -> None:
        self._request = request
        self._actor: Any = getattr(request, "actor", None)

    @cached_property
    def door(self) -> Door:
        return door_of(self._request)

    @cached_property
    def template(self) -> str:
        """The door's shell, for pages that both doors have (error pages)."""
        return f"ui/{self.door}/shell.html"

    @property
    def elder(self) -> bool:
        return self._request.COOKIES.get(ELDER_COOKIE) == "1"

    @cached_property
    def urls(self) -> dict[str, str]:
        """Addresses of the door's links by name; a link the channel did not give is missing."""
        links = links_of(self.door)
        names = ("home", "search", "sign_in", "sign_out", "account", "elder", "language", "manifest", "live_ticket", "offline")
        return {name: address(url_name) for name in names if (url_name := getattr(links, name))}

    @cached_property
    def service_worker(self) -> str:
        """Address of the service worker with what it must know, or empty."""
        links = links_of(self.door)
        if not (links.service_worker and links.offline):
            return ""
        return f"{reverse(links.service_worker)}?{urlencode({'static': static(''), 'offline': self.urls['offline']})}"

    @cached_property
    def person(self) -> str:
        """Name of the signed-in actor, empty when nobody is."""
        describe = links_of(self.door).describe
        return describe(self._actor) if describe and self._actor is not None else ""

    @cached_property
    def live_scope(self) -> str:
        scope = links_of(self.door).live_scope
        return scope(self._actor) if scope and self._actor is not None else ""

    @property
    def live_ticket(self) -> str:
        """Address of the event stream, signed for 60 seconds; a view that serves a live page sets `request.live_ticket`."""
        return str(getattr(self._request, "live_ticket", ""))

    @cached_property
    def sprite(self) -> str:
        return static(assets.sprite_file())

    @cached_property
    def drawn_with(self) -> str:
        """What the parts that are the same on every page depend on: the language and the icons."""
        return f"{get_language()} {self.sprite}"

    @cached_property
    def menu_key(self) -> str:
        """What the menu depends on: the entries and the one the page belongs to."""
        return " ".join(f"{link.item.key}{'*' if link.current else ''}" for link in self.menu)

    @cached_property
    def menu(self) -> list[MenuLink]:
        """The entries this actor may open; the one with the longest address that the page's begins with is the current one."""
        items = menu.for_actor(getattr(self._actor, "permissions", ()) or (), self.door)
        urls = [address(item.url_name) for item in items]
        path = self._request.path
        home = self.urls.get("home")
        current = max((url for url in urls if path == url or (url != home and path.startswith(url))), key=len, default="")
        links: list[MenuLink] = []
        section: Text = ""
        for item, url in zip(items, urls, strict=True):
            opens = item.section if str(item.section) != str(section) else ""
            section = item.section
            links.append(MenuLink(item=item, url=url, current=url == current, opens=opens))
        return links


def shell(request: DoorRequest) -> dict[str, object]:
    """Context processor: `ui` in every template."""
    return {"ui": Shell(request)}
