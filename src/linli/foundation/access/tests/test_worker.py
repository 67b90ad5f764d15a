"""The worker stands back behind whoever waits for a page."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from linli.foundation.access.management.commands import worker

AUTOGROUP = Path("/proc/self/autogroup")
CHILD = {**os.environ, "PYTHONPATH": str(Path(worker.__file__).parents[5])}
SAYS = """
import os
from pathlib import Path
import django
django.setup()
from linli.foundation.access.management.commands.worker import stand_back
stand_back()
print(os.getpriority(os.PRIO_PROCESS, 0), Path("/proc/self/autogroup").read_text().split()[-1])
"""


@pytest.mark.skipif(
    not (AUTOGROUP.exists() and AUTOGROUP.read_text()),  # empty where a control group shares the processor out instead
    reason="sessions have no share of the processor of their own here",
)
@pytest.mark.parametrize(("own_session", "session"), [(True, str(worker.BEHIND)), (False, None)])
def test_in_a_session_of_its_own_the_session_stands_back_too(own_session: bool, session: str | None) -> None:
    before = AUTOGROUP.read_text().split()[-1]
    done = subprocess.run(
        [sys.executable, "-c", SAYS], capture_output=True, text=True, check=True, start_new_session=own_session, env=CHILD
    )
    assert done.stdout.split() == [str(worker.BEHIND), session or before]
