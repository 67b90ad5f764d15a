"""A named collection that lower floors offer and higher floors fill when the program starts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Items by key, in order of registration.

    `check(key, item)` may raise to refuse an item. Errors are programming errors (ValueError, KeyError, RuntimeError), never `LinliError`:
    they happen while the program starts.
    """

    def __init__(self, name: str, *, check: Callable[[str, T], None] | None = None) -> None:
        self.name = name
        self._check = check
        self._items: dict[str, T] = {}
        self._frozen = False

    def register(self, key: str, item: T) -> T:
        """Add an item and return it; ValueError when the key is empty or taken, RuntimeError after `freeze`."""
        if self._frozen:
            raise RuntimeError(f"registry {self.name!r} is frozen; register {key!r} while the program starts")
        if not key:
            raise ValueError(f"registry {self.name!r} needs a key")
        if key in self._items:
            raise ValueError(f"registry {self.name!r} already has {key!r}")
        if self._check is not None:
            self._check(key, item)
        self._items[key] = item
        return item

    def get(self, key: str) -> T:
        """The item; KeyError naming the known keys when there is none."""
        try:
            return self._items[key]
        except KeyError:
            known = ", ".join(self._items) or "nothing"
            raise KeyError(f"registry {self.name!r} has no {key!r}; it knows {known}") from None

    def items(self) -> tuple[tuple[str, T], ...]:
        """(key, item) pairs in order of registration."""
        return tuple(self._items.items())

    def keys(self) -> tuple[str, ...]:
        return tuple(self._items)

    def values(self) -> tuple[T, ...]:
        return tuple(self._items.values())

    def freeze(self) -> None:
        """Refuse every later registration."""
        self._frozen = True

    @property
    def frozen(self) -> bool:
        return self._frozen

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._items))

    def __len__(self) -> int:
        return len(self._items)
