"""Run several management commands, and scripts of this folder, in one process: starting the product costs more than most of them do."""

from __future__ import annotations

import json
import runpy
import shlex
import sys
from pathlib import Path

END = "=== end of "
"""Closes the output of each command, followed by its words."""


def main(lines: list[str]) -> None:
    """Scripts (`finish.py ...`) are those of the checkout that is the working directory."""
    import django
    from django.core.management import call_command

    sys.argv[1:] = shlex.split(lines[0])  # the settings look there whether the owner's address is wanted
    django.setup()
    for line in lines:
        words = shlex.split(line)
        if words[0].endswith(".py"):
            _run(words)
        else:
            call_command(words[0], *words[1:])
        print(f"\n{END}{json.dumps(line)}", flush=True)


def _run(words: list[str]) -> None:
    """A script as if called by its name; one that ends with a code other than 0 ends us too."""
    sys.argv = words
    try:
        runpy.run_path(str(Path("ops", "rehearse", words[0]).resolve()), run_name="__main__")
    except SystemExit as end:
        if end.code:
            raise


if __name__ == "__main__":
    main(sys.argv[1:])
