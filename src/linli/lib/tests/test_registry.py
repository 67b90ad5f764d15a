import pytest

from linli.lib.registry import Registry


def test_items_come_in_order_of_registration() -> None:
    registry: Registry[int] = Registry("numbers")
    assert registry.register("b", 2) == 2
    registry.register("a", 1)
    assert registry.items() == (("b", 2), ("a", 1))
    assert list(registry) == ["b", "a"]
    assert "a" in registry
    assert len(registry) == 2


def test_a_key_is_registered_once() -> None:
    registry: Registry[int] = Registry("numbers")
    registry.register("a", 1)
    with pytest.raises(ValueError, match="already has 'a'"):
        registry.register("a", 2)
    assert registry.get("a") == 1


def test_an_unknown_key_names_the_known_ones() -> None:
    registry: Registry[int] = Registry("numbers")
    registry.register("one", 1)
    registry.register("two", 2)
    with pytest.raises(KeyError, match="one, two"):
        registry.get("three")


def test_the_check_refuses_an_item() -> None:
    def positive(key: str, item: int) -> None:
        if item <= 0:
            raise ValueError(f"{key} must be positive")

    registry = Registry("numbers", check=positive)
    with pytest.raises(ValueError, match="must be positive"):
        registry.register("a", -1)
    assert registry.items() == ()


def test_a_frozen_registry_takes_nothing_more() -> None:
    registry: Registry[int] = Registry("numbers")
    registry.freeze()
    with pytest.raises(RuntimeError, match="frozen"):
        registry.register("a", 1)
