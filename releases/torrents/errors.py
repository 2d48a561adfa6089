"""What can be wrong with files to hash and with torrents. All are for a person.

TorrentError                 code, message for people
├─ HashingError              the files cannot be hashed
│  ├─ NothingToHash          no files, or no bytes in them
│  ├─ TooManyPieces          the piece length is too small for so much content
│  ├─ FileMissing            a file is not there
│  ├─ FileUnreadable         no permission, a failing disk
│  ├─ FileNotRegular         a symbolic link, folder, pipe or device
│  ├─ FileChanged            a file changed while, or since, it was looked at
│  └─ HashingCancelled       somebody asked to stop
├─ InvalidPieceLength        no power of two, or out of range
├─ InvalidName               a name that no torrent should carry
├─ InvalidTorrent            not a torrent, or a damaged or hostile one
│  ├─ TorrentTooLarge        more bytes than a torrent file ever has
│  └─ TorrentUnsupported     v2, hybrid, padding files, links
└─ TorrentMismatch           a torrent does not fit the files
"""

from typing import Any

from common.errors import AppError

_SHOWN_LENGTH = 160


def shown(text: object) -> str:
    """A file name as an error may show it: quoted, on one line, bounded, harmless.

    Control characters, direction marks and undecodable bytes become escapes.
    """
    escaped = "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in str(text)
    )
    if len(escaped) > _SHOWN_LENGTH:
        half = _SHOWN_LENGTH // 2
        escaped = f"{escaped[:half]}…{escaped[-half:]}"
    return f"“{escaped}”"


class TorrentError(AppError):
    """Base of every failure of hashing and of torrent files."""

    code = "torrent_error"


class HashingError(TorrentError):
    """The files cannot be hashed. `extra["file"]` names the file, where it is one."""

    code = "hash_failed"

    def __init__(self, message: str, *, file: str = "", **extra: Any) -> None:
        if file:
            extra["file"] = file
        super().__init__(message, extra=extra)


class NothingToHash(HashingError):
    """There are no files, or no byte in them."""

    code = "hash_nothing"


class TooManyPieces(HashingError):
    """So many pieces that the torrent file would be refused everywhere."""

    code = "hash_too_many_pieces"


class FileMissing(HashingError):
    """A file is not there any more."""

    code = "hash_file_missing"


class FileUnreadable(HashingError):
    """The operating system refuses to read a file."""

    code = "hash_file_unreadable"


class FileNotRegular(HashingError):
    """A symbolic link, folder, pipe, socket or device in place of a file."""

    code = "hash_file_not_regular"


class FileChanged(HashingError):
    """A file is not what it was when the release was looked at."""

    code = "hash_file_changed"


class HashingCancelled(HashingError):
    """Hashing stopped because it was asked to."""

    code = "hash_cancelled"


class InvalidPieceLength(TorrentError):
    """A piece length, or a rule for choosing one, makes no sense."""

    code = "torrent_piece_length"


class InvalidName(TorrentError):
    """A file or folder name that cannot, or must not, stand in a torrent."""

    code = "torrent_name"


class InvalidTorrent(TorrentError):
    """Not a torrent, or one that is damaged or meant to do harm."""

    code = "torrent_invalid"


class TorrentTooLarge(InvalidTorrent):
    """Larger than any torrent file that a site would take."""

    code = "torrent_too_large"


class TorrentUnsupported(InvalidTorrent):
    """A sound torrent of a kind that Herald does not handle."""

    code = "torrent_unsupported"


class TorrentMismatch(TorrentError):
    """The torrent describes other files. `extra["problems"]` lists all sentences."""

    code = "torrent_mismatch"
