"""The M4B files: AAC with each kind of chapters, ALAC, E-AC-3."""

from collections.abc import Sequence

from .facts import BOOK, Mark, evenly_spaced
from .mp4_boxes import add_nero_list
from .programs import ffmpeg
from .sound import write_marks
from .tagging import tag_mp4
from .workshop import Workshop

AAC = ("-c:a", "aac", "-b:a", "64k")


def make(shop: Workshop) -> None:
    """Write m4b/*.m4b and their entries of the manifest."""
    folder = shop.out / "m4b"
    folder.mkdir(parents=True, exist_ok=True)
    many = evenly_spaced(300, 100)
    book = shop.chapters
    _encode(shop, "both.m4b", AAC, chapters=book)
    _encode(shop, "qt-only.m4b", (*AAC, "-movflags", "disable_chpl"), chapters=book)
    _encode(shop, "nero-only.m4b", AAC)
    add_nero_list(folder / "nero-only.m4b", book)
    _encode(shop, "no-chapters.m4b", AAC)
    _encode(shop, "alac.m4b", ("-c:a", "alac"), chapters=book)
    eac3 = ("-c:a", "eac3", "-b:a", "96k", "-f", "mp4")
    _encode(shop, "eac3.m4b", eac3, chapters=book)
    notes = write_marks(many, shop.scratch / "many.txt")
    tone = ("-f", "lavfi", "-i", "sine=frequency=330:duration=30", "-i", notes)
    chosen = ("-map", "0:a", "-map_chapters", "1", "-ac", "1")
    ffmpeg(*tone, *chosen, *AAC, folder / "many-chapters.m4b")
    tag_mp4(folder / "many-chapters.m4b", BOOK, shop.cover)
    _note(shop, "both.m4b", "AAC LC", book, nero=15, quicktime=15)
    _note(shop, "qt-only.m4b", "AAC LC", book, nero=0, quicktime=15)
    _note(shop, "nero-only.m4b", "AAC LC", book, nero=15, quicktime=0)
    _note(shop, "no-chapters.m4b", "AAC LC", (), nero=0, quicktime=0)
    _note(shop, "many-chapters.m4b", "AAC LC", many, nero=255, quicktime=300)
    _note(shop, "alac.m4b", "ALAC", book, nero=15, quicktime=15, bits=16)
    _note(shop, "eac3.m4b", "E-AC-3", book, nero=15, quicktime=15, bitrate=96_000)


def _encode(
    shop: Workshop,
    name: str,
    encoding: Sequence[str],
    *,
    chapters: Sequence[Mark] | None = None,
) -> None:
    """Encode the whole book, with or without chapters, and tag it."""
    target = shop.out / "m4b" / name
    if chapters is None:
        inputs: tuple[object, ...] = ("-i", shop.whole, "-map_chapters", "-1")
    else:
        notes = write_marks(chapters, shop.scratch / "book.txt")
        inputs = ("-i", shop.whole, "-i", notes, "-map", "0:a", "-map_chapters", "1")
    ffmpeg(*map(str, inputs), *encoding, target)
    tag_mp4(target, BOOK, shop.cover)


def _note(
    shop: Workshop,
    name: str,
    codec: str,
    chapters: Sequence[Mark],
    *,
    nero: int,
    quicktime: int,
    bits: int = 0,
    bitrate: int = 0,
) -> None:
    shop.note(
        shop.out / "m4b" / name,
        codec=codec,
        container="MP4",
        lossless=bits > 0,
        bits=bits,
        bitrate=bitrate,
        sample_rate=44100,
        channels=1,
        chapters=chapters,
        nero_chapters=nero,
        quicktime_chapters=quicktime,
        tags="book",
        cover=True,
    )
