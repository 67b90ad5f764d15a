"""Building the front end anew under a running city: what open pages ask for stays, and the manifest comes last."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from launcher.layout import Layout
from launcher.packages import node_environment

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
CONFIGURATION = """
import {{ generations }} from "{plugin}";
export default {{
  logLevel: "error",
  plugins: [generations({{ from: "{folder}/making", to: "{folder}/dist" }})],
  build: {{ outDir: "{folder}/making", emptyOutDir: true, manifest: true, modulePreload: false,
    rollupOptions: {{ input: "{folder}/main.ts", output: {{ entryFileNames: "assets/[name]-[hash].js" }} }} }},
}};
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A front end of one script with our plugin."""
    plugin = FRONTEND / "build" / "generations.ts"
    (tmp_path / "vite.config.ts").write_text(CONFIGURATION.format(plugin=plugin, folder=tmp_path), encoding="utf-8")
    return tmp_path


def vite(project: Path, source: str) -> subprocess.CompletedProcess[str]:
    (project / "main.ts").write_text(source, encoding="utf-8")
    command = [str(FRONTEND / "node_modules" / ".bin" / "vite"), "build", "--config", str(project / "vite.config.ts"), str(project)]
    environment = node_environment(Layout(FRONTEND.parent, project))
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def build(project: Path, words: str) -> str:
    """Build the script with these words; the name of the built file."""
    done = vite(project, f"console.log({words!r});")
    assert done.returncode == 0, done.stdout + done.stderr
    return str(json.loads((project / "dist" / ".vite" / "manifest.json").read_text())["main.ts"]["file"])


def built(project: Path) -> set[str]:
    return {f"assets/{path.name}" for path in (project / "dist" / "assets").iterdir()}


def test_the_build_before_stays_one_generation(project: Path) -> None:
    (project / "dist").mkdir()
    (project / "dist" / ".linli").write_text("the launcher's mark")
    first = build(project, "one")
    second = build(project, "two")
    assert first != second and built(project) == {first, second}
    assert build(project, "two") == second
    assert built(project) == {first, second}, "building the same again throws nothing away"
    third = build(project, "three")
    assert built(project) == {second, third}
    assert (project / "dist" / ".linli").exists()


def test_a_failed_build_leaves_the_city_as_it_was(project: Path) -> None:
    first = build(project, "one")
    before = {path: os.stat(path).st_mtime_ns for path in sorted((project / "dist").rglob("*"))}
    assert vite(project, "import './missing.ts';").returncode != 0
    assert built(project) == {first}
    assert {path: os.stat(path).st_mtime_ns for path in sorted((project / "dist").rglob("*"))} == before
