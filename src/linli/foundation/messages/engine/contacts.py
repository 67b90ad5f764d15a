"""Asks the register where a person without an account is reached."""

from __future__ import annotations

from linli.foundation.messages.types import ContactSource
from linli.lib.registry import Registry

CONTACTS: Registry[ContactSource] = Registry("contact source")
