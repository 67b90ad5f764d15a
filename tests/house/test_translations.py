"""Catalogues are complete: no missing and no fuzzy entry, and placeholders survive translation."""

from __future__ import annotations

import re

import pytest
from babel.messages.pofile import read_po
from tests.house.source import files, short, told

CATALOGUES = files("locale/zh_Hans/LC_MESSAGES/*.po")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|{\w+}")


@pytest.mark.skipif(not CATALOGUES, reason="the Chinese catalogue has not been started")
def test_the_chinese_catalogue_is_complete() -> None:
    wrong = []
    for path in CATALOGUES:
        with path.open("rb") as file:
            for message in read_po(file, locale="zh_Hans"):
                if not message.id:
                    continue
                said = message.string if isinstance(message.string, tuple) else (message.string,)
                if message.fuzzy or not all(said):
                    wrong.append(f"{short(path)}: {'fuzzy' if message.fuzzy else 'missing'}: {message.id!r}")
                elif not isinstance(message.id, tuple) and _placeholders(message.id) != _placeholders(said[0]):
                    wrong.append(f"{short(path)}: other placeholders: {message.id!r}")
    assert not wrong, told(wrong[:40], "Translate the entry in locale/ and take the fuzzy mark away.")


def _placeholders(words: object) -> set[str]:
    return set(PLACEHOLDER.findall(str(words)))
