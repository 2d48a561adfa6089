"""A file that is not what it was never gets into a torrent."""

import os
import shutil
import subprocess

import pytest

from releases.torrents.content import Content, ContentReader, open_regular
from releases.torrents.errors import (
    FileChanged,
    FileMissing,
    FileNotRegular,
    FileUnreadable,
)
from releases.torrents.hasher import hash_files
from releases.torrents.types import SourceFile
from tests.torrents import source_file, write_files

PIECE = 16 * 1024
REMEDY = "Wait until nothing writes to the folder any more, then scan the release"


def truncate(path):
    os.truncate(path, 10)


def append(path):
    with path.open("ab") as file:
        file.write(b"more")


def overwrite(path):
    path.write_bytes(b"x" * path.stat().st_size)
    os.utime(path, ns=(1, 1))


def replace(path):
    status = path.stat()
    other = path.with_name("other")
    shutil.copyfile(path, other)
    os.utime(other, ns=(status.st_mtime_ns, status.st_mtime_ns))
    other.rename(path)


def remove(path):
    path.unlink()


CHANGES = [truncate, append, overwrite, replace, remove]


@pytest.mark.parametrize("change", [truncate, append, overwrite, remove])
def test_a_change_since_the_scan_is_found_before_reading(tmp_path, change):
    files = write_files(tmp_path, {"a": 50_000, "sub/b": 50_000})
    change(files[1].path)
    opened = []

    def opener(path):
        opened.append(path)
        return open_regular(path)

    with pytest.raises((FileChanged, FileMissing), match="“sub/b”") as caught:
        hash_files(files, PIECE, opener=opener)
    assert caught.value.extra["file"] == "sub/b"
    assert not opened


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("target", ["a", "b", "empty"])
def test_a_change_while_hashing_is_found(tmp_path, change, target):
    if target == "empty" and change in (truncate, overwrite):
        change = append
    files = write_files(tmp_path, {"a": 50_000, "b": 50_000, "c": 50_000, "empty": 0})

    def opener(path):
        descriptor = open_regular(path)
        if path.name == "b":
            change(tmp_path / target)
        return descriptor

    with pytest.raises((FileChanged, FileMissing), match=f"“{target}”"):
        hash_files(files, PIECE, threads=1, opener=opener)


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_after_the_last_byte_is_found(tmp_path, change):
    files = write_files(tmp_path, {"a": 1000, "b": 1000})

    def on_progress(progress):
        if progress.bytes_done == progress.bytes_total:
            change(tmp_path / "a")

    with pytest.raises((FileChanged, FileMissing), match="“a”"):
        hash_files(files, PIECE, on_progress=on_progress)


def test_a_file_cut_between_two_reads_is_reported_as_short(tmp_path):
    (file,) = write_files(tmp_path, {"a": 1000})
    with ContentReader(Content([file]), open_regular) as reader:
        reader.fill(memoryview(bytearray(500)), 0)
        os.truncate(file.path, 500)
        with pytest.raises(FileChanged, match="ends at 500 bytes instead of 1000"):
            reader.fill(memoryview(bytearray(500)), 500)


def test_a_file_swapped_between_two_threads_is_found(tmp_path):
    (file,) = write_files(tmp_path, {"a": 1000})
    content = Content([file])
    replace(file.path)
    with (
        ContentReader(content, open_regular) as reader,
        pytest.raises(FileChanged, match="replaced or changed while it was read"),
    ):
        reader.fill(memoryview(bytearray(10)), 0)


def test_without_a_known_time_only_changes_from_now_on_count(tmp_path):
    (file,) = write_files(tmp_path, {"a": 1000})
    os.utime(file.path, ns=(1, 1))
    timeless = SourceFile(path=file.path, size=1000)
    assert len(hash_files([timeless], PIECE).pieces) == 20
    with pytest.raises(FileChanged, match=f"modified since.*{REMEDY}"):
        hash_files([file], PIECE)


def test_growth_and_shrinking_tell_both_sizes(tmp_path):
    (file,) = write_files(tmp_path, {"a": 1000})
    append(file.path)
    with pytest.raises(FileChanged, match="has 1004 bytes instead of 1000"):
        hash_files([file], PIECE)


@pytest.mark.parametrize("path", ["gone", "file/below", "gone/below"])
def test_a_missing_file_says_so(tmp_path, path):
    write_files(tmp_path, {"file": 1})
    with pytest.raises(FileMissing, match=r"is missing\. Put it back"):
        hash_files([SourceFile(path=tmp_path / path, size=1)], PIECE)


def test_a_name_that_no_file_can_have_is_refused(tmp_path):
    with pytest.raises(FileMissing, match=r"No file can be called “.*a\\x00b”"):
        hash_files([SourceFile(path=tmp_path / "a\0b", size=1)], PIECE)


def test_a_folder_and_a_pipe_and_a_device_are_not_files(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path, kind in (
        (tmp_path, "a folder"),
        (tmp_path / "pipe", "a pipe, socket or device"),
        ("/dev/zero", "a pipe, socket or device"),
    ):
        with pytest.raises(FileNotRegular, match=f"is {kind}, not a regular file"):
            hash_files([SourceFile(path=tmp_path / path, size=1)], PIECE)


def test_a_symbolic_link_is_not_followed(tmp_path):
    (file,) = write_files(tmp_path, {"secret": 1000})
    link = tmp_path / "link"
    link.symlink_to(file.path)
    with pytest.raises(FileNotRegular, match="is a symbolic link"):
        hash_files([source_file(link)], PIECE)


def test_a_file_that_becomes_a_link_or_pipe_meanwhile_is_not_read(tmp_path):
    (file,) = write_files(tmp_path, {"a": 1000})
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"x" * 1000)
    content = Content([file])
    for make in (lambda: file.path.symlink_to(elsewhere), lambda: os.mkfifo(file.path)):
        file.path.unlink()
        make()
        with (
            ContentReader(content, open_regular) as reader,
            pytest.raises(FileChanged, match="was replaced"),
        ):
            reader.fill(memoryview(bytearray(10)), 0)


def test_a_file_without_read_permission_says_who_needs_it(tmp_path):
    # Root may read anything, so another account has to try.
    write_files(tmp_path, {"a": 1000})
    tmp_path.chmod(0o700)
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    else:
        tmp_path.chmod(0)
    try:
        with pytest.raises(
            FileUnreadable, match=r"Permission denied\. Give the account"
        ):
            hash_files([SourceFile(path=tmp_path / "a", size=1000)], PIECE)
    finally:
        os.seteuid(before)
        tmp_path.chmod(0o700)


def test_a_disk_error_in_the_middle_is_reported(tmp_path):
    (file,) = write_files(tmp_path, {"a": 1000})
    content = Content([file])
    with ContentReader(content, open_regular) as reader:
        reader.fill(memoryview(bytearray(10)), 0)
        os.dup2(os.open("/", os.O_RDONLY), reader._descriptor)
        with pytest.raises(FileUnreadable, match=r"Is a directory\. Check the disk"):
            reader.fill(memoryview(bytearray(10)), 10)


def test_a_writer_that_never_stops_is_found(tmp_path):
    path = tmp_path / "growing"
    path.write_bytes(b"x" * 3_000_000)
    file = source_file(path)
    writer = subprocess.Popen(
        ["sh", "-c", 'while :; do printf x >> "$0"; done', str(path)]
    )
    try:
        with pytest.raises(FileChanged, match=REMEDY):
            while True:
                hash_files([file], PIECE)
    finally:
        writer.kill()
        writer.wait()
