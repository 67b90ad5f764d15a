"""The process engine behind one small door. Pure: texts and values in, texts and values out; no database, no clock.

spec = load_spec(xml)
progress = start(spec, {"age": 81}, now)
progress = complete(spec, progress.state, progress.ready[0].token_id, "agree", {}, now)
"""

from .diagram import add_layout
from .operations import (
    add_signer,
    complete,
    fire_timer,
    history,
    ready,
    remove_signer,
    return_to,
    returnable,
    sign,
    signing,
    start,
    waiting,
    withdraw,
)
from .process import ProcessSpec, load_spec

__all__ = [
    "ProcessSpec",
    "add_layout",
    "add_signer",
    "complete",
    "fire_timer",
    "history",
    "load_spec",
    "ready",
    "remove_signer",
    "return_to",
    "returnable",
    "sign",
    "signing",
    "start",
    "waiting",
    "withdraw",
]
