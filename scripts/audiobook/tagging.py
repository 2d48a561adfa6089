"""Writes tags the way real programs do: MP4 atoms, ID3 frames, Vorbis comments."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from mutagen.flac import Picture
from mutagen.id3 import (
    APIC,
    CHAP,
    COMM,
    CTOC,
    ID3,
    TALB,
    TCOM,
    TCON,
    TCOP,
    TDRC,
    TIT2,
    TIT3,
    TLAN,
    TPE1,
    TPE2,
    TPOS,
    TPUB,
    TRCK,
    TXXX,
    CTOCFlags,
)
from mutagen.mp4 import MP4, AtomDataType, MP4Cover, MP4FreeForm

from .facts import Mark

FREEFORM = "----:com.apple.iTunes:"
UNUSED_OFFSET = 0xFFFFFFFF
MP4_ATOMS = {
    "\xa9nam": "title",
    "\xa9alb": "title",
    "\xa9ART": "author",
    "aART": "author",
    "\xa9wrt": "narrator",
    "\xa9nrt": "narrator",
    "\xa9day": "date",
    "\xa9gen": "genre",
    "\xa9pub": "publisher",
    "cprt": "copyright",
    "ldes": "description",
    "\xa9cmt": "description",
    "\xa9mvn": "series",
}
MP4_FREEFORM = {
    "ASIN": "asin",
    "ISBN": "isbn",
    "SERIES": "series",
    "SERIES-PART": "series_part",
    "SUBTITLE": "subtitle",
    "LANGUAGE": "language",
    "NARRATOR": "narrator",
}
ID3_FRAMES = {
    TIT3: "subtitle",
    TALB: "title",
    TPE1: "author",
    TPE2: "author",
    TCOM: "narrator",
    TDRC: "date",
    TCON: "genre",
    TPUB: "publisher",
    TLAN: "language",
    TCOP: "copyright",
}
ID3_TEXTS = {
    "ASIN": "asin",
    "ISBN": "isbn",
    "SERIES": "series",
    "SERIES-PART": "series_part",
    "NARRATOR": "narrator",
}
COMMENTS = {
    "TITLE": "title",
    "SUBTITLE": "subtitle",
    "ALBUM": "title",
    "ARTIST": "author",
    "ALBUMARTIST": "author",
    "COMPOSER": "narrator",
    "NARRATOR": "narrator",
    "SERIES": "series",
    "SERIES-PART": "series_part",
    "ASIN": "asin",
    "ISBN": "isbn",
    "DATE": "date",
    "GENRE": "genre",
    "PUBLISHER": "publisher",
    "LANGUAGE": "language",
    "COPYRIGHT": "copyright",
    "DESCRIPTION": "description",
}


def tag_mp4(path: Path, book: Mapping[str, str], cover: bytes) -> None:
    """Tag an M4B as Apple's tools and the usual taggers would."""
    audio = MP4(path)
    if audio.tags is None:
        audio.add_tags()
    for atom, key in MP4_ATOMS.items():
        if key in book:
            audio[atom] = [book[key]]
    for name, key in MP4_FREEFORM.items():
        if key in book:
            value = book[key].encode()
            audio[FREEFORM + name] = [MP4FreeForm(value, AtomDataType.UTF8)]
    if "description" in book:
        audio["desc"] = [book["description"][:255]]
    if book.get("series_part", "").isdigit():
        audio["\xa9mvi"] = [int(book["series_part"])]
    audio["stik"], audio["pgap"], audio["trkn"] = [2], True, [(1, 1)]
    audio["covr"] = [MP4Cover(cover, MP4Cover.FORMAT_JPEG)]
    audio.save()


def tag_id3(
    path: Path,
    book: Mapping[str, str],
    cover: bytes | None,
    *,
    title: str = "",
    track: tuple[int, int] | None = None,
    version: int = 4,
    id3v1: bool = False,
) -> None:
    """Tag an MP3 with ID3v2.4, or 2.3 with UTF-16 text, and ID3v1 if wanted."""
    encoding = 3 if version == 4 else 1
    tags = ID3()
    tags.add(TIT2(encoding, [title or book["title"]]))
    for frame, key in ID3_FRAMES.items():
        if key in book:
            tags.add(frame(encoding, [book[key]]))
    for name, key in ID3_TEXTS.items():
        if key in book:
            tags.add(TXXX(encoding, desc=name, text=[book[key]]))
    if "description" in book:
        tags.add(COMM(encoding, lang="eng", desc="", text=[book["description"]]))
    if track:
        tags.add(TRCK(0, [f"{track[0]}/{track[1]}"]))
        tags.add(TPOS(0, ["1/1"]))
    if cover:
        tags.add(APIC(0, "image/jpeg", 3, "", cover))
    if version == 3:
        tags.update_to_v23()
    tags.save(path, v2_version=version, v1=2 if id3v1 else 0)


def add_id3_chapters(path: Path, chapters: Sequence[Mark]) -> None:
    """One CHAP frame per chapter and the ordered table of contents."""
    tags = ID3(path)
    names = [f"ch{index:02d}" for index in range(len(chapters))]
    for name, chapter in zip(names, chapters, strict=True):
        frame = CHAP(
            element_id=name,
            start_time=chapter.start_ms,
            end_time=chapter.end_ms,
            start_offset=UNUSED_OFFSET,
            end_offset=UNUSED_OFFSET,
            sub_frames=[TIT2(3, [chapter.title])],
        )
        tags.add(frame)
    flags = CTOCFlags.TOP_LEVEL | CTOCFlags.ORDERED
    heading = [TIT2(3, ["Table of contents"])]
    tags.add(CTOC("toc", flags, child_element_ids=names, sub_frames=heading))
    tags.save(path, v2_version=4)


def book_comments(book: Mapping[str, str], chapters: Sequence[Mark]) -> dict[str, str]:
    """Vorbis comments of a book, chapters numbered from 001."""
    found = {name: book[key] for name, key in COMMENTS.items() if key in book}
    for number, chapter in enumerate(chapters, start=1):
        seconds, ms = divmod(chapter.start_ms, 1000)
        minutes, second = divmod(seconds, 60)
        clock = f"{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}.{ms:03d}"
        found[f"CHAPTER{number:03d}"] = clock
        found[f"CHAPTER{number:03d}NAME"] = chapter.title
    return found


def front_cover(cover: bytes, size: int) -> Picture:
    """A FLAC picture block of type 3 for a square JPEG."""
    picture = Picture()
    picture.type, picture.mime, picture.data = 3, "image/jpeg", cover
    picture.width = picture.height = size
    picture.depth = 24
    return picture
