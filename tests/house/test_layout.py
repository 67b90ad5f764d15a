"""Where things are and how large: what docs/house.md promises to somebody who looks for a place."""

from __future__ import annotations

import ast
import re

from tests.house.source import HAN, ROOT, app_folder, apps, files, functions, is_test, listed, product, short, text, told, tree

FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc"}
LINES, TEST_LINES, FUNCTION_LINES = 400, 700, 60


def test_every_app_opens_with_one_sentence() -> None:
    wrong = []
    for app in apps():
        doc = ast.get_docstring(tree(app_folder(app) / "__init__.py")) or ""
        if not doc or "\n" in doc.strip() or not doc.strip().endswith("."):
            wrong.append(f"{app}: {doc[:60]!r}")
    assert not wrong, told(wrong, "Open the app's __init__.py with a docstring of one line: what belongs here and what does not.")


def test_every_app_has_its_rooms_checked() -> None:
    missing = sorted(set(apps()) - set(listed("rooms", "containers")))
    assert not missing, told(missing, "Add the app to `containers` of the rooms contract in .importlinter.")


def test_files_are_short() -> None:
    long = []
    for path in files("src/**/*.py", "ops/**/*.py", "tests/**/*.py", "src/**/*.html", "frontend/src/**/*.ts", "frontend/build/**/*.ts"):
        count = text(path).count("\n")
        if "migrations" not in path.parts and count > (TEST_LINES if is_test(path) else LINES):
            long.append(f"{short(path)}: {count} lines")
    assert not long, told(long, f"Split by aggregate: at most {LINES} lines a file ({TEST_LINES} for tests).")


def test_functions_are_short() -> None:
    long = []
    for path in (*product(), *files("ops/**/*.py")):
        for node in functions(path):
            count = (node.end_lineno or node.lineno) - node.lineno + 1
            if count > FUNCTION_LINES and not is_test(path):
                long.append(f"{short(path)}:{node.lineno} {node.name}: {count} lines")
    assert not long, told(long, f"At most {FUNCTION_LINES} lines a function (aim at 40): name the steps.")


def test_no_module_is_called_after_nothing() -> None:
    sources = files("src/**/*.py", "ops/**/*.py", "frontend/src/**/*.ts")
    wrong = [short(path) for path in sources if FORBIDDEN_NAMES & {path.stem, *path.relative_to(ROOT).parts}]
    assert not wrong, told(wrong, "Name a module by what is in it; there is no utils, helpers or common.")


def test_migrations_have_names() -> None:
    wrong = [
        short(path)
        for path in files("src/linli/**/migrations/*.py")
        if path.stem != "__init__" and (not re.fullmatch(r"\d{4}_[a-z][a-z0-9_]+", path.stem) or "_auto_" in path.stem)
    ]
    assert not wrong, told(wrong, "Name the migration by what it does: makemigrations APP -n add_x.")


def test_there_are_no_signal_receivers() -> None:
    wrong = []
    for path in product():
        for node in ast.walk(tree(path)):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            names = {alias.name for alias in node.names} if isinstance(node, ast.ImportFrom) else set()
            if module == "django.dispatch" or module.endswith(".signals") or (module.startswith("django") and "signals" in names):
                wrong.append(f"{short(path)}:{node.lineno}")  # type: ignore[attr-defined]
    assert not wrong, told(wrong, "Call the action, or emit a topic: nothing of ours happens behind a signal.")


def test_code_is_written_in_english() -> None:
    wrong = []
    python = files("src/**/*.py", "ops/**/*.py", "bench/**/*.py", "linli", "conftest.py")
    for path in (*python, *files("src/**/*.html", "src/**/*.txt", "frontend/src/**/*", "frontend/build/**/*.ts")):
        parts = path.relative_to(ROOT).parts
        if is_test(path) or parts[:4] == ("src", "linli", "lib", "data") or path.suffix in {".png", ".ico", ".woff2", ".ttf"}:
            continue
        for number, line in enumerate(text(path).splitlines(), start=1):
            if HAN.search(line):
                wrong.append(f"{short(path)}:{number}: {line.strip()[:60]}")
    assert not wrong, told(wrong[:40], "Write an English msgid and translate it in locale/, or move the data to packs/ or lib/data.")
