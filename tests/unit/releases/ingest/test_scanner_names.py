"""Names that no release may have, each with the one sentence that a person gets."""

import os

import pytest

from tests.unit.releases.ingest.refusing import refusal


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
