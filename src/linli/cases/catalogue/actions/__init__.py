"""Writes of the catalogue: publishing (packs, drafts), editing a draft, and whether a matter is on offer."""

from linli.cases.catalogue.actions.editing import discard_draft, import_matter, new_matter, open_draft, save_part
from linli.cases.catalogue.actions.publishing import load_matters, publish, publish_draft, reopen_matter, retire_matter, suspend_matter

__all__ = [
    "discard_draft",
    "import_matter",
    "load_matters",
    "new_matter",
    "open_draft",
    "publish",
    "publish_draft",
    "reopen_matter",
    "retire_matter",
    "save_part",
    "suspend_matter",
]
