"""What a file is by its name, and what does not belong into a release. Pure."""

import re
from collections.abc import Iterable


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


AUDIO = _words(
    "m4b m4a mp3 mp4 flac ogg oga opus aac ac3 eac3 ec3 dts wav wv aiff aif ape"
)
VIDEO = _words("mkv avi mov m2ts ts wmv webm mpg mpeg vob m4v")
IMAGE = _words("jpg jpeg png gif webp bmp tif tiff")
TEXT = _words(
    "txt nfo cue log m3u m3u8 pdf epub mobi azw3 json md5 sfv sha1 sha256 opf xml html"
    " htm rtf doc docx yaml yml lrc srt sub ass"
)
JUNK_NAMES = frozenset(
    {"thumbs.db", "desktop.ini", "ehthumbs.db", "icon\r", "@eadir", "__macosx"}
)
# What download clients and browsers append until a file is complete.
UNFINISHED = _words("part !qb !ut bc! crdownload aria2 download filepart tmp partial")

# What copying programs hide beside the files: rsync's .NAME.x7Kp2Q, and the folders
# in which rsync, Syncthing and unison keep what is not complete.
_RSYNC = re.compile(r"\..+\.[A-Za-z0-9]{6}", re.DOTALL)
COPYING_NAMES = frozenset({".~tmp~", ".rsync-partial", ".incomplete"})


def suffix(name: str) -> str:
    """The extension in lower case without its dot, or ""."""
    stem, dot, ending = name.rpartition(".")
    return ending.lower() if dot and stem else ""


def file_kind(name: str) -> str:
    """One of audio, video, image, text, other."""
    ending = suffix(name)
    for kind, endings in (
        ("audio", AUDIO),
        ("video", VIDEO),
        ("image", IMAGE),
        ("text", TEXT),
    ):
        if ending in endings:
            return kind
    return "other"


def left_out(name: str) -> str:
    """Why a file or folder of this name stays out of a torrent, or ""."""
    if name.startswith("."):
        return "hidden"
    if name.lower() in JUNK_NAMES:
        return "left behind by an operating system"
    return ""


def is_unfinished(name: str) -> bool:
    """Whether a download client is still writing the file."""
    return suffix(name) in UNFINISHED


def is_copying(name: str) -> bool:
    """Whether a hidden file or folder shows that something is being copied here."""
    last = name.rpartition("/")[2]
    if not last.startswith((".", "~")):
        return False
    return (
        last in COPYING_NAMES
        or is_unfinished(last)
        or _RSYNC.fullmatch(last) is not None
    )


def release_kind(names: Iterable[str]) -> str:
    """Audiobook, music, film or other, from the files' names.

    An .m4b, or few formats of lossy audio, is an audiobook; lossless albums are music.
    A person can always say otherwise.
    """
    names = list(names)
    kinds = [file_kind(name) for name in names]
    endings = {suffix(name) for name in names}
    if "video" in kinds:
        return "film"
    if "m4b" in endings:
        return "audiobook"
    if "audio" in kinds:
        return "music" if endings & {"flac", "ape", "wv"} else "audiobook"
    return "other"
