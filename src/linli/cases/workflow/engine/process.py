"""A process that has been read, checked and built; kept in memory by the hash of its text."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from ..types import StepSpec, TimerSpec
from .bpmn import Graph, read_process
from .soundness import Marking, check
from .spiff import build


@dataclass(frozen=True)
class ProcessSpec:
    """An executable process. Only `load_spec` makes one, so holding one means it is sound."""

    id: str
    name: str
    digest: str
    """First 16 hex digits of the SHA-256 of the text; every state names the digest it belongs to."""
    steps: Mapping[str, StepSpec]
    timers: Mapping[str, TimerSpec]
    graph: Graph = field(repr=False)
    markings: frozenset[Marking] = field(repr=False)
    built: Any = field(repr=False)


def load_spec(xml: str) -> ProcessSpec:
    """Read and check a BPMN file. Raises `linli.lib.errors.Invalid` (`PROCESS_INVALID`, field = element id) saying what is wrong."""
    return _load(xml)


@lru_cache(maxsize=256)
def _load(xml: str) -> ProcessSpec:
    graph = read_process(xml)
    markings = check(graph)
    return ProcessSpec(
        id=graph.id,
        name=graph.name,
        digest=hashlib.sha256(xml.encode("utf-8")).hexdigest()[:16],
        steps=MappingProxyType({n.id: n.step for n in graph.nodes.values() if n.step}),
        timers=MappingProxyType({n.id: n.timer for n in graph.nodes.values() if n.timer}),
        graph=graph,
        markings=markings,
        built=build(graph),
    )
