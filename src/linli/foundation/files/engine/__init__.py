"""Pure parts of files: type by content, names, disk, virus scanner, link signatures."""

from linli.foundation.files.engine.content import TABLES, TYPES, accepts, clean_name, extension_fits, sniff, table_type
from linli.foundation.files.engine.disk import link, path_of, receive, remove, take_over
from linli.foundation.files.engine.keepers import KEEPERS
from linli.foundation.files.engine.links import signature_of, signature_ok
from linli.foundation.files.engine.scan import scan

__all__ = [
    "KEEPERS",
    "TABLES",
    "TYPES",
    "accepts",
    "clean_name",
    "extension_fits",
    "link",
    "path_of",
    "receive",
    "remove",
    "scan",
    "signature_of",
    "signature_ok",
    "sniff",
    "table_type",
    "take_over",
]
