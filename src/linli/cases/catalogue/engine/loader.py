"""Reading a matter from its folder in a pack, with errors that name the file, the line and what to do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from linli.cases.catalogue.types import MatterSpec
from linli.foundation.rules.engine import EligibilityError, check_table
from linli.lib.errors import Invalid

MATTER_FILE = "matter.yaml"
FORM_FILE = "form.yaml"
STEP_FORM = "form-"
"""How the files of forms of steps begin: form-survey.yaml is what `linli:form="survey"` names."""
GUIDE_FILE = "guide.md"
Path_ = tuple[str | int, ...]


class PackError(Invalid):
    """A file of a pack cannot be used. `data` holds file, line (0 when unknown) and why."""

    def __init__(self, file: Path, line: int, why: str, hint: str = "Correct the file and run the pack check again.") -> None:
        self.file, self.line, self.why = file, line, why
        where = f"{file.parent.name}/{file.name}" + (f", line {line}" if line else "")
        super().__init__("PACK_FILE", "%(where)s: %(why)s", hint=hint, data={"where": where, "file": str(file), "line": line, "why": why})

    def __reduce__(self) -> tuple[Any, ...]:
        return PackError, (self.file, self.line, self.why, self.hint)


class Document:
    """A YAML document that remembers on which line each value stands."""

    def __init__(self, file: Path, value: Any, lines: dict[Path_, int]) -> None:
        self.file, self.value, self._lines = file, value, lines

    def line(self, path: Path_) -> int:
        """Line of the value at `path`, or of its nearest parent that the file has (1-based, 0 for none)."""
        for length in range(len(path), -1, -1):
            found = self._lines.get(path[:length])
            if found:
                return found
        return 0


def read_yaml(file: Path) -> Document:
    """Parse one YAML file. Raises PackError for a missing file, broken YAML, a duplicate key or a tag that is not plain data."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise PackError(file, 0, "the file is missing", "Add the file.") from None
    except UnicodeDecodeError as error:
        raise PackError(file, 0, "the file is not UTF-8", "Save it as UTF-8.") from error
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        lines = dict(_lines(file, node, ())) if node is not None else {}
        value = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise PackError(file, line, f"not valid YAML: {error.problem or error}") from error
    return Document(file, value, lines)


def _lines(file: Path, node: yaml.Node, path: Path_) -> Iterator[tuple[Path_, int]]:
    """(path, line) of every value below `node`; a key written twice in one mapping is refused, as YAML would silently keep the last."""
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                raise PackError(file, key.start_mark.line + 1, f"the key {name} is written twice", "Keep one of the two.")
            seen.add(name)
            yield (*path, name), key.start_mark.line + 1
            yield from (entry for entry in _lines(file, value, (*path, name)) if entry[0] != (*path, name))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _lines(file, value, (*path, index))


def load_matter(folder: Path) -> MatterSpec:
    """The matter in `folder` with its form, process, decision table and guide embedded. Raises PackError at the first mistake."""
    document = read_yaml(folder / MATTER_FILE)
    if not isinstance(document.value, dict):
        raise PackError(document.file, 1, "a matter is a mapping of names to values")
    values = dict(document.value)
    _refuse_embedded(document, values)
    values["form"] = _form(folder / FORM_FILE)
    values["step_forms"] = {file.stem.removeprefix(STEP_FORM): _form(file) for file in sorted(folder.glob(f"{STEP_FORM}*.yaml"))}
    values["process_xml"] = _text(folder, str(values.get("process", "process.bpmn")))
    if values.get("eligibility"):
        values["eligibility_table"] = _table(folder, str(values["eligibility"]))
    if (folder / GUIDE_FILE).exists():
        values["guide"] = _text(folder, GUIDE_FILE)
    try:
        spec = MatterSpec.model_validate(values)
    except ValidationError as error:
        raise _first_mistake(document, error) from error
    if not folder.name.startswith(f"{spec.code}-"):
        raise PackError(
            document.file, document.line(("code",)), f"the folder is {folder.name}, the code {spec.code}", "Name the folder CODE-slug."
        )
    return spec


def _form(file: Path) -> dict[str, Any]:
    form = read_yaml(file)
    if not isinstance(form.value, dict):
        raise PackError(form.file, 1, "a form is a mapping with sections")
    return form.value


def _refuse_embedded(document: Document, values: dict[str, Any]) -> None:
    for name in ("form", "step_forms", "process_xml", "eligibility_table", "guide"):
        if name in values:
            raise PackError(document.file, document.line((name,)), f"{name} is filled from its own file", "Move it to the file.")


def _first_mistake(document: Document, error: ValidationError) -> PackError:
    problem = error.errors()[0]
    path: Path_ = tuple(problem["loc"])
    place = ".".join(str(part) for part in path)
    hints = {
        "missing": f"Add {path[-1] if path else 'it'}.",
        "extra_forbidden": "Remove it or correct its spelling.",
    }
    why = f"{place}: {problem['msg']}" if place else problem["msg"]
    return PackError(document.file, document.line(path), why, hints.get(problem["type"], "Correct the value."))


def _text(folder: Path, name: str) -> str:
    file = folder / name
    if file.resolve().parent != folder.resolve():
        raise PackError(file, 0, "the file lies outside the matter's folder", "Name a file of the same folder.")
    try:
        return file.read_text(encoding="utf-8")
    except (FileNotFoundError, IsADirectoryError):
        raise PackError(file, 0, "the file is missing", "Add the file or correct its name in matter.yaml.") from None
    except UnicodeDecodeError as error:
        raise PackError(file, 0, "the file is not UTF-8", "Save it as UTF-8.") from error


def _table(folder: Path, name: str) -> dict[str, Any]:
    file = folder / name
    try:
        value = json.loads(_text(folder, name))
    except json.JSONDecodeError as error:
        raise PackError(file, error.lineno, f"not valid JSON: {error.msg}") from error
    if not isinstance(value, dict):
        raise PackError(file, 1, "a decision table document is an object with nodes and edges")
    try:
        check_table(value)
    except EligibilityError as error:
        raise PackError(file, 0, error.text(), error.hint) from error
    return value
