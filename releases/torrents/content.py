"""The files of a torrent as one row of bytes, and proof that they stay the same."""

import errno
import os
import stat
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import NamedTuple

from releases.torrents.errors import (
    FileChanged,
    FileMissing,
    FileNotRegular,
    FileUnreadable,
    HashingError,
    NothingToHash,
    shown,
)
from releases.torrents.types import Opener, SourceFile


class Identity(NamedTuple):
    """What must stay the same about a file while it is read."""

    device: int
    inode: int
    size: int
    mtime_ns: int


def _identity(status: os.stat_result) -> Identity:
    return Identity(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


def open_regular(path: os.PathLike[str]) -> int:
    """Open `path` for reading, never through a symbolic link, never blocking.

    A pipe would otherwise wait for a writer. Raises OSError.
    """
    return os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)


def refusal(file: SourceFile, error: OSError) -> HashingError:
    """What to tell a person when the operating system refuses a file."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return FileMissing(
            f"The file {shown(file.name)} is missing. Put it back, or scan the "
            "release again.",
            file=file.name,
        )
    if error.errno == errno.ELOOP:
        return changed(file, "was replaced by a symbolic link")
    reason = os.strerror(error.errno) if error.errno else "unknown error"
    remedy = (
        "Give the account that runs Herald the right to read it"
        if isinstance(error, PermissionError)
        else "Check the disk or network share it lies on"
    )
    return FileUnreadable(
        f"The file {shown(file.name)} cannot be read: {reason}. {remedy}, then try "
        "again.",
        file=file.name,
    )


def _kind(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "symbolic link"
    return "folder" if stat.S_ISDIR(mode) else "pipe, socket or device"


def changed(file: SourceFile, what: str) -> FileChanged:
    """The error for a file that is not what it was; `what` says in which way."""
    return FileChanged(
        f"The file {shown(file.name)} {what}. Wait until nothing writes to the "
        "folder any more, then scan the release again.",
        file=file.name,
    )


class Content:
    """Files laid end to end, as the pieces of a torrent see them.

    Building it looks at every file once, so that a missing one is reported before
    hours of reading. Raises HashingError.
    """

    def __init__(self, files: Sequence[SourceFile]) -> None:
        self.files = tuple(files)
        self.total = sum(file.size for file in self.files)
        if not self.files:
            raise NothingToHash("There are no files to hash. Choose another folder.")
        if self.total <= 0:
            raise NothingToHash(
                f"All {len(self.files)} files are empty, and a torrent needs at least "
                "one byte. Choose a folder with content."
            )
        self.starts = [0, *accumulate(file.size for file in self.files[:-1])]
        self.identities = [self._look(file) for file in self.files]

    def index_at(self, offset: int) -> int:
        """Which file holds the byte at `offset`; never an empty file."""
        return bisect_right(self.starts, offset) - 1

    def confirm(self) -> None:
        """Raise HashingError unless every file still is what it was."""
        for file, identity in zip(self.files, self.identities, strict=True):
            if self._look(file) != identity:
                raise changed(file, "was replaced or changed while it was read")

    def check_opened(self, index: int, descriptor: int) -> None:
        """Raise FileChanged unless `descriptor` is file `index` as it was seen."""
        if _identity(os.fstat(descriptor)) != self.identities[index]:
            raise changed(
                self.files[index], "was replaced or changed while it was read"
            )

    @staticmethod
    def _look(file: SourceFile) -> Identity:
        try:
            status = file.path.stat(follow_symlinks=False)
        except OSError as error:
            raise refusal(file, error) from error
        except ValueError as error:  # a NUL byte or a lone surrogate in the name
            raise FileMissing(
                f"No file can be called {shown(file.name)}. Rename it, then scan the "
                "release again.",
                file=file.name,
            ) from error
        if not stat.S_ISREG(status.st_mode):
            raise FileNotRegular(
                f"{shown(file.name)} is a {_kind(status.st_mode)}, not a regular file. "
                "Replace it by the file itself, then scan the release again.",
                file=file.name,
            )
        if status.st_size != file.size:
            raise changed(file, f"has {status.st_size} bytes instead of {file.size}")
        if file.mtime_ns is not None and status.st_mtime_ns != file.mtime_ns:
            raise changed(file, "was modified since the release was scanned")
        return _identity(status)


class ReadingStopped(Exception):
    """Somebody asked to stop; nothing is wrong."""


class ContentReader:
    """Reads a Content from lower to higher offsets; a context manager.

    One file is open at a time however many there are: offsets only grow, so a file
    left behind is never needed again. Each thread has its own reader. `stopped` is
    asked before every read.
    """

    def __init__(
        self,
        content: Content,
        opener: Opener,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self._content = content
        self._opener = opener
        self._stopped = stopped
        self._index = -1
        self._descriptor = -1

    def __enter__(self) -> "ContentReader":
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def fill(self, view: memoryview, offset: int) -> None:
        """Fill `view` with the bytes from `offset` on, across files.

        Raises HashingError for a file that cannot be read or has changed, and
        ReadingStopped.
        """
        starts, files = self._content.starts, self._content.files
        index = self._content.index_at(offset)
        while view:
            if self._stopped():
                raise ReadingStopped
            if index != self._index:
                self._switch(index)
            inside = offset - starts[index]
            wanted = view[: files[index].size - inside]
            count = self._read(wanted, inside)
            view = view[count:]
            offset += count
            if view and offset == starts[index] + files[index].size:
                index = self._content.index_at(offset)

    def finish(self) -> None:
        """Confirm that the file read last stayed the same."""
        if self._descriptor >= 0:
            self._content.check_opened(self._index, self._descriptor)

    def _close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _read(self, view: memoryview, inside: int) -> int:
        file = self._content.files[self._index]
        try:
            count = os.preadv(self._descriptor, [view], inside)
        except OSError as error:
            raise refusal(file, error) from error
        if count == 0:
            raise changed(file, f"ends at {inside} bytes instead of {file.size}")
        return count

    def _switch(self, index: int) -> None:
        self.finish()
        self._close()
        file = self._content.files[index]
        try:
            self._descriptor = self._opener(file.path)
        except OSError as error:
            raise refusal(file, error) from error
        self._index = index
        self._content.check_opened(index, self._descriptor)
        # Several threads read one disk in turns: longer read-ahead, fewer seeks.
        os.posix_fadvise(self._descriptor, 0, 0, os.POSIX_FADV_SEQUENTIAL)
