"""What cannot be a release, each with the one sentence that a person gets."""

import os
import socket

import pytest

from common.errors import AppError
from releases.ingest import scanner
from releases.ingest.errors import IngestError
from releases.ingest.scanner import scan
from tests.unit.releases.ingest.refusing import refusal


def test_a_missing_folder(library):
    assert refusal(library / "gone", library) == (
        "path_gone",
        f"{library}/gone is not there any more, or leads out of its library. "
        "Put it back. If it was renamed, delete this release and add it "
        "under its new name.",
    )


def test_a_folder_outside_the_library(library, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    assert refusal(outside, library)[0] == "path_gone"


def test_an_empty_folder(library, book):
    for file in book.iterdir():
        file.unlink()
    assert refusal(book, library) == (
        "folder_empty",
        f"There is nothing to publish in {book}: it holds no files that count. "
        "Choose the folder that holds the release.",
    )


def test_a_folder_of_junk_alone(library, book):
    for file in book.iterdir():
        file.unlink()
    (book / ".DS_Store").write_bytes(b"x")
    assert refusal(book, library)[0] == "folder_empty"


def test_a_folder_of_empty_files(library, book):
    for file in book.iterdir():
        file.write_bytes(b"")
    assert refusal(book, library) == (
        "files_empty",
        f"Every file in {book} is empty. Copy the release again.",
    )


def test_a_link_out_of_the_library(library, book):
    (book / "passwords").symlink_to("/etc/passwd")
    assert refusal(book, library) == (
        "link_outside",
        "passwords is a link to something outside the library, or to nothing. "
        "Replace it with the file itself, or remove it.",
    )


def test_a_link_to_nothing(library, book):
    (book / "lost.mp3").symlink_to("nowhere.mp3")
    assert refusal(book, library)[0] == "link_outside"


def test_a_link_to_itself(library, book):
    (book / "me").symlink_to("me")
    assert refusal(book, library)[0] == "link_outside"


@pytest.mark.parametrize("target", [".", ".."])
def test_a_link_to_a_folder_around_it(library, book, target):
    inner = book / "inner"
    inner.mkdir()
    (inner / "again").symlink_to(target)
    assert refusal(book, library) == (
        "link_loop",
        "inner/again is a link to a folder that it lies in itself, so the release "
        "would never end. Remove the link.",
    )


def test_two_folders_that_link_to_each_other(library, book):
    for one, other in (("a", "b"), ("b", "a")):
        (book / one).mkdir(exist_ok=True)
        (book / one / "x").symlink_to(book / other)
    code, message = refusal(book, library)
    assert code == "folder_too_deep"
    assert message.endswith(
        "is nested deeper than 30 folders. Look for a folder that links to itself, "
        "or flatten it."
    )


def test_a_path_of_more_bytes_than_an_index_of_the_database_takes(library, book):
    deep = book.joinpath(*["字" * 80] * 9)
    deep.mkdir(parents=True)
    (deep / "1.mp3").write_bytes(b"x")
    code, message = refusal(book, library)
    assert code == "path_too_long"
    assert message.startswith("A path inside the release is longer than 2000 bytes: 字")


def test_a_file_dated_beyond_what_a_database_stores(library, book):
    os.utime(book / "2.mp3", (0, 2**34))
    if (book / "2.mp3").stat().st_mtime_ns < 2**63:
        pytest.skip("this file system has no such times")
    assert refusal(book, library) == (
        "file_time",
        "2.mp3 is dated after the year 2262, which cannot be stored. Give it another "
        "date (touch does), then prepare again.",
    )


def test_a_pipe(library, book):
    os.mkfifo(book / "pipe.mp3")
    assert refusal(book, library) == (
        "not_a_file",
        "pipe.mp3 is not a regular file (a pipe, socket or device). "
        "Remove it from the folder and prepare again.",
    )


def test_a_socket(library, book, monkeypatch):
    monkeypatch.chdir(book)
    with socket.socket(socket.AF_UNIX) as plug:
        plug.bind("plug")
        assert refusal(book, library)[0] == "not_a_file"


def test_a_pipe_as_the_release_itself(library):
    os.mkfifo(library / "pipe.m4b")
    assert refusal(library / "pipe.m4b", library)[0] == "not_a_file"


@pytest.mark.parametrize("ending", [".part", ".!qB", ".crdownload"])
def test_an_unfinished_download(library, book, ending):
    (book / f"3.mp3{ending}").write_bytes(b"x")
    assert refusal(book, library) == (
        "file_unfinished",
        f"3.mp3{ending} is still being written by another program. "
        "Prepare again when it is complete.",
    )


def test_too_many_files(library, book):
    for number in range(20_001):
        os.close(os.open(book / f"{number}.txt", os.O_CREAT | os.O_WRONLY))
    assert refusal(book, library) == (
        "too_many_files",
        "The folder holds more than 20000 files. Choose the folder of one release.",
    )


def test_too_many_files_in_many_folders(library, book, monkeypatch):
    monkeypatch.setattr(scanner, "MAX_FILES", 5)
    for number in range(6):
        (book / f"Disc {number}").mkdir()
        (book / f"Disc {number}" / "1.mp3").write_bytes(b"x")
    assert refusal(book, library)[0] == "too_many_files"


def test_links_that_double_the_folders_at_each_level(library, book, monkeypatch):
    monkeypatch.setattr(scanner, "MAX_FILES", 100)
    for level in range(10):
        (library / f"level {level}").mkdir()
    for level in range(9):
        for name in ("a", "b"):
            target = library / f"level {level + 1}"
            (library / f"level {level}" / name).symlink_to(target)
    (book / "start").symlink_to(library / "level 0")
    assert refusal(book, library) == (
        "too_many_files",
        "The folder holds more than 100 folders. Choose the folder of one release, "
        "and look for links that lead to the same folders again.",
    )


def test_a_scan_can_be_stopped_at_each_folder(library, book):
    (book / "Disc 1").mkdir()
    seen = []

    def stop():
        seen.append(1)
        if len(seen) == 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        scan(book, library, on_folder=stop)


def test_ingest_errors_are_expected_failures():
    assert issubclass(IngestError, AppError)
