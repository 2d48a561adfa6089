"""The MP3 files: one per chapter, one with CHAP frames, and each kind of bitrate."""

from pathlib import Path
from typing import Any

from .facts import BOOK, PASSAGES
from .programs import ffmpeg, run
from .tagging import add_id3_chapters, tag_id3
from .workshop import Workshop

FOLDER = (
    "Charles Dickens - Two Cities #1 - A Tale of Two Cities (1859)"
    " {Espeak Ng} [B000TEST15]"
)
# name: arguments of lame, what a reader finds
LAME: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "chap": (("-V", "2"), {"mode": "VBR", "preset": "V2"}),
    "v0": (("-V", "0"), {"mode": "VBR", "preset": "V0"}),
    "abr128": (("--abr", "128"), {"mode": "ABR", "preset": ""}),
    "cbr320": (("-b", "320"), {"mode": "CBR", "preset": "", "bitrate": 320_000}),
    "id3v23": (("-b", "64"), {"mode": "CBR", "preset": "", "bitrate": 64_000}),
}


def make(shop: Workshop) -> None:
    """Write mp3/** and its entries of the manifest."""
    folder = shop.out / "mp3"
    folder.mkdir(parents=True, exist_ok=True)
    _one_per_chapter(shop, folder / FOLDER)
    for name, (arguments, truth) in LAME.items():
        target = folder / f"{name}.mp3"
        run("lame", "--quiet", *arguments, shop.whole, target)
        old = name == "id3v23"
        tag_id3(target, BOOK, shop.cover, version=3 if old else 4, id3v1=old)
        chapters = shop.chapters if name == "chap" else ()
        if chapters:
            add_id3_chapters(target, chapters)
        _note(shop, target, chapters=chapters, **truth)
    vbr = ("-i", shop.whole, "-c:a", "libmp3lame", "-q:a", "2", "-id3v2_version", "0")
    # libavcodec writes a Xing header that holds no settings of LAME: no preset to read
    ffmpeg(*vbr, folder / "v2-lavc.mp3")
    # and without that header only counting all frames gives the true length
    ffmpeg(*vbr, "-write_xing", "0", folder / "v2-noxing.mp3")
    for name in ("v2-lavc.mp3", "v2-noxing.mp3"):
        tag_id3(folder / name, BOOK, shop.cover)
        _note(shop, folder / name, mode="VBR", preset="")


def _one_per_chapter(shop: Workshop, folder: Path) -> None:
    """CBR 64k, tagged with track numbers, in a folder named like users name them."""
    folder.mkdir(exist_ok=True)
    names = []
    encoding = ("-c:a", "libmp3lame", "-b:a", "64k", "-id3v2_version", "0")
    for number, (part, passage) in enumerate(
        zip(shop.parts, PASSAGES, strict=True), start=1
    ):
        title = passage[0]
        safe = "".join(c if c.isalnum() or c in " -" else "_" for c in title)
        target = folder / f"{number:02d} - {safe.strip()[:60]}.mp3"
        ffmpeg("-i", part, *encoding, target)
        track = (number, len(PASSAGES))
        tag_id3(target, BOOK, shop.cover, title=title, track=track)
        names.append(target.name)
    _note(
        shop,
        folder,
        kind="directory",
        files=names,
        mode="CBR",
        preset="",
        bitrate=64_000,
        chapters=shop.chapters,
    )


def _note(shop: Workshop, path: Path, **truth: Any) -> None:
    shop.note(
        path,
        codec="MP3",
        container="MP3",
        lossless=False,
        bits=0,
        sample_rate=44100,
        channels=1,
        tags="book",
        cover=True,
        **truth,
    )
