"""The same folder here and on the torrent client's machine. Pure: no disk is read.

A library has a root here and, where the client sees it elsewhere (another host, a
container, Windows), the client's name for that root.
"""

import re
from pathlib import PurePath, PurePosixPath, PureWindowsPath

from releases.clients import words
from releases.clients.errors import PathNotMapped

_DRIVE = re.compile(r"[A-Za-z]:($|[\\/])")


def to_client_path(path: str, root: str, client_root: str = "") -> str:
    """`path` below `root` as the client names it.

    Without a `client_root` the client sees the same paths. `/data/books/a` below
    `/data` is `/mnt/a/books/a` for `/mnt/a`, and `D:\\media\\books\\a` for `D:\\media`.
    Raises PathNotMapped for a path outside the root, or one Windows cannot have.
    """
    below = _below(PurePosixPath(path), PurePosixPath(root))
    if not client_root:
        return str(PurePosixPath(root) / below)
    theirs = _pure(client_root)
    _must_be_absolute(theirs)
    if isinstance(theirs, PureWindowsPath):
        for part in below.parts:
            if re.search(r'[\\<>:"|?*\x00-\x1f]|[ .]$', part):
                raise PathNotMapped(words.BAD_NAME % {"name": repr(part)})
    return str(theirs.joinpath(*below.parts))


def to_local_path(client_path: str, root: str, client_root: str = "") -> str:
    """The client's path below `client_root` as it is called here, below `root`.

    Raises PathNotMapped when the client's path lies elsewhere.
    """
    theirs = _pure(client_root or root)
    below = _below(type(theirs)(client_path), theirs)
    return str(PurePosixPath(root).joinpath(*below.parts))


def same_path(one: str, other: str) -> bool:
    """Whether two of the client's paths name the same folder. Both are absolute."""
    return _pure(one) == _pure(other)


def _pure(root: str) -> PurePath:
    if _DRIVE.match(root) or root.startswith("\\\\"):
        return PureWindowsPath(root)
    return PurePosixPath(root)


def _below(path: PurePath, root: PurePath) -> PurePath:
    _must_be_absolute(root)
    if ".." in path.parts or ".." in root.parts:
        raise PathNotMapped(words.DOTS % {"path": repr(str(path))})
    try:
        return path.relative_to(root)
    except ValueError as exc:
        raise PathNotMapped(
            words.NOT_INSIDE % {"path": repr(str(path)), "root": repr(str(root))}
        ) from exc


def _must_be_absolute(root: PurePath) -> None:
    if not root.is_absolute():
        raise PathNotMapped(words.NOT_ABSOLUTE % {"root": repr(str(root))})
