"""The house as text: files, syntax trees, apps and their order. Read once a run."""

from __future__ import annotations

import ast
import configparser
import functools
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src"
FLOORS_WITH_APPS = ("channels", "domains", "insight", "cases", "records", "registry", "foundation")
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


@functools.cache
def files(*patterns: str) -> tuple[Path, ...]:
    """Files below the root by glob, without what programs made."""
    skipped = {"node_modules", "__pycache__", "dist"}
    found = {path for pattern in patterns for path in ROOT.glob(pattern)}
    return tuple(sorted(path for path in found if path.is_file() and not skipped & set(path.parts)))


@functools.cache
def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@functools.cache
def tree(path: Path) -> ast.Module:
    return ast.parse(text(path), filename=str(path))


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def product() -> tuple[Path, ...]:
    """Python of the product, without migrations."""
    return tuple(path for path in files("src/linli/**/*.py") if "migrations" not in path.parts)


def is_test(path: Path) -> bool:
    return "tests" in path.parts


@functools.cache
def apps() -> tuple[str, ...]:
    """Every app as "linli.<floor>.<app>", and the design system, which has rooms too."""
    found = ["linli.ui"]
    for floor in FLOORS_WITH_APPS:
        found += [f"linli.{floor}.{path.parent.name}" for path in sorted((SRC / "linli" / floor).glob("*/apps.py"))]
    return tuple(found)


def app_folder(app: str) -> Path:
    return SRC.joinpath(*app.split("."))


def room(path: Path) -> str:
    """The room of a file of the product: "actions" for cases/casefile/actions/steps.py; "" outside an app."""
    parts = path.relative_to(SRC / "linli").with_suffix("").parts
    if parts[0] == "ui":
        return parts[1] if len(parts) > 1 else ""
    return parts[2] if parts[0] in FLOORS_WITH_APPS and len(parts) > 2 else ""


@functools.cache
def contracts() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    return parser


def listed(contract: str, option: str) -> list[str]:
    """Lines of an option of a contract."""
    return contracts()[f"importlinter:contract:{contract}"][option].split("\n")[1:]


@functools.cache
def heights() -> dict[str, int]:
    """Height of every app, from the contracts: a higher number may know a lower one; equal ones do not know each other."""
    order: list[list[str]] = []
    for floor in listed("floors", "layers"):
        section = f"importlinter:contract:inside_{floor}"
        if section in contracts():
            order += [[f"linli.{floor}.{name.strip()}" for name in line.split("|")] for line in listed(f"inside_{floor}", "layers")]
        elif floor == "channels":
            order.append(listed("channels", "modules"))
        else:
            order.append([f"linli.{floor}"])
    return {app: height for height, line in enumerate(reversed(order)) for app in line}


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def told(problems: list[str], what_to_do: str) -> str:
    """The message of a failed house test."""
    return "\n".join([*problems, f"=> {what_to_do}"])
