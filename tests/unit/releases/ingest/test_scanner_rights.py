"""What may not be read, or is gone before it is."""

import os
from contextlib import contextmanager

from tests.unit.releases.ingest.refusing import refusal


def test_an_unreadable_folder(open_library, unprivileged):
    folder = open_library / "Book"
    folder.mkdir()
    folder.chmod(0)
    with unprivileged():
        told = refusal(folder, open_library)
    assert told == (
        "folder_unreadable",
        f"The folder {folder} cannot be read (Permission denied). "
        "Give Herald's user the right to read it.",
    )


def test_an_unreadable_folder_inside(open_library, unprivileged):
    inner = open_library / "Book" / "Disc 1"
    inner.mkdir(parents=True)
    inner.chmod(0)
    with unprivileged():
        told = refusal(open_library / "Book", open_library)
    assert told[0] == "folder_unreadable"
    assert told[1].startswith("The folder Disc 1/ cannot be read (Permission denied)")


def test_an_unreadable_file(open_library, unprivileged):
    file = open_library / "Book.m4b"
    file.write_bytes(b"x")
    file.chmod(0)
    with unprivileged():
        told = refusal(file, open_library)
    assert told == (
        "file_unreadable",
        "Book.m4b cannot be read. Give Herald's user the right to read it.",
    )


def test_a_folder_that_may_be_listed_but_not_entered(open_library, unprivileged):
    folder = open_library / "Book"
    folder.mkdir()
    (folder / "1.mp3").write_bytes(b"x")
    folder.chmod(0o444)
    with unprivileged():
        told = refusal(folder, open_library)
    assert told == (
        "file_unreadable",
        "1.mp3 cannot be read (Permission denied). Check that it is there and that "
        "Herald's user has the right to read it, then prepare again.",
    )


def test_junk_that_cannot_be_looked_at_is_left_out_all_the_same(
    open_library, unprivileged
):
    folder = open_library / "Book"
    folder.mkdir()
    (folder / ".hidden").write_bytes(b"x")
    folder.chmod(0o444)
    with unprivileged():
        told = refusal(folder, open_library)
    assert told[0] == "folder_empty"


def test_a_file_that_vanishes_while_the_folder_is_read(library, book, monkeypatch):
    listed = os.scandir

    @contextmanager
    def vanishing(folder):
        with listed(folder) as entries:
            found = list(entries)
        (book / "2.mp3").unlink(missing_ok=True)
        yield found

    monkeypatch.setattr(os, "scandir", vanishing)
    code, message = refusal(book, library)
    assert code == "file_unreadable"
    assert message.startswith("2.mp3 cannot be read (No such file or directory).")
