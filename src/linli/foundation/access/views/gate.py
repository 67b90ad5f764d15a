"""The gates live in `linli.foundation.gate`, low enough for the sign-in pages of `accounts` too; these are the same names."""

from __future__ import annotations

from linli.foundation.gate import Answer, Gate, citizen, desk, public, sign_in_first

__all__ = ["Answer", "Gate", "citizen", "desk", "public", "sign_in_first"]
