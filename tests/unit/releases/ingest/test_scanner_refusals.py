"""What cannot be a release, each with the one sentence that a person gets."""

import os
import socket
from contextlib import contextmanager

import pytest

from common.errors import AppError
from releases.ingest import scanner
from releases.ingest.errors import IngestError
from releases.ingest.scanner import scan


def refusal(path, root):
    with pytest.raises(AppError) as caught:
        scan(path, root)
    return caught.value.code, caught.value.message


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


def test_a_name_that_is_not_utf8(library, book):
    (book / os.fsdecode(b"caf\xe9.mp3")).write_bytes(b"x")
    assert refusal(book, library) == (
        "name_not_utf8",
        "The name b'caf\\xe9.mp3' in the folder is not valid UTF-8, which torrents "
        "need. Rename it and prepare again.",
    )


def test_a_name_that_is_not_utf8_deeper_down(library, book):
    (book / "Disc 1").mkdir()
    (book / "Disc 1" / os.fsdecode(b"\xff")).write_bytes(b"x")
    assert "in Disc 1/ is not valid UTF-8" in refusal(book, library)[1]


def test_a_name_with_a_backslash(library, book):
    (book / "a\\b.mp3").write_bytes(b"x")
    code, message = refusal(book, library)
    assert code == "torrent_name"
    assert message == (
        "The name “a\\b.mp3” holds a slash, backslash or NUL character, which some "
        "torrent client reads as another path. Rename it, then try again."
    )


@pytest.mark.parametrize(
    ("name", "shown", "point"),
    [
        ("line\nbreak.mp3", "line\\nbreak.mp3", "000A"),
        ("right\u202eleft.mp3", "right\\u202eleft.mp3", "202E"),
    ],
)
def test_a_name_that_torrent_clients_rewrite(library, book, name, shown, point):
    (book / name).write_bytes(b"x")
    assert refusal(book, library) == (
        "torrent_name",
        f"The name “{shown}” holds the invisible character U+{point}, which torrent "
        "clients drop or replace, and then miss the file. Rename it, then try again.",
    )


@pytest.mark.parametrize("name", ["a\u200bb", "b" * 241])
def test_the_releases_own_name_takes_more_than_renaming(library, name):
    own = library / name
    own.mkdir()
    (own / "a.mp3").write_bytes(b"x")

    assert refusal(own, library)[1].endswith(
        ". Rename the folder, then add it under its new name."
    )


def test_a_files_own_name_is_called_a_files(library):
    own = library / "a\u200bb.m4b"
    own.write_bytes(b"x")

    assert refusal(own, library)[1].endswith(
        ". Rename the file, then add it under its new name."
    )


def test_a_name_that_torrent_clients_cut(library, book):
    (book / ("é" * 121)).write_bytes(b"x")
    code, message = refusal(book, library)
    assert code == "torrent_name"
    assert message.endswith(
        "has 242 bytes, and torrent clients cut it after 240. Shorten it, then try "
        "again."
    )


def test_names_that_differ_in_case_only(library, book):
    (book / "Part.mp3").write_bytes(b"x")
    (book / "part.mp3").write_bytes(b"x")
    code, message = refusal(book, library)
    assert code == "torrent_name"
    assert "differ in upper and lower case only" in message
    assert message.endswith("Rename one yourself, then try again.")


def test_the_releases_own_name_with_a_backslash(library):
    file = library / "a\\b.m4b"
    file.write_bytes(b"x")
    assert refusal(file, library)[0] == "torrent_name"


def test_a_path_of_more_than_a_thousand_characters(library, book, monkeypatch):
    monkeypatch.chdir(book)
    for _ in range(5):
        os.mkdir("x" * 250)  # noqa: PTH102 - longer than an absolute path may be
        os.chdir("x" * 250)
    os.close(os.open("end", os.O_CREAT | os.O_WRONLY))
    code, message = refusal(book, library)
    assert code == "path_too_long"
    assert message.startswith(
        "A path inside the release is longer than 1000 characters: xxx"
    )
    assert message.endswith("… Shorten its names and prepare again.")


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


# --- rights ---------------------------------------------------------------------


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


def test_ingest_errors_are_expected_failures():
    assert issubclass(IngestError, AppError)
