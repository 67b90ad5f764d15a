"""Every link a message carries leads to a page of ours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from django.urls import Resolver404, resolve

NUMBER = "36050200100120261123000001"
OTHERS = {"order": "01938f5e-7c1a-7d3e-8a55-0c1d2e3f4a5b"}  # named by key, not by a case's number
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("file", sorted(ROOT.glob("packs/*/messages/*.yaml")), ids=lambda path: path.name)
def test_every_link_of_a_message_leads_to_a_page(file: Path) -> None:
    wrong = []
    for message in yaml.safe_load(file.read_text(encoding="utf-8"))["messages"]:
        link = re.sub(r"\{\{ *(\w+) *\}\}", lambda found: OTHERS.get(found[1], NUMBER), message.get("link", ""))
        try:
            if link:
                resolve(link)
        except Resolver404:
            wrong.append(f"{message['key']}: {message['link']}")
    assert not wrong, wrong
