"""Taking files in: type by content, sizes, names, scanner, rollback; giving them to a case."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import settings as conf
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from linli.foundation.files import actions, queries
from linli.foundation.files.engine import clean_name, path_of
from linli.foundation.files.models import StoredFile
from linli.foundation.files.tests.conftest import DOCX, EXE, HEIC, JPEG, PDF, PNG, XLSX, citizen, clerk, office
from linli.foundation.scope.actions import scoped
from linli.foundation.types import ANONYMOUS, Actor, ActorKind, system_actor
from linli.lib.errors import Invalid, LinliError, NotFound, Refused, Unavailable

pytestmark = pytest.mark.django_db
MB = 1024 * 1024


def store(actor: Actor, content: bytes = PDF, name: str = "a.pdf", **more: object) -> StoredFile:
    return actions.store(actor, upload=SimpleUploadedFile(name, content), name=name, **more)  # type: ignore[arg-type]


def on_disk() -> list[Path]:
    root = Path(conf.MEDIA_ROOT)
    return [path for path in root.rglob("*") if path.is_file()] if root.exists() else []


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (PDF, "证明.PDF", "application/pdf"),
        (PNG, "a.png", "image/png"),
        (JPEG, "a.jpeg", "image/jpeg"),
        (HEIC, "IMG_1.HEIC", "image/heic"),
        (DOCX, "a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (XLSX, "a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_the_content_says_what_a_file_is(content: bytes, name: str, kind: str) -> None:
    file = store(citizen(), content, name)
    assert (file.content_type, file.size, file.name, file.scan) == (kind, len(content), name, "off")
    assert path_of(file.id).read_bytes() == content and path_of(file.id).name == file.id.hex


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (EXE, "invoice.pdf"),
        (PDF, "invoice.exe"),
        (PDF, "invoice.pdf.js"),
        (PNG, "photo.jpg"),
        (b"<html><script>alert(1)</script>", "page.pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.svg"),
        (office("word/document.xml", "word/vbaProject.bin"), "macro.docx"),
        (office("readme.txt"), "a.docx"),
        (b"PK\x03\x04" + b"\x00" * 100, "a.docx"),
        (b"#!/bin/sh\nrm -rf /", "a.pdf"),
        (b"\x00", "a.pdf"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_and_nothing_stays(content: bytes, name: str) -> None:
    before = on_disk()
    with pytest.raises(Invalid) as caught:
        store(citizen(), content, name)
    assert caught.value.code == "FILE_TYPE"
    assert on_disk() == before


def test_a_field_takes_only_what_it_asks_for() -> None:
    assert store(citizen(), PNG, "a.png", accept=("image/*",))
    with pytest.raises(Invalid) as caught:
        store(citizen(), PDF, accept=("image/*",))
    assert "jpg" in caught.value.next_step()


def test_too_large_says_both_sizes_and_is_noticed_while_streaming() -> None:
    large = PDF + b"\x00" * (25 * MB - len(PDF))
    before = on_disk()
    with pytest.raises(Invalid) as caught:
        store(citizen(), large, max_bytes=10 * MB)
    assert caught.value.code == "FILE_TOO_LARGE" and "25" in caught.value.text() and "10" in caught.value.text()
    with pytest.raises(Invalid):
        actions.store(citizen(), upload=BytesIO(PDF + b"\x00" * 2 * MB), name="a.pdf", max_bytes=MB)
    with pytest.raises(Invalid):
        store(citizen(), PDF + b"\x00" * conf.UPLOAD_MAX_BYTES, max_bytes=10**12)
    assert on_disk() == before


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(Invalid) as caught:
        store(citizen(), b"")
    assert caught.value.code == "FILE_EMPTY"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\x\\证明.pdf", "证明.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie x.pdf"),
        ("cod\u202efdp.pdf", "cod fdp.pdf"),
        (".pdf", "pdf.pdf"),
        ("", "file.pdf"),
        ("\x00", "file.pdf"),
    ],
)
def test_names_are_cleaned(said: str, kept: str) -> None:
    assert clean_name(said, "application/pdf") == kept


@given(st.text(max_size=300))
@examples(max_examples=60, deadline=None)
def test_a_cleaned_name_is_short_and_harmless(said: str) -> None:
    name = clean_name(said, "application/pdf")
    assert name.lower().endswith(".pdf") and 5 <= len(name) <= 120
    assert not set(name) & set('/\\\r\n\x00"<>|:*?\u202e')


def test_uploading_needs_the_right_to() -> None:
    with pytest.raises(Refused):
        store(ANONYMOUS)


def keep_and_fail(actor: Actor) -> None:
    store(actor)
    raise Invalid("LATER", "Something after the upload went wrong.")


def test_a_rollback_takes_the_bytes_too() -> None:
    actor, before = citizen(), on_disk()
    with pytest.raises(Invalid), scoped(actor):
        keep_and_fail(actor)
    assert on_disk() == before
    with scoped(actor):
        assert store(actor)
    assert len(on_disk()) == len(before) + 1


def test_who_sees_a_file_and_who_does_not() -> None:
    mother, region = uuid4(), "001020030101"
    uploader = citizen()
    file = store(uploader, party_id=mother)
    with scoped(system_actor("test")):
        StoredFile.objects.filter(pk=file.pk).update(region_path=region, line="MZ", level=4)
    seers = (uploader, citizen(mother), citizen(mandators=(mother,)), clerk(), clerk(lines=("MZ",)))
    blind = (citizen(), citizen(uuid4()), clerk("0010200302"), clerk(lines=("RS",)), ANONYMOUS, Actor(ActorKind.TRACKER, case_id=uuid4()))
    for actor in (*seers, *blind):
        with scoped(actor):
            assert StoredFile.objects.filter(pk=file.pk).exists() is (actor in seers), "row-level security"
            assert bool(queries.files_of(actor, ids=[file.pk])) is (actor in seers)
            if actor in seers:
                assert queries.open_file(actor, file.pk)[1].read() == PDF
            else:
                with pytest.raises(NotFound):
                    queries.open_file(actor, file.pk)


def attach(actor: Actor, *files: StoredFile, case: UUID | None = None) -> list[StoredFile]:
    ids = [f.pk for f in files]
    return actions.attach(actor, file_ids=ids, case_id=case or uuid4(), party_id=None, region_path="001020030101", line="MZ")


def test_a_draft_s_files_move_to_the_case_all_or_none() -> None:
    actor, case = citizen(), uuid4()
    one, two, foreign = store(actor), store(actor, PNG, "b.png"), store(citizen())
    with pytest.raises(NotFound):
        attach(actor, one, foreign, case=case)
    with scoped(actor):
        assert queries.get_file(actor, one.pk).case_id is None
    attach(actor, one, two, case=case)
    attach(actor, one, case=case)
    with pytest.raises(Refused):
        attach(actor, one, case=uuid4())
    tracker = Actor(ActorKind.TRACKER, case_id=case)
    with scoped(tracker):
        assert {f.pk for f in queries.files_of(tracker, case_id=case)} == {one.pk, two.pk}
    with scoped(clerk()):
        assert len(queries.files_of(clerk(), case_id=case)) == 2


def test_a_clerk_who_moves_on_no_longer_sees_what_she_attached() -> None:
    actor = clerk()
    file = store(actor)
    attach(actor, file)
    with scoped(actor):
        assert queries.get_file(actor, file.pk)
    moved = actor.but(ranges=clerk("0010200302").ranges)
    with scoped(moved), pytest.raises(NotFound):
        queries.get_file(moved, file.pk)


def test_a_clerk_does_not_take_a_resident_s_upload_into_another_case() -> None:
    file = store(citizen())
    with scoped(system_actor("test")):
        StoredFile.objects.filter(pk=file.pk).update(region_path="001020030101")
    with pytest.raises(Refused):
        attach(clerk(), file)


def test_an_upload_is_taken_back_until_a_case_has_it() -> None:
    actor = citizen()
    file, kept = store(actor), store(actor)
    attach(actor, kept)
    actions.remove_file(actor, file_id=file.pk)
    assert not path_of(file.pk).exists()
    with pytest.raises(Refused):
        actions.remove_file(actor, file_id=kept.pk)
    with pytest.raises(NotFound):
        actions.remove_file(citizen(), file_id=kept.pk)
    assert path_of(kept.pk).exists()


def test_lost_bytes_are_an_error_of_ours() -> None:
    actor = citizen()
    file = store(actor)
    path_of(file.pk).unlink()
    with scoped(actor), pytest.raises(Unavailable):
        queries.open_file(actor, file.pk)


@pytest.fixture
def clamd(tmp_path: Path, settings: Settings) -> Iterator[list[bytes]]:
    """Something that speaks clamd's INSTREAM on a unix socket and knows one signature."""
    address, seen = str(tmp_path / "clamd"), []
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    server.bind(address)
    server.listen()

    def talk(link: socket.socket) -> None:
        with link, link.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            content = b""
            while length := struct.unpack("!I", stream.read(4))[0]:
                content += stream.read(length)
            seen.append(content)
            link.sendall(
                b"stream: Test.Virus FOUND\0"
                if b"VIRUS" in content
                else b"INSTREAM size limit exceeded. ERROR\0"
                if b"LIMIT" in content
                else b"stream: OK\0"
            )

    def serve() -> None:
        while True:
            try:
                talk(server.accept()[0])
            except OSError:
                return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    settings.CLAMD_SOCKET = address
    yield seen
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join(timeout=5)


def test_the_scanner_sees_every_byte_and_what_it_finds_is_not_kept(clamd: list[bytes]) -> None:
    clean = PDF + b"x" * 200_000
    assert store(citizen(), clean).scan == "clean"
    assert clamd == [clean]
    before = on_disk()
    for content, code in ((PDF + b"VIRUS", "FILE_INFECTED"), (PDF + b"LIMIT", "SCAN_UNAVAILABLE")):
        with pytest.raises(LinliError) as caught:
            store(citizen(), content)
        assert caught.value.code == code
    assert on_disk() == before


def test_a_scanner_that_is_down_lets_nothing_in(settings: Settings) -> None:
    settings.CLAMD_SOCKET = "127.0.0.1:1"
    before = on_disk()
    with pytest.raises(Unavailable):
        store(citizen())
    assert on_disk() == before
