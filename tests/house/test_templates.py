"""Templates: nothing inline that the content security policy forbids, nothing borrowed from another app."""

from __future__ import annotations

import re
from pathlib import Path

from tests.house.source import files, short, text, told

INCLUDE = re.compile(r"{%-?\s*(?:include|extends|partial)\s+[\"']([^\"']+)[\"']")
INLINE = {
    "a <style> block": re.compile(r"<style[\s>]", re.I),
    "a style attribute": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.I),
    "an event attribute": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.I),
    "hx-on, which is evaluated": re.compile(r"\shx-on[:=-]", re.I),
    "a javascript: address": re.compile(r"[\"']\s*javascript:", re.I),
}
SCRIPT = re.compile(r"<script\b([^>]*)>", re.I)
PAPER = {"papers", "pdf"}  # folders of documents that are printed to PDF on the server and never shown by a browser


def templates() -> list[Path]:
    return list(files("src/linli/**/templates/**/*.html"))


def owner(path: Path) -> str:
    """Label of the app a template belongs to."""
    return path.parts[path.parts.index("templates") - 1]


def test_templates_do_not_borrow_from_other_apps() -> None:
    wrong = []
    for path in templates():
        for name in INCLUDE.findall(text(path)):
            first = name.split("/")[0].split("#")[0]
            home = path.parts[path.parts.index("templates") + 1]
            if "/" in name and first not in {"ui", owner(path), home}:
                wrong.append(f"{short(path)}: {name}")
    assert not wrong, told(wrong, "Include ui components or the app's own templates; another app renders its part (a registered panel).")


def test_templates_stand_in_a_folder_of_their_own() -> None:
    taken: dict[str, set[str]] = {}
    for path in templates():
        below = path.parts[path.parts.index("templates") + 1 :]
        if len(below) > 1:
            taken.setdefault(below[0], set()).add(owner(path))
    wrong = [f"templates/{folder}: {sorted(apps)}" for folder, apps in taken.items() if len(apps) > 1]
    assert not wrong, told(wrong, "Two apps share a template folder: put templates below templates/<app>/.")


def test_nothing_is_inline() -> None:
    wrong = []
    for path in templates():
        if PAPER & set(path.parts):
            continue
        body = re.sub(r"{%-? comment.*?endcomment %}|{#.*?#}|{%.*?%}|{{.*?}}", "", text(path), flags=re.S)
        wrong += [f"{short(path)}: {what}" for what, pattern in INLINE.items() if pattern.search(body)]
        for attributes in SCRIPT.findall(body):
            if "src=" not in attributes and "json" not in attributes:
                wrong.append(f"{short(path)}: an inline script")
    assert not wrong, told(wrong, "The content security policy forbids it: use a class, a data attribute and a module of frontend/src.")
