"""The menu shows an actor what they may open, in order, door by door."""

import pytest

from linli.ui.engine import menu
from linli.ui.types import Door, MenuItem


def item(key: str, **changes: object) -> MenuItem:
    values: dict[str, object] = {"key": key, "label": key, "url_name": f"test:{key}", "icon": "home", **changes}
    return MenuItem(**values)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(menu, "_items", {})


def test_items_come_by_order_then_key() -> None:
    menu.register(item("late", order=90), item("b", order=10), item("a", order=10))
    assert [entry.key for entry in menu.for_actor(())] == ["a", "b", "late"]


def test_an_item_is_shown_only_to_holders_of_its_permission() -> None:
    menu.register(item("open"), item("closed", permission="things.read"))
    assert [entry.key for entry in menu.for_actor(frozenset())] == ["open"]
    assert [entry.key for entry in menu.for_actor({"things.read"})] == ["closed", "open"]


def test_doors_do_not_mix() -> None:
    menu.register(item("same"), item("same", door=Door.PORTAL, label="other"))
    assert [entry.label for entry in menu.for_actor((), Door.PORTAL)] == ["other"]
    assert [entry.label for entry in menu.for_actor((), Door.DESK)] == ["same"]


def test_registering_again_changes_nothing_but_another_item_under_the_key_is_refused() -> None:
    menu.register(item("key"))
    menu.register(item("key"))
    assert len(menu.registered(Door.DESK)) == 1
    with pytest.raises(menu.DuplicateMenuKeyError, match="key"):
        menu.register(item("key", url_name="test:elsewhere"))
