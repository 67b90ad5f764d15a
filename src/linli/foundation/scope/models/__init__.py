"""Columns and protections; every app with a table uses them."""

from linli.foundation.scope.models.fields import EncryptedText, PathField, SeqField, WrittenAtField, XidField
from linli.foundation.scope.models.lookups import Among
from linli.foundation.scope.models.protection import (
    PROTECTIONS,
    OneCase,
    Own,
    Participant,
    Power,
    ProtectedManager,
    Protection,
    Region,
    Unit,
    User,
    Via,
    protection_of,
)
from linli.foundation.scope.models.writes import (
    FIELD,
    NULL,
    PlainWrites,
    insert_given,
    insert_lines,
    insert_rows,
    lines_taken_apart,
    update_rows,
)

__all__ = [
    "FIELD",
    "NULL",
    "PROTECTIONS",
    "Among",
    "EncryptedText",
    "OneCase",
    "Own",
    "Participant",
    "PathField",
    "PlainWrites",
    "Power",
    "ProtectedManager",
    "Protection",
    "Region",
    "SeqField",
    "Unit",
    "User",
    "Via",
    "WrittenAtField",
    "XidField",
    "insert_given",
    "insert_lines",
    "insert_rows",
    "lines_taken_apart",
    "protection_of",
    "update_rows",
]
