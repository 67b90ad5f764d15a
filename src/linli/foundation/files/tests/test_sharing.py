"""The same bytes for many cases: a row, a name and rights of its own each, the bytes once."""

from __future__ import annotations

from io import BytesIO
from uuid import uuid4

import pytest

from linli.foundation.files import actions
from linli.foundation.files.engine import path_of, remove
from linli.foundation.files.models import StoredFile
from linli.foundation.files.tests.conftest import JPEG
from linli.foundation.scope.actions import scoped
from linli.foundation.types import system_actor

pytestmark = pytest.mark.django_db
BUILDER = system_actor("test.builder", permissions=["files.upload"])


def test_shared_bytes_are_kept_once_and_outlive_each_other() -> None:
    with scoped(BUILDER):
        master = actions.store(BUILDER, upload=BytesIO(JPEG), name="portrait.jpg")
        cases = [uuid4(), uuid4()]
        wanted = [actions.Share(master, "近期免冠照片.jpg", case, None, "0000100001", "MZ", 3) for case in cases]
        first, second = actions.share(BUILDER, wanted=wanted)
    assert [first.case_id, second.case_id] == cases
    assert (first.sha256, first.content_type, first.size) == (master.sha256, "image/jpeg", len(JPEG))
    assert path_of(first.id).stat().st_ino == path_of(master.id).stat().st_ino
    remove(master.id)
    assert path_of(second.id).read_bytes() == JPEG
    with scoped(BUILDER):
        assert set(StoredFile.objects.exclude(case_id=None).values_list("name", flat=True)) == {"近期免冠照片.jpg"}
