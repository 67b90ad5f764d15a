"""A matter as the folder of files it has in a pack, and as one zip of it: what is written reads back as the same matter."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Final

from linli.cases.catalogue.types import MatterSpec
from linli.lib.errors import Invalid
from linli.lib.names import pinyin

from .drafting import to_yaml
from .loader import FORM_FILE, GUIDE_FILE, MATTER_FILE, STEP_FORM, load_matter

PROCESS_FILE: Final = "process.bpmn"
TABLE_FILE: Final = "eligibility.json"
MAX_FILES: Final = 60
MAX_UNPACKED: Final = 5_000_000
"""Bytes of all files together; the largest matter of the national pack has 80 kB."""
_ENDINGS: Final = (".yaml", ".json", ".bpmn", ".md", ".html", ".css")
_STAMP: Final = (2000, 1, 1, 0, 0, 0)


def folder_name(spec: MatterSpec) -> str:
    """CODE-slug, as packs name their folders."""
    slug = "".join(c if c.isascii() and c.isalnum() else "-" for c in pinyin(spec.short, joiner="-").lower()).strip("-")
    return f"{spec.code}-{slug[:40].strip('-') or 'matter'}"


def to_files(spec: MatterSpec, papers: Mapping[str, str]) -> dict[str, str]:
    """File name -> text of the matter's folder. Defaults are left out, so that two exports differ only where the matters do."""
    embedded = {"form", "step_forms", "process", "process_xml", "eligibility", "eligibility_table", "guide"}
    values = spec.model_dump(mode="json", exclude=embedded, exclude_defaults=True)
    values["process"] = PROCESS_FILE
    files = {FORM_FILE: to_yaml(in_order(spec.form)), PROCESS_FILE: spec.process_xml}
    files |= {f"{STEP_FORM}{name}.yaml": to_yaml(in_order(form)) for name, form in spec.step_forms.items()}
    if spec.eligibility_table is not None:
        values["eligibility"] = TABLE_FILE
        files[TABLE_FILE] = json.dumps(in_order(spec.eligibility_table), ensure_ascii=False, indent=1) + "\n"
    if spec.guide:
        files[GUIDE_FILE] = spec.guide
    return {MATTER_FILE: to_yaml(values), **files, **papers}


_FIRST: Final = (
    "contentType",
    "key",
    "id",
    "_id",
    "_description",
    "type",
    "title",
    "name",
    "label",
    "field",
    "help",
    "source",
    "sourceId",
    "targetId",
)
_LAST: Final = ("content", "fields", "rules", "nodes", "edges", "sections")


def in_order(value: Any) -> Any:
    """Names in a fixed, readable order: the database keeps none, and two exports must compare line by line."""
    if isinstance(value, list):
        return [in_order(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    rank = {name: number - 100 for number, name in enumerate(_FIRST)} | {name: number + 100 for number, name in enumerate(_LAST)}
    return {name: in_order(value[name]) for name in sorted(value, key=lambda n: (rank.get(n, 0), n))}


def to_zip(spec: MatterSpec, papers: Mapping[str, str]) -> bytes:
    """The folder as a zip. The same matter gives the same bytes."""
    out = io.BytesIO()
    folder = folder_name(spec)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(to_files(spec, papers).items()):
            archive.writestr(zipfile.ZipInfo(f"{folder}/{name}", _STAMP), text.encode("utf-8"), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def from_zip(data: bytes) -> tuple[MatterSpec, dict[str, str]]:
    """The matter in a zip of one folder, with its paper templates. Raises Invalid for anything else; nothing is written outside a
    temporary folder, whatever names the archive holds."""
    texts = _texts(data)
    folders = {name.parent for name in texts if name.name == MATTER_FILE}
    if len(folders) != 1:
        raise _refused("it must hold exactly one folder with a matter.yaml")
    (folder,) = folders
    own = {name.name: text for name, text in texts.items() if name.parent == folder}
    with tempfile.TemporaryDirectory(prefix="linli-matter-") as place:
        root = Path(place) / (folder.name or "matter")
        root.mkdir()
        for name, text in own.items():
            (root / name).write_bytes(text)
        spec = load_matter(root)
    spec = spec.model_copy(update={"process": PROCESS_FILE, "eligibility": TABLE_FILE if spec.eligibility_table is not None else ""})
    return spec, {name: _decoded(name, text) for name, text in own.items() if name.endswith((".html", ".css"))}


def _texts(data: bytes) -> dict[PurePosixPath, bytes]:
    """Every file of the archive, read with a bound: what a header says about a size is not believed."""
    found: dict[PurePosixPath, bytes] = {}
    left = MAX_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MAX_FILES:
                raise _refused(f"it holds more than {MAX_FILES} files")
            for entry in entries:
                name = PurePosixPath(entry.filename)
                if name.is_absolute() or ".." in name.parts or "\\" in entry.filename or name.suffix not in _ENDINGS:
                    raise _refused(f"the file {entry.filename!r} does not belong into a matter's folder")
                with archive.open(entry) as file:
                    found[name] = file.read(left + 1)
                left -= len(found[name])
                if left < 0:
                    raise _refused(f"it unpacks to more than {MAX_UNPACKED} bytes")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise _refused("it is not a readable zip") from error
    return found


def _decoded(name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refused(f"{name} is not UTF-8") from error


def _refused(why: str) -> Invalid:
    facts: dict[str, Any] = {"why": why}
    return Invalid(
        "PACK_ZIP",
        "The file cannot be imported: %(why)s.",
        field="file",
        hint="Send a zip of one matter's folder, as the export writes it.",
        data=facts,
    )
