"""The FLAC files: an album of tracks, one image with cue sheets, 24 bit, chapters."""

from pathlib import Path

from mutagen.flac import FLAC, CueSheet, CueSheetTrack, CueSheetTrackIndex

from .facts import ALBUM, BOOK, PITCHES, Mark
from .programs import ffmpeg
from .sound import RATE, tone
from .tagging import book_comments, front_cover
from .workshop import Workshop

SECONDS = 3
LEAD_OUT = 170
FOLDER = "The Test Tones - Four Pitches (2024) [FLAC]"


def make(shop: Workshop) -> None:
    """Write flac/** and its entries of the manifest."""
    folder = shop.out / "flac"
    folder.mkdir(parents=True, exist_ok=True)
    tones = []
    for index, (_, hertz) in enumerate(PITCHES):
        tones.append(shop.scratch / f"tone{index}.wav")
        tone(hertz, SECONDS, tones[-1])
    _album(shop, folder / FOLDER, tones)
    _image(shop, folder / "image.flac", tones)
    hires = folder / "hires.flac"
    source = "sine=frequency=440:duration=2:sample_rate=96000"
    deep = ("-sample_fmt", "s32", "-bits_per_raw_sample", "24")
    ffmpeg("-f", "lavfi", "-i", source, "-ac", "2", "-c:a", "flac", *deep, hires)
    _note(shop, hires, bits=24, sample_rate=96000, tags=None, cover=False)
    book = folder / "chapters.flac"
    ffmpeg("-i", shop.whole, "-c:a", "flac", book)
    audio = FLAC(book)
    audio.update(book_comments(BOOK, shop.chapters))
    audio.add_picture(front_cover(shop.cover, shop.cover_size))
    audio.save()
    _note(shop, book, channels=1, tags="book", chapters=shop.chapters)


def _album(shop: Workshop, folder: Path, tones: list[Path]) -> None:
    """One file per track, two artists, cover embedded and adjacent."""
    folder.mkdir(exist_ok=True)
    names = []
    for number, ((title, _), wav) in enumerate(
        zip(PITCHES, tones, strict=True), start=1
    ):
        target = folder / f"{number:02d} - {title.replace('/', '-')}.flac"
        ffmpeg("-i", wav, "-c:a", "flac", target)
        audio = FLAC(target)
        audio.update({name.upper(): value for name, value in ALBUM.items()})
        audio["TITLE"], audio["TRACKNUMBER"] = title, str(number)
        audio["ARTIST"] = ["The Test Tones", "Second Artist"]
        audio["DISCNUMBER"] = "1"
        audio.add_picture(front_cover(shop.cover, shop.cover_size))
        audio.save()
        names.append(target.name)
    (folder / "cover.jpg").write_bytes(shop.cover)
    _note(
        shop,
        folder,
        kind="directory",
        files=names,
        chapters=_tracks(),
    )


def _image(shop: Workshop, target: Path, tones: list[Path]) -> None:
    """A whole album in one file: block with times, comment and .cue with titles."""
    listing = shop.scratch / "tones.txt"
    listing.write_text("".join(f"file '{wav}'\n" for wav in tones))
    joined = ("-f", "concat", "-safe", "0", "-i", listing)
    ffmpeg(*joined, "-c:a", "flac", target)
    lines = [
        "REM GENRE Electronic",
        'TITLE "Four Pitches"',
        f'FILE "{target.name}" WAVE',
    ]
    sheet = CueSheet(None)
    sheet.compact_disc, sheet.lead_in_samples = True, 88200
    for index, (title, _) in enumerate(PITCHES):
        start = index * SECONDS
        lines += [
            f"  TRACK {index + 1:02d} AUDIO",
            f'    TITLE "{title}"',
            f"    INDEX 01 00:{start:02d}:00",
        ]
        track = CueSheetTrack(index + 1, start * RATE)
        track.indexes = [CueSheetTrackIndex(1, 0)]
        sheet.tracks.append(track)
    sheet.tracks.append(CueSheetTrack(LEAD_OUT, len(PITCHES) * SECONDS * RATE))
    text = "\n".join(lines) + "\n"
    with target.with_suffix(".cue").open(
        "w", encoding="utf-8-sig", newline="\r\n"
    ) as f:
        f.write(text)
    audio = FLAC(target)
    audio["ALBUM"], audio["ARTIST"] = ALBUM["album"], ALBUM["albumartist"]
    audio["DATE"], audio["CUESHEET"] = ALBUM["date"], text
    audio.cuesheet = sheet
    audio.metadata_blocks.append(sheet)
    audio.add_picture(front_cover(shop.cover, shop.cover_size))
    audio.save()
    _note(shop, target, chapters=_tracks())


def _tracks() -> list[Mark]:
    length = SECONDS * 1000
    return [
        Mark(title=title, start_ms=index * length, end_ms=(index + 1) * length)
        for index, (title, _) in enumerate(PITCHES)
    ]


def _note(shop: Workshop, path: Path, **truth: object) -> None:
    common: dict[str, object] = {
        "codec": "FLAC",
        "container": "FLAC",
        "lossless": True,
        "bits": 16,
        "sample_rate": 44100,
        "channels": 2,
        "tags": "album",
        "cover": True,
    }
    shop.note(path, **(common | truth))
