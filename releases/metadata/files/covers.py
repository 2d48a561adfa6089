"""Looks at pictures: what they are, how large, and which makes the best cover."""

import io
import struct
import warnings
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from PIL import Image

from releases.metadata.types import EMBEDDED, Cover, Notice

from . import limits
from .found import Picture

_FORMATS: Final = ("JPEG", "PNG")
# MPO is what Pillow calls a JPEG with further pictures behind it.
_MIMES: Final = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png"}
_DAMAGE: Final = (
    *(OSError, ValueError, SyntaxError, TypeError, LookupError, ArithmeticError),
    *(struct.error, zlib.error, Image.DecompressionBombError),
)
_NAMES: Final = tuple(
    f"{stem}.{suffix}"
    for stem in ("cover", "folder")
    for suffix in ("jpg", "jpeg", "png")
)
_SMALLEST_SIDE: Final = 300
_MOST_OBLONG: Final = 1.1
_FRONT: Final = 3


def open_cover(content: bytes, origin: str) -> tuple[Cover | None, str]:
    """The cover, or None and a sentence that says why it is not one.

    Only the head is read, never the pixels: a picture of a few bytes may claim to
    be enormous.
    """
    if len(content) > limits.PICTURE_BYTES:
        return None, f"The cover has over {limits.PICTURE_BYTES // limits.MIB} MiB."
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
                mime = _MIMES[image.format or ""]
                width, height = image.size
                unfit = _unfit(image)
    except _DAMAGE:
        return None, "The cover is not a readable JPEG or PNG."
    if width * height > limits.PICTURE_PIXELS:
        return None, f"The cover claims {width} x {height} pixels: too many to open."
    if unfit:
        return None, unfit
    return Cover(
        content=content, mime=mime, origin=origin, width=width, height=height
    ), ""


def _unfit(image: Image.Image) -> str:
    """Why sites refuse such a picture, or browsers show it wrongly; "" if they do not.

    A JPEG may hold further pictures, but only its first is shown.
    """
    if image.mode == "CMYK":
        return "The cover has the colours of print (CMYK): save it as RGB."
    if image.format == "PNG" and getattr(image, "is_animated", False):
        return "The cover is animated: save one picture of it."
    return ""


def cover_rank(cover: Cover) -> tuple[bool, bool, int]:
    """A sort key, higher is better: large enough, nearly square, many pixels."""
    short, long = sorted((cover.width, cover.height))
    large = short >= _SMALLEST_SIDE
    square = bool(short) and long / short <= _MOST_OBLONG
    return large, square, cover.width * cover.height


def cover_notices(cover: Cover) -> list[Notice]:
    """What sites may dislike about a cover."""
    large, square, _ = cover_rank(cover)
    size = f"The cover has {cover.width} x {cover.height} pixels"
    found = []
    if not large:
        found.append(
            Notice(code="cover_small", message=f"{size}: sites want at least 300.")
        )
    if not square:
        found.append(
            Notice(code="cover_oblong", message=f"{size}: covers should be square.")
        )
    return found


def best_embedded(
    pictures: Iterable[Picture], name: str
) -> tuple[Cover | None, list[Notice]]:
    """The best embedded picture, a front cover before any other kind."""
    covers: list[tuple[bool, Cover]] = []
    notices = []
    for picture in list(pictures)[: limits.PICTURES]:
        cover, problem = open_cover(picture.content, EMBEDDED)
        if cover is None:
            notices.append(Notice(code="cover_unreadable", message=problem, path=name))
        else:
            covers.append((picture.kind == _FRONT, cover))
    if not covers:
        return None, notices
    _, best = max(covers, key=lambda pair: (pair[0], cover_rank(pair[1])))
    return best, notices


def folder_covers(folder: Path) -> tuple[list[Cover], list[Notice]]:
    """cover.jpg, folder.png and the like in a folder, any case; the best first.

    Links are not followed: they may lead out of the library.
    """
    covers, notices = [], []
    try:
        files = [path for path in folder.iterdir() if path.name.lower() in _NAMES]
    except OSError:
        return [], []
    for path in sorted(files):
        try:
            if path.is_symlink() or not path.is_file():
                continue
            with path.open("rb") as opened:
                content = opened.read(limits.PICTURE_BYTES + 1)
        except OSError as error:
            problem = f"The cover cannot be read: {error.strerror}."
            notices.append(
                Notice(code="cover_unreadable", message=problem, path=path.name)
            )
            continue
        cover, problem = open_cover(content, path.name)
        if cover is None:
            notices.append(
                Notice(code="cover_unreadable", message=problem, path=path.name)
            )
        else:
            covers.append(cover)
    return sorted(covers, key=cover_rank, reverse=True), notices
