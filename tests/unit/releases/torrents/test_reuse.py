"""A given torrent serves only for the very files it was made of."""

import time

import pytest

from releases.torrents.content import open_regular
from releases.torrents.errors import FileChanged, HashingCancelled, TorrentMismatch
from releases.torrents.metainfo import read_torrent
from releases.torrents.reuse import (
    compare_files,
    require_same_files,
    sample_pieces,
    verify_pieces,
)
from releases.torrents.types import Progress, SourceFile
from tests.torrents import source_file, torrent_of, write_files

PIECE = 16 * 1024
SIZES = {"a.mp3": 5 * PIECE, "b/c.mp3": 100, "empty": 0, "z.mp3": 7 * PIECE + 1}


@pytest.fixture
def book(tmp_path):
    """The metainfo of a folder, and its files by path."""
    files = write_files(tmp_path / "Book", SIZES)
    meta = read_torrent(torrent_of("Book", files, PIECE))
    return meta, {tuple(file.label.split("/")): file for file in files}


def rewrite(files, path, content):
    """Put other content into a file; the scan is repeated for it."""
    files[path].path.write_bytes(content)
    files[path] = source_file(files[path].path, label="/".join(path))


def test_the_same_files_fit(book):
    meta, files = book
    assert compare_files(meta, name="Book", is_single=False, files=files) == []
    require_same_files(meta, name="Book", is_single=False, files=files)
    assert verify_pieces(meta, files, full=True) == meta.piece_count
    assert verify_pieces(meta, files) == meta.piece_count
    assert verify_pieces(meta, files, sample=4) == 4


def test_every_difference_is_a_sentence(book):
    meta, files = book
    files[("new.txt",)] = files.pop(("b", "c.mp3"))
    rewrite(files, ("a.mp3",), b"short")
    problems = compare_files(meta, name="Other", is_single=False, files=files)
    assert problems == [
        "The torrent is called “Book”, but the release “Other”; a torrent client "
        "would look for the other name.",
        f"“a.mp3” has 5 bytes on disk and {5 * PIECE} in the torrent.",
        "“b/c.mp3” is in the torrent, but not on disk.",
        "“new.txt” is on disk, but not in the torrent.",
    ]
    with pytest.raises(TorrentMismatch, match="Herald hashes the files") as caught:
        require_same_files(meta, name="Other", is_single=False, files=files)
    assert caught.value.extra["problems"] == problems


def test_many_differences_are_counted(book):
    meta, files = book
    for n in range(20):
        files[(f"{n:02}",)] = files[("empty",)]
    with pytest.raises(TorrentMismatch, match=r"“04” is on disk.* And 15 more\.") as c:
        require_same_files(meta, name="Book", is_single=False, files=files)
    assert "“05”" not in c.value.message
    assert len(c.value.extra["problems"]) == 20


def test_a_folder_and_a_single_file_do_not_fit_each_other(tmp_path, book):
    meta, files = book
    (problem,) = compare_files(meta, name="Book", is_single=True, files=files)
    assert problem == (
        "The release is one single file, but the torrent is of a folder."
    )
    (single,) = write_files(tmp_path, {"one.m4b": 10})
    one = read_torrent(torrent_of("one.m4b", [single], PIECE, is_single=True))
    (problem,) = compare_files(one, name="one.m4b", is_single=False, files=files)
    assert problem == (
        "The release is a folder, but the torrent is of one single file."
    )


def test_a_single_file_fits_by_name_and_size(tmp_path):
    (file,) = write_files(tmp_path, {"one.m4b": 3 * PIECE})
    meta = read_torrent(torrent_of("one.m4b", [file], PIECE, is_single=True))
    files: dict[tuple[str, ...], SourceFile] = {("one.m4b",): file}
    require_same_files(meta, name="one.m4b", is_single=True, files=files)
    assert verify_pieces(meta, files) == 3
    (problem,) = compare_files(
        meta, name="two.m4b", is_single=True, files={("two.m4b",): file}
    )
    assert "called “one.m4b”, but the release “two.m4b”" in problem


@pytest.mark.parametrize("full", [True, False])
def test_other_content_names_the_file(book, full):
    meta, files = book
    rewrite(files, ("z.mp3",), b"x" * (7 * PIECE + 1))
    with pytest.raises(TorrentMismatch) as caught:
        verify_pieces(meta, files, full=full)
    problems = caught.value.extra["problems"]
    assert "“z.mp3” has, or borders on, other content than the torrent." in problems
    assert not any("a.mp3" in problem or "empty" in problem for problem in problems)


def test_a_difference_between_the_samples_needs_the_full_check(book):
    meta, files = book
    content = bytearray(files[("a.mp3",)].path.read_bytes())
    content[2 * PIECE] ^= 1
    rewrite(files, ("a.mp3",), bytes(content))
    verify_pieces(meta, files, sample=4)
    with pytest.raises(TorrentMismatch, match=r"“a\.mp3” has, or borders on"):
        verify_pieces(meta, files, full=True)


def test_an_overwritten_middle_is_found_by_samples(tmp_path):
    (file,) = write_files(tmp_path, {"one.m4b": 1000 * PIECE})
    meta = read_torrent(torrent_of("one.m4b", [file], PIECE, is_single=True))
    files: dict[tuple[str, ...], SourceFile] = {("one.m4b",): file}
    content = bytearray(file.path.read_bytes())
    content[500 * PIECE : 510 * PIECE] = bytes(10 * PIECE)
    rewrite(files, ("one.m4b",), bytes(content))
    with pytest.raises(TorrentMismatch, match=r"“one\.m4b” has, or borders on"):
        verify_pieces(meta, files)


def test_the_sample_holds_the_edges_of_every_file_and_is_bounded(book):
    meta, _ = book
    assert sample_pieces(meta, 4) == [0, 4, 5, 12]
    assert sample_pieces(meta, 3) == [0, 4, 5]
    assert sample_pieces(meta, 2) == [0, 5]


def test_the_sample_is_filled_with_pieces_between_the_edges(book):
    meta, _ = book
    assert sample_pieces(meta, 7) == [0, 1, 4, 5, 6, 9, 12]
    assert sample_pieces(meta, 100) == list(range(13))


def test_a_file_that_changed_since_the_scan_is_not_verified(book):
    meta, files = book
    files[("a.mp3",)].path.write_bytes(b"new")
    with pytest.raises(FileChanged, match=r"“a\.mp3”"):
        verify_pieces(meta, files)


def test_verifying_tells_progress_and_can_be_cancelled(book):
    meta, files = book
    seen: list[Progress] = []
    verify_pieces(meta, files, on_progress=seen.append)
    assert {progress.phase for progress in seen} == {"checking"}
    assert seen[-1].bytes_done == seen[-1].bytes_total > 0

    def slow(path):
        time.sleep(0.5)
        return open_regular(path)

    with pytest.raises(HashingCancelled):
        verify_pieces(meta, files, full=True, cancelled=lambda: True, opener=slow)
