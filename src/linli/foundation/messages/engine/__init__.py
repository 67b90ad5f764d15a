"""Pure parts of messages: wording, adapters to gateways, where people are reached."""

from linli.foundation.messages.engine.contacts import CONTACTS
from linli.foundation.messages.engine.delivery import ADAPTERS, backoff_s, deliver
from linli.foundation.messages.engine.signature import FRESH_S, sign, verify
from linli.foundation.messages.engine.wording import read_pack, render

__all__ = ["ADAPTERS", "CONTACTS", "FRESH_S", "backoff_s", "deliver", "read_pack", "render", "sign", "verify"]
