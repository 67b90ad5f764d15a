"""`{% asset %}` and `{% icon %}` read the build's manifest."""

import json
import os
from pathlib import Path

import pytest
from django.template import Context, Template

from linli.lib.remembered import forget_all
from linli.ui.engine import assets


def render(source: str, **context: str) -> str:
    return Template("{% load ui %}" + source).render(Context(context)).strip()


def test_an_entry_brings_shared_styles_first_and_only_its_own_script(built: Path) -> None:
    assert render('{% asset "desk" %}').splitlines() == [
        '<link rel="stylesheet" href="/static/assets/shared-1.css">',
        '<link rel="stylesheet" href="/static/assets/desk-1.css">',
        '<script type="module" src="/static/assets/desk-1.js"></script>',
    ]


def test_paper_gets_styles_without_scripts(built: Path) -> None:
    assert "script" not in render('{% asset_styles "desk" %}')


def test_an_unknown_entry_is_an_error(built: Path) -> None:
    with pytest.raises(assets.AssetsNotBuiltError, match="nothing"):
        render('{% asset "nothing" %}')


def test_a_missing_build_says_what_to_run(built: Path) -> None:
    built.unlink()
    with pytest.raises(assets.AssetsNotBuiltError, match="npm run build"):
        assets.entry("desk")


def test_a_new_build_is_noticed(built: Path) -> None:
    assert assets.entry("portal").scripts == ("assets/portal-1.js",)
    built.write_text(json.dumps({"src/portal.ts": {"file": "assets/portal-2.js"}}), encoding="utf-8")
    os.utime(built, ns=(1, 1))
    forget_all()  # or a second later
    assert assets.entry("portal").scripts == ("assets/portal-2.js",)


def test_an_icon_is_decoration_unless_it_has_a_label(built: Path) -> None:
    assert render('{% icon "home" %}') == (
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="/static/assets/sprite-1.svg#home"></use></svg>'
    )
    assert 'role="img" aria-label="To &lt;home&gt;"' in render('{% icon "home" label %}', label="To <home>")
