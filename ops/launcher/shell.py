"""Running other programs during set-up: quiet when they succeed, their last lines when they fail."""

from __future__ import annotations

import errno
import os
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from launcher.errors import LauncherError
from launcher.processes import die_with_parent

TAIL_LINES = 25
NO_SPACE = os.strerror(errno.ENOSPC)
FREE_SOME = "Free some space (`df -h` shows where it lacks), then run the same command again: it goes on where it stopped."


def run_quietly(command: Sequence[str | Path], cwd: Path | None = None, env: Mapping[str, str] | None = None, remedy: str = "") -> str:
    """Run to the end and return the output; raises LauncherError with the last lines when it fails or is missing."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            preexec_fn=die_with_parent(),
        )
    except FileNotFoundError as error:
        raise LauncherError(f"The program '{words[0]}' is missing.", remedy) from error
    if done.returncode != 0:
        tail = "\n".join(f"    {line}" for line in done.stdout.splitlines()[-TAIL_LINES:])
        if NO_SPACE in done.stdout:
            raise LauncherError(f"The disk became full while `{shlex.join(words)}` ran:\n{tail}", FREE_SOME)
        raise LauncherError(f"`{shlex.join(words)}` failed with code {done.returncode}:\n{tail}", remedy)
    return done.stdout


def run_visibly(command: Sequence[str | Path], cwd: Path | None = None, env: Mapping[str, str] | None = None) -> int:
    """Run with our terminal and return the exit code (128 + signal when killed)."""
    done = subprocess.run([str(word) for word in command], cwd=cwd, env=env, check=False, preexec_fn=die_with_parent())
    return done.returncode if done.returncode >= 0 else 128 - done.returncode
