"""Every permission of a role has words, and the words keep business and administration apart."""

from __future__ import annotations

from pathlib import Path

import yaml
from django.conf import settings

from linli.foundation.access.engine.permissions import ADMINISTRATORS_ONLY, BUSINESS, GROUPS, WORDS, in_words


def test_every_permission_of_the_packs_is_explained() -> None:
    missing = set()
    for path in Path(settings.PACKS_DIR).glob("*/roles.yaml"):
        for role in yaml.safe_load(path.read_text(encoding="utf-8"))["roles"]:
            missing |= set(role["permissions"]) - set(WORDS)
            wrong = ADMINISTRATORS_ONLY if role.get("business", True) else BUSINESS - {"export.approve"}
            assert not set(role["permissions"]) & wrong, role["code"]
    assert not missing, "say in engine/permissions.py what these mean"
    assert sum(len(group) for group in GROUPS.values()) == len(WORDS), "a permission stands under one heading"


def test_a_permission_without_words_is_still_shown() -> None:
    assert in_words(["cases.view", "new.thing"])[-1] == ("", [("new.thing", "new.thing")])
    assert in_words([]) == []
