"""SHA-1 of the pieces of a torrent, with all cores, in little memory.

Each thread takes the next piece, reads it in blocks into its one buffer and hashes
each block while it is in the processor's cache. Reading and hashing release the
interpreter's lock, so threads are enough. docs/hashing.md has the figures.
"""

import hashlib
import os
import threading
import time
from collections.abc import Iterable, Sequence

from releases.torrents.content import (
    Content,
    ContentReader,
    ReadingStopped,
    open_regular,
)
from releases.torrents.errors import HashingCancelled, TooManyPieces
from releases.torrents.pieces import check_piece_length, piece_count
from releases.torrents.types import (
    CancelCheck,
    HashResult,
    Opener,
    Progress,
    ProgressCallback,
    SourceFile,
)

DIGEST_SIZE = 20
BLOCK = 512 * 1024  # fits the second-level cache; larger blocks gain nothing sure
MOST_PIECES = 400_000  # 8 MB of digests; a torrent file beyond 10 MB is refused

_TICK = 0.2  # seconds between two looks at progress and cancellation
_PATIENCE = 0.5  # seconds given to threads that hang in a dead disk


def hash_files(
    files: Sequence[SourceFile],
    piece_length: int,
    *,
    threads: int | None = None,
    on_progress: ProgressCallback | None = None,
    cancelled: CancelCheck | None = None,
    opener: Opener = open_regular,
) -> HashResult:
    """Hash all pieces of `files`, laid end to end in the order given.

    `piece_length` in bytes; `threads` is one per usable core by default.
    `on_progress` and `cancelled` are called in the calling thread, about five times
    a second, so both may use its database connection; hashing stops within a second
    of `cancelled` being true. `opener` opens a file by path.
    Raises HashingError: HashingCancelled, FileChanged when a file is not what
    it was before or after reading, FileMissing, FileUnreadable, …
    """
    content = Content(files)
    count = _checked_count(content.total, piece_length)
    step = max(1, BLOCK // piece_length)
    run = _Run(content, piece_length, range(0, count, step), step, opener)
    started = time.monotonic()
    used = run.execute("hashing", threads, on_progress, cancelled)
    content.confirm()
    return HashResult(
        pieces=bytes(run.digests),
        piece_length=piece_length,
        total_size=content.total,
        duration=time.monotonic() - started,
        threads=used,
    )


def hash_pieces(
    files: Sequence[SourceFile],
    piece_length: int,
    indexes: Iterable[int],
    *,
    on_progress: ProgressCallback | None = None,
    cancelled: CancelCheck | None = None,
    opener: Opener = open_regular,
) -> dict[int, bytes]:
    """Hash some pieces only: index → digest. For the rest like `hash_files`."""
    content = Content(files)
    count = _checked_count(content.total, piece_length)
    chosen = sorted({index for index in indexes if 0 <= index < count})
    run = _Run(content, piece_length, chosen, 1, opener)
    run.execute("checking", None, on_progress, cancelled)
    content.confirm()
    return {
        index: bytes(run.digests[place * DIGEST_SIZE : (place + 1) * DIGEST_SIZE])
        for place, index in enumerate(chosen)
    }


def _checked_count(total: int, piece_length: int) -> int:
    count = piece_count(total, check_piece_length(piece_length))
    if count > MOST_PIECES:
        raise TooManyPieces(
            f"Pieces of {piece_length // 1024} KiB would make {count} of them, and "
            f"{MOST_PIECES} is the most a torrent can hold. Choose a larger piece "
            "length, or leave it automatic."
        )
    return count


class _Run:
    """One pass over pieces by several threads.

    A unit of work is `step` pieces in a row, of which `firsts` has the first;
    `digests` holds the result of all units, one after the other.
    """

    def __init__(
        self,
        content: Content,
        piece_length: int,
        firsts: Sequence[int],
        step: int,
        opener: Opener,
    ) -> None:
        self._content = content
        self._piece_length = piece_length
        self._step = step
        self._opener = opener
        self._total = sum(self._size(first) for first in firsts)
        self.digests = bytearray(piece_count(self._total, piece_length) * DIGEST_SIZE)
        self._units = len(firsts)
        self._todo = enumerate(firsts)
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._failure: BaseException | None = None
        self._running = 0
        self._finished = threading.Event()
        self._done: list[int] = []

    def execute(
        self,
        phase: str,
        threads: int | None,
        on_progress: ProgressCallback | None,
        cancelled: CancelCheck | None,
    ) -> int:
        """Hash everything and return how many threads did; raise what went wrong."""
        wanted = threads or len(os.sched_getaffinity(0))
        self._running = max(1, min(wanted, self._units))
        self._done = [0] * self._running
        workers = [
            # Daemons: a thread stuck in a dead network disk must not keep the
            # process alive after the caller was told.
            threading.Thread(
                target=self._work, args=(slot,), name=f"hash-{slot}", daemon=True
            )
            for slot in range(self._running)
        ]
        meter = _Meter(phase, self._total)
        try:
            for worker in workers:
                worker.start()
            while not self._finished.wait(_TICK):
                if cancelled is not None and cancelled():
                    raise HashingCancelled(
                        "Hashing was cancelled. Start it again when you want it."
                    )
                if on_progress is not None:
                    on_progress(meter.read(sum(self._done)))
        finally:
            self._stop.set()
            deadline = time.monotonic() + _PATIENCE
            for worker in workers:
                worker.join(max(0.0, deadline - time.monotonic()))
        if self._failure is not None:
            raise self._failure
        if on_progress is not None:
            on_progress(meter.read(self._total))
        return len(workers)

    def _size(self, first: int) -> int:
        """Bytes of the unit that begins with piece `first`."""
        start = first * self._piece_length
        return min(self._step * self._piece_length, self._content.total - start)

    def _work(self, slot: int) -> None:
        try:
            block = memoryview(bytearray(BLOCK))
            with ContentReader(
                self._content, self._opener, self._stop.is_set
            ) as reader:
                while (unit := self._next()) is not None:
                    self._hash(*unit, slot, block, reader)
                reader.finish()
        except ReadingStopped:
            pass
        except BaseException as error:  # noqa: BLE001 - raised again by execute()
            self._failure = self._failure or error
            self._stop.set()
        finally:
            with self._lock:
                self._running -= 1
                last = self._running == 0
            if last or self._failure is not None:
                self._finished.set()

    def _next(self) -> tuple[int, int] | None:
        with self._lock:
            return next(self._todo, None)

    def _hash(
        self,
        position: int,
        first: int,
        slot: int,
        block: memoryview,
        reader: ContentReader,
    ) -> None:
        """Hash the pieces of one unit, block by block; a unit may be one short block.

        Piece lengths and the block are powers of two: either pieces fill blocks or
        blocks fill pieces, and a unit of several pieces is never more than a block.
        """
        place = position * self._step
        offset = first * self._piece_length
        end = offset + self._size(first)
        piece = hashlib.sha1(usedforsecurity=False)
        while offset < end:
            count = min(BLOCK, end - offset)
            view = block[:count]
            reader.fill(view, offset)
            for at in range(0, count, self._piece_length):
                if at:
                    self._store(place, piece.digest())
                    place += 1
                    piece = hashlib.sha1(usedforsecurity=False)
                piece.update(view[at : at + self._piece_length])
            offset += count
            self._done[slot] += count
        self._store(place, piece.digest())

    def _store(self, place: int, digest: bytes) -> None:
        self.digests[place * DIGEST_SIZE : (place + 1) * DIGEST_SIZE] = digest


class _Meter:
    """Turns bytes done into a rate and the time left, smoothed over seconds."""

    _SMOOTHING = 0.2  # share of the newest reading
    _LONGEST_ETA = 365 * 24 * 3600.0  # beyond it a disk stalls, and nobody knows

    def __init__(self, phase: str, total: int) -> None:
        self._phase = phase
        self._total = total
        self._rate = 0.0
        self._last = (time.monotonic(), 0)

    def read(self, done: int) -> Progress:
        """The progress with `done` bytes behind us."""
        now = time.monotonic()
        then, before = self._last
        newest = (done - before) / max(now - then, 1e-6)
        self._rate += (self._SMOOTHING if before else 1.0) * (newest - self._rate)
        self._last = (now, done)
        left = self._total - done
        known = self._rate * self._LONGEST_ETA > left
        eta = left / self._rate if known else None
        return Progress(
            phase=self._phase,
            bytes_done=done,
            bytes_total=self._total,
            rate=self._rate,
            eta=0.0 if left == 0 else eta,
        )
