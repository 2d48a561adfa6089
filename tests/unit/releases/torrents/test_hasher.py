"""Pieces are those of the bytes laid end to end, and hashing can be stopped."""

import os
import resource
import threading
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from releases.torrents import hasher
from releases.torrents.content import open_regular
from releases.torrents.errors import (
    FileUnreadable,
    HashingCancelled,
    InvalidPieceLength,
    NothingToHash,
    TooManyPieces,
)
from releases.torrents.hasher import BLOCK, hash_files, hash_pieces
from releases.torrents.pieces import KIB, MIB
from releases.torrents.types import SourceFile
from tests.torrents import reference_pieces, write_files


def hashing_threads():
    """The threads of hashers that still run."""
    return [t for t in threading.enumerate() if t.name.startswith("hash-")]


def open_descriptors():
    """The numbers of this process's open files."""
    return [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]


CASES = {
    "one byte": {"a": 1},
    "one piece exactly": {"a": 16 * KIB},
    "one byte over a piece": {"a": 16 * KIB + 1},
    "one block exactly": {"a": BLOCK},
    "one byte over a block": {"a": BLOCK + 1},
    "files that end on piece borders": {"a": 32 * KIB, "b": 16 * KIB, "c": 16 * KIB},
    "empty files everywhere": {"a": 0, "b": 5, "c": 0, "d": 0, "e": 20000, "f": 0},
    "many one-byte files": {f"{n:03}": 1 for n in range(300)},
    "a file in many pieces": {"a": 7, "b": MIB + 12345, "c": 3},
}


@pytest.mark.parametrize("piece_length", [16 * KIB, 128 * KIB, 256 * KIB, MIB])
@pytest.mark.parametrize("sizes", CASES.values(), ids=CASES.keys())
def test_pieces_are_those_of_all_bytes_end_to_end(tmp_path, sizes, piece_length):
    files = write_files(tmp_path, sizes)
    result = hash_files(files, piece_length, threads=3)
    assert result.pieces == reference_pieces(files, piece_length)
    assert result.total_size == sum(sizes.values())
    assert result.piece_length == piece_length
    assert result.duration >= 0
    assert "pieces" not in repr(result)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sizes=st.lists(
        st.integers(0, 90_000) | st.sampled_from([16384, 32768]), min_size=1
    ),
    piece_length=st.sampled_from([16 * KIB, 32 * KIB, 512 * KIB]),
    threads=st.integers(1, 4),
)
def test_the_number_of_threads_changes_nothing(
    tmp_path_factory, sizes, piece_length, threads
):
    if not sum(sizes):
        return
    folder = tmp_path_factory.mktemp("files")
    files = write_files(folder, {f"{n:04}": size for n, size in enumerate(sizes)})
    result = hash_files(files, piece_length, threads=threads)
    assert result.pieces == reference_pieces(files, piece_length)


def test_chosen_pieces_are_hashed_alone(tmp_path):
    files = write_files(tmp_path, {"a": 100_000, "b": 1, "c": 70_000})
    pieces = reference_pieces(files, 16 * KIB)
    found = hash_pieces(files, 16 * KIB, [10, 0, 6, 6, 99, -1])
    assert found == {index: pieces[index * 20 :][:20] for index in (0, 6, 10)}


def test_one_thread_per_usable_core_by_default(tmp_path):
    files = write_files(tmp_path, {"a": 4 * BLOCK + 1})
    cores = len(os.sched_getaffinity(0))
    assert hash_files(files, 16 * KIB).threads == min(cores, 5)
    assert hash_files(files, 16 * KIB, threads=64).threads == 5


@pytest.mark.parametrize(
    ("sizes", "sentence"), [({}, "no files"), ({"a": 0, "b": 0}, "All 2 files")]
)
def test_nothing_to_hash_is_said(tmp_path, sizes, sentence):
    with pytest.raises(NothingToHash, match=sentence):
        hash_files(write_files(tmp_path, sizes), 16 * KIB)


def test_a_strange_piece_length_is_refused(tmp_path):
    with pytest.raises(InvalidPieceLength, match="20000 bytes"):
        hash_files(write_files(tmp_path, {"a": 1}), 20000)


def test_too_many_pieces_are_refused_before_reading(tmp_path):
    path = tmp_path / "sparse"
    path.touch()
    os.truncate(path, 16 * KIB * hasher.MOST_PIECES + 1)
    file = SourceFile(path=path, size=path.stat().st_size)
    with pytest.raises(TooManyPieces, match="400001 of them"):
        hash_files([file], 16 * KIB)


def test_three_thousand_files_need_few_descriptors(tmp_path):
    files = write_files(tmp_path, {f"{n // 100}/{n:05}": 40 for n in range(3000)})
    files.sort(key=lambda file: str(file.path))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    in_use = max(open_descriptors())
    resource.setrlimit(resource.RLIMIT_NOFILE, (in_use + 8, hard))
    try:
        result = hash_files(files, 16 * KIB, threads=4)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert result.pieces == reference_pieces(files, 16 * KIB)


def test_no_descriptor_and_no_thread_is_left_behind(tmp_path):
    files = write_files(tmp_path, {str(n): 50_000 for n in range(30)})
    before = len(open_descriptors())
    hash_files(files, 16 * KIB, threads=4)
    assert len(open_descriptors()) == before
    assert not hashing_threads()


def slow_opener(seconds):
    """Opens real files after a while, as a sleeping disk does."""

    def opener(path):
        time.sleep(seconds)
        return open_regular(path)

    return opener


def test_progress_counts_up_to_all_bytes(tmp_path):
    files = write_files(tmp_path, {str(n): BLOCK for n in range(4)})
    seen = []
    told = threading.Condition()

    def on_progress(progress):
        with told:
            seen.append(progress)
            told.notify_all()

    def opener(path):
        with told:  # each file waits until progress was told once more
            before = len(seen)
            told.wait_for(lambda: len(seen) > before)
        return open_regular(path)

    hash_files(files, 64 * KIB, threads=1, on_progress=on_progress, opener=opener)
    done = [progress.bytes_done for progress in seen]
    assert done == sorted(done)
    assert {(p.phase, p.bytes_total) for p in seen} == {("hashing", 4 * BLOCK)}
    middle, last = seen[-2], seen[-1]
    assert 0 < middle.bytes_done < last.bytes_done == 4 * BLOCK
    assert middle.rate > 0
    assert middle.eta > 0
    assert last.eta == 0.0


def test_a_disk_that_stalls_for_long_leaves_the_end_unknown(tmp_path, monkeypatch):
    monkeypatch.setattr(hasher, "_TICK", 0.0)
    files = write_files(tmp_path, {"a": BLOCK, "b": BLOCK})
    seen, enough = [], threading.Event()

    def on_progress(progress):
        seen.append(progress)
        if len(seen) > 5_000:
            enough.set()

    def opener(path):
        if path.name == "b":
            enough.wait()
        return open_regular(path)

    hash_files(files, BLOCK, threads=1, on_progress=on_progress, opener=opener)
    assert any(progress.rate > 0 for progress in seen)
    year = 366 * 24 * 3600
    assert all(progress.eta is None or progress.eta < year for progress in seen)


def test_progress_is_told_in_the_calling_thread(tmp_path):
    threads = set()
    hash_files(
        write_files(tmp_path, {"a": 100_000}),
        16 * KIB,
        on_progress=lambda _: threads.add(threading.current_thread()),
    )
    assert threads == {threading.current_thread()}


def test_cancelling_stops_before_the_end(tmp_path):
    files = write_files(tmp_path, {f"{n:02}": 16 * KIB for n in range(60)})
    opened = []
    asked = threading.Event()

    def opener(path):
        opened.append(path)
        if len(opened) > 4:
            asked.wait()
            time.sleep(0.05)
        return open_regular(path)

    def cancelled():
        asked.set()
        return True

    with pytest.raises(HashingCancelled, match="cancelled"):
        hash_files(files, 16 * KIB, threads=2, cancelled=cancelled, opener=opener)
    assert len(opened) < 40
    assert not hashing_threads()


def test_cancelling_does_not_wait_for_a_dead_disk(tmp_path):
    files = write_files(tmp_path, {"a": 16 * KIB})
    dead = threading.Event()
    released = threading.Event()

    def opener(path):
        dead.wait()
        released.set()
        return open_regular(path)

    with pytest.raises(HashingCancelled):
        hash_files(files, 16 * KIB, cancelled=lambda: True, opener=opener)
    assert not released.is_set()
    dead.set()
    while hashing_threads():
        time.sleep(0.01)


def test_an_exception_of_the_callback_stops_the_threads(tmp_path):
    files = write_files(tmp_path, {f"{n:02}": 16 * KIB for n in range(60)})

    def fail(_):
        raise SystemExit(3)

    with pytest.raises(SystemExit):
        hash_files(files, 16 * KIB, on_progress=fail, opener=slow_opener(0.05))
    assert not hashing_threads()


def test_a_failing_disk_is_reported_with_the_file(tmp_path):
    files = write_files(tmp_path, {"a": 10, "b\n": 10})

    def opener(path):
        if path.name == "b\n":
            raise OSError(5, "Input/output error")
        return open_regular(path)

    with pytest.raises(FileUnreadable, match=r"“b\\n” cannot be read.*Check the disk"):
        hash_files(files, 16 * KIB, opener=opener)


def test_a_failure_is_told_while_another_thread_hangs(tmp_path):
    files = write_files(tmp_path, {"a": BLOCK, "b": BLOCK})
    dead = threading.Event()

    def opener(path):
        if path.name == "a":
            dead.wait()
        raise OSError(5, "Input/output error")

    with pytest.raises(FileUnreadable, match="“b”"):
        hash_files(files, BLOCK, threads=2, opener=opener)
    dead.set()
    while hashing_threads():
        time.sleep(0.01)
