"""What a scan finds: files in natural order, what stays out, one fingerprint."""

import json
import os
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from releases.ingest.files import ScannedFile
from releases.ingest.scanner import MAX_NOTICES, fingerprint, scan
from releases.torrents.errors import InvalidName
from releases.torrents.validation import check_paths

NAME = st.text(
    st.characters(codec="utf-8", exclude_characters="/\\\0", exclude_categories=["Cs"]),
    min_size=1,
    max_size=40,
)


def paths(found):
    return [file.path for file in found.files]


def test_a_folder_is_listed_in_natural_order(library, book):
    (book / "10.mp3").write_bytes(b"x")
    (book / "Disc 2").mkdir()
    (book / "Disc 2" / "1.mp3").write_bytes(b"x")
    found = scan(book, library)
    assert paths(found) == ["1.mp3", "2.mp3", "10.mp3", "Disc 2/1.mp3"]
    assert (found.name, found.is_single, found.notices) == ("Book", False, ())
    sizes = {file.path: file.size for file in found.files}
    assert sizes["2.mp3"] == 6


def test_a_single_file_is_a_release(library):
    file = library / "Book.m4b"
    file.write_bytes(b"x" * 10)
    found = scan(file, library)
    assert (found.name, found.is_single, paths(found)) == (
        "Book.m4b",
        True,
        ["Book.m4b"],
    )
    assert found.files[0].kind == "audio"


def test_hidden_and_junk_files_are_reported_and_stay_out(library, book):
    (book / ".DS_Store").write_bytes(b"mac")
    (book / "Thumbs.db").write_bytes(b"win")
    (book / "@eaDir").mkdir()
    (book / "@eaDir" / "1.mp3").write_bytes(b"nas")
    found = scan(book, library)
    assert [file.path for file in found.included] == ["1.mp3", "2.mp3"]
    left_out = {file.path: file.note for file in found.files if not file.included}
    assert left_out == {
        ".DS_Store": "hidden",
        "Thumbs.db": "left behind by an operating system",
    }
    assert sorted(notice.message for notice in found.notices) == [
        ".DS_Store stays out of the torrent: hidden.",
        "@eaDir stays out of the torrent: left behind by an operating system.",
        "Thumbs.db stays out of the torrent: left behind by an operating system.",
    ]


def test_many_left_out_files_are_told_in_brief(library, book):
    for number in range(MAX_NOTICES + 7):
        (book / f".{number}").touch()
    found = scan(book, library)
    assert len(found.notices) == MAX_NOTICES + 1
    assert (
        found.notices[-1].message == "7 more files or folders stay out of the torrent."
    )


def test_a_hidden_link_or_pipe_is_not_looked_at(library, book):
    (book / ".link").symlink_to("/etc/passwd")
    os.mkfifo(book / ".pipe")
    found = scan(book, library)
    assert paths(found) == ["1.mp3", "2.mp3"]
    assert len(found.notices) == 2


def test_a_link_inside_the_library_counts_as_what_it_names(library, book):
    other = library / "shared"
    other.mkdir()
    (other / "cover.jpg").write_bytes(b"picture")
    (book / "cover.jpg").symlink_to(other / "cover.jpg")
    (book / "extras").symlink_to(other)
    found = scan(book, library)
    assert paths(found) == ["1.mp3", "2.mp3", "cover.jpg", "extras/cover.jpg"]
    assert found.files[2].size == 7


def test_empty_files_count_when_others_are_not(library, book):
    (book / "empty.txt").touch()
    assert "empty.txt" in paths(scan(book, library))


def test_a_hidden_file_may_have_a_name_that_no_torrent_takes(library, book):
    (book / ".a\\b").write_bytes(b"x")
    (book / ".line\nbreak").write_bytes(b"x")
    (book / os.fsdecode(b".caf\xe9")).write_bytes(b"x")
    found = scan(book, library)
    assert sorted(paths(found)) == [".a\\b", ".line\nbreak", "1.mp3", "2.mp3"]
    assert [file.path for file in found.included] == ["1.mp3", "2.mp3"]
    assert len(found.notices) == 3
    json.dumps([notice.path for notice in found.notices]).encode()


def test_odd_names_that_torrent_clients_keep_are_kept(library, book):
    odd = ["é" * 120, " blank ", "日本", "-rf *?:\"<>|'$(x)", "trailing dot."]
    for name in odd:
        (book / name).write_bytes(b"x")
    assert set(odd) < set(paths(scan(book, library)))


@given(st.sets(NAME, min_size=1, max_size=5))
def test_every_file_of_a_valid_name_is_found(tmp_path_factory, names):
    root = tmp_path_factory.mktemp("library")
    folder = root / "Book"
    folder.mkdir()
    (folder / "always.mp3").write_bytes(b"x")
    wanted = {"always.mp3"}
    for name in names:
        try:
            check_paths((other,) for other in [*wanted, name])
        except InvalidName:
            continue
        if not name.startswith(".") and not name.endswith((".tmp", ".part")):
            (folder / name).write_bytes(b"x")
            wanted.add(name)
    assert wanted <= set(paths(scan(folder, root)))


# --- the fingerprint ------------------------------------------------------------


def found(path="1.mp3", size=1, mtime_ns=5, included=True):
    return ScannedFile(
        ctime_ns=0,
        path=path,
        size=size,
        mtime_ns=mtime_ns,
        kind="audio",
        included=included,
    )


def test_the_fingerprint_sees_names_sizes_and_times():
    prints = {
        fingerprint([found()]),
        fingerprint([found(path="2.mp3")]),
        fingerprint([found(size=2)]),
        fingerprint([found(mtime_ns=6)]),
        fingerprint([found(), found(path="2.mp3")]),
        fingerprint([]),
    }
    assert len(prints) == 6


def test_the_fingerprint_sees_neither_order_nor_what_stays_out():
    one, two = found(), found(path="2.mp3")
    junk = found(path=".x", included=False)
    assert fingerprint([one, two]) == fingerprint([two, junk, one])


def test_the_fingerprint_of_a_folder_changes_with_a_touch(library, book):
    before = scan(book, library).fingerprint
    assert scan(book, library).fingerprint == before
    os.utime(book / "1.mp3", ns=(0, 1))
    assert scan(book, library).fingerprint != before


def test_the_name_is_that_of_the_real_folder(library, book):
    (library / "alias").symlink_to(book)
    assert scan(Path(library / "alias"), library).name == "Book"
