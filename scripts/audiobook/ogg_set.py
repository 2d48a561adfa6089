"""The Ogg files: Opus and Vorbis with chapter comments and a picture comment."""

import base64

from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis

from .facts import BOOK
from .programs import ffmpeg
from .tagging import book_comments, front_cover
from .workshop import Workshop

KINDS = (
    ("book.opus", ("-c:a", "libopus", "-b:a", "32k"), OggOpus, "Opus", 48000),
    ("book.ogg", ("-c:a", "libvorbis", "-q:a", "2"), OggVorbis, "Vorbis", 44100),
)


def make(shop: Workshop) -> None:
    """Write opus/book.* and their entries of the manifest."""
    folder = shop.out / "opus"
    folder.mkdir(parents=True, exist_ok=True)
    picture = front_cover(shop.cover, shop.cover_size).write()
    for name, encoding, opener, codec, rate in KINDS:
        target = folder / name
        ffmpeg("-i", shop.whole, *encoding, target)
        audio = opener(target)
        audio.update(book_comments(BOOK, shop.chapters))
        audio["METADATA_BLOCK_PICTURE"] = base64.b64encode(picture).decode()
        audio.save()
        shop.note(
            target,
            codec=codec,
            container="Ogg",
            lossless=False,
            bits=0,
            sample_rate=rate,
            channels=1,
            tags="book",
            cover=True,
            chapters=shop.chapters,
        )
