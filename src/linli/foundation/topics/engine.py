"""The registry of topics and their consumers."""

from __future__ import annotations

from collections.abc import Callable

from linli.foundation.topics.types import Consumer, Topic
from linli.lib.registry import Registry

TOPICS: Registry[Topic] = Registry("topic")
CONSUMERS: Registry[tuple[str, Consumer]] = Registry("consumer")


def declare(name: str, *, public: bool = False, live: bool = False) -> Topic:
    topic = Topic(name, public, live)
    TOPICS.register(name, topic)
    return topic


def consumer(topic: str, *, name: str) -> Callable[[Consumer], Consumer]:
    """Register a function to be run in the worker once per event of ``topic``."""

    def decorate(fn: Consumer) -> Consumer:
        CONSUMERS.register(name, (topic, fn))
        return fn

    return decorate


def consumers_of(topic: str) -> list[str]:
    return [name for name, (of, _) in CONSUMERS.items() if of == topic]
