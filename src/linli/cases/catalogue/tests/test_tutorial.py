"""docs/tutorials/add-a-matter.md: the files it prints are a ninth matter, complete enough to publish."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from linli.cases.casefile.tests.factories import LOADER
from linli.cases.catalogue.actions import load_matters
from linli.cases.catalogue.queries import current_definition
from linli.foundation.scope.actions import scoped

TUTORIAL = Path(settings.PACKS_DIR).parent / "docs" / "tutorials" / "add-a-matter.md"


@pytest.mark.django_db
def test_the_printed_files_publish_a_ninth_matter(tmp_path: Path) -> None:
    printed = re.findall(r"^`packs/national/(matters/[^`]+)`.*?```\w+\n(.*?)```", TUTORIAL.read_text(encoding="utf-8"), re.S | re.M)
    assert [Path(name).name for name, _ in printed] == ["matter.yaml", "form.yaml", "process.bpmn"]
    for name, text in printed:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (tmp_path / "papers").symlink_to(Path(settings.PACKS_DIR) / "national" / "papers")
    with scoped(LOADER):
        assert load_matters(tmp_path, LOADER) == (1, 0)
        assert load_matters(tmp_path, LOADER) == (0, 1)
        chosen = current_definition("MZ14")
    assert list(chosen.process.steps) == ["accept", "decide", "deliver"]
    assert "decision.html" in chosen.papers
