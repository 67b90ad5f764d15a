"""Templates of packs: reading their files and filling in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from linli.foundation.messages.types import CHANNELS, Wording
from linli.lib.errors import Invalid

_PLACE = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")
_BREAKS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


def read_pack(folder: Path) -> list[Wording]:
    """Templates of every YAML file of a pack's `messages` folder. `Invalid` MESSAGE_PACK naming file, key and what is wrong."""
    found: dict[tuple[str, str], Wording] = {}
    for path in sorted(folder.glob("*.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        if not isinstance(content, dict) or not isinstance(content.get("messages"), list):
            raise _wrong(path, "", "a mapping with a list called messages is expected")
        allowed = set(content.get("variables") or [])
        for entry in content["messages"]:
            for wording in _entry(path, entry, allowed):
                if (wording.key, wording.channel) in found:
                    raise _wrong(path, wording.key, f"the channel {wording.channel} is there twice")
                found[wording.key, wording.channel] = wording
    return list(found.values())


def _entry(path: Path, entry: Any, allowed: set[str]) -> list[Wording]:
    key = str(entry.get("key", "")) if isinstance(entry, dict) else ""
    if not key:
        raise _wrong(path, key, "an entry has no key")
    unknown = set(entry) - {"key", "link", *CHANNELS}
    if unknown:
        raise _wrong(path, key, f"unknown: {', '.join(sorted(unknown))}")
    result = []
    for channel in CHANNELS:
        said = entry.get(channel)
        if said is None:
            continue
        if not isinstance(said, dict) or not str(said.get("body", "")).strip():
            raise _wrong(path, key, f"{channel} has no body")
        wording = Wording(key, channel, str(said["body"]).strip(), str(said.get("subject", "")), str(entry.get("link", "")))
        foreign = {name for text in (wording.body, wording.subject, wording.link) for name in _PLACE.findall(text)} - allowed
        if foreign:
            raise _wrong(path, key, f"not among the variables: {', '.join(sorted(foreign))}")
        result.append(wording)
    if not result:
        raise _wrong(path, key, "no channel has a text")
    return result


def _wrong(path: Path, key: str, what: str) -> Invalid:
    return Invalid("MESSAGE_PACK", "%(file)s, %(key)s: %(what)s", data={"file": path.name, "key": key or "-", "what": what})


def render(text: str, params: Mapping[str, object], *, one_line: bool = False) -> str:
    """Fill ``{{ name }}``. `Invalid` MESSAGE_PARAM when one is missing: a message with a hole is not sent.

    Values are text, never templates themselves; ``one_line`` takes out line breaks (subjects, text messages).
    """

    def fill(match: re.Match[str]) -> str:
        if params.get(match[1]) is None:
            raise Invalid("MESSAGE_PARAM", "The message lacks a value for %(name)s.", data={"name": match[1]})
        value = str(params[match[1]])
        return _BREAKS.sub(" ", value) if one_line else value

    return _PLACE.sub(fill, text)
