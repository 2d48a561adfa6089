"""Make the two audiobooks of the demo, and the facts about the first, in demo/.

    python -m scripts.make_demo_audio [FOLDER]

Needs ffmpeg and espeak-ng. Replaces FOLDER/audio/* and FOLDER/book.json; FOLDER is
demo/ unless told otherwise. The results are kept in the repository, so this only
runs again when the books are to change.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

from .audiobook.facts import Mark
from .audiobook.pictures import draw_cover
from .audiobook.programs import ProgramFailed, ffmpeg, require
from .audiobook.sound import join, marks, speak, write_marks
from .audiobook.tagging import tag_id3, tag_mp4
from .demo_texts import TIME_MACHINE, TWO_CITIES

RATE = 22050
FIRST_VOICE, SECOND_VOICE = "en-gb", "en-gb+f3"
DESCRIPTION = (
    "<p>A Victorian inventor tells his dinner guests that time is only a fourth"
    " dimension, and that he has built a machine to travel in it.</p><p>A week later"
    " he comes back &mdash; dusty, limping &amp; hungry &mdash; from the year"
    " <b>802,701</b>.</p>"
)
MACHINE = {
    "title": "The Time Machine",
    "subtitle": "An Invention",
    "author": "H. G. Wells",
    "narrator": "Espeak Ng, Ada Sparrow",
    "series": "Scientific Romances",
    "series_part": "1",
    "asin": "B0HERALD01",
    "publisher": "Herald House Audio",
    "date": "1895-05-07",
    "genre": "Science Fiction & Fantasy",
    "language": "eng",
    "copyright": "Public domain",
    "description": DESCRIPTION,
}
CITIES = {
    "title": "A Tale of Two Cities",
    "author": "Charles Dickens",
    "narrator": "Ada Sparrow",
    "publisher": "Herald House Audio",
    "date": "1859",
    "genre": "Classics",
    "language": "eng",
    "copyright": "Public domain",
}


def make_machine(target: Path, scratch: Path) -> list[Mark]:
    """One M4B with both kinds of MP4 chapters, tags and an embedded cover."""
    target.mkdir(parents=True)
    parts = []
    for index, (_, words) in enumerate(TIME_MACHINE):
        voice = SECOND_VOICE if index % 2 else FIRST_VOICE
        parts.append(scratch / f"machine{index:02d}.wav")
        speak(words, parts[-1], voice=voice, rate=RATE, pause=1.0)
    counts = join(parts, scratch / "machine.wav")
    chapters = marks([title for title, _ in TIME_MACHINE], counts, RATE)
    notes = write_marks(chapters, scratch / "machine.txt")
    inputs = ("-i", scratch / "machine.wav", "-i", notes)
    chosen = ("-map", "0:a", "-map_chapters", "1", "-c:a", "aac", "-b:a", "24k")
    book = target / "The Time Machine.m4b"
    ffmpeg(*inputs, *chosen, book)
    tag_mp4(
        book, MACHINE, draw_cover("The Time Machine", "H. G. Wells", drawing="dial")
    )
    return chapters


def make_cities(target: Path, scratch: Path) -> None:
    """One MP3 per chapter, constant bitrate, the cover beside them."""
    target.mkdir(parents=True)
    total = len(TWO_CITIES)
    for number, (title, words) in enumerate(TWO_CITIES, start=1):
        part = scratch / "cities.wav"
        speak(words, part, voice=SECOND_VOICE, rate=RATE, pause=1.0)
        encoding = ("-c:a", "libmp3lame", "-b:a", "64k", "-id3v2_version", "0")
        spoken = target / f"{number:02d} - {title}.mp3"
        ffmpeg("-i", part, *encoding, spoken)
        tag_id3(spoken, CITIES, None, title=title, track=(number, total))
    paper, brick, ink = (232, 216, 188), (196, 128, 98), (58, 28, 30)
    cover = draw_cover(
        "A Tale of Two Cities",
        "Charles Dickens",
        drawing="skylines",
        top=paper,
        bottom=brick,
        ink=ink,
    )
    (target / "cover.jpg").write_bytes(cover)


def book_facts(chapters: list[Mark]) -> dict[str, object]:
    """What a metadata service would know of the M4B."""
    return {
        "asin": MACHINE["asin"],
        "title": MACHINE["title"],
        "subtitle": MACHINE["subtitle"],
        "authors": [MACHINE["author"]],
        "narrators": MACHINE["narrator"].split(", "),
        "series": {"name": MACHINE["series"], "position": MACHINE["series_part"]},
        "publisher": MACHINE["publisher"],
        "release_date": MACHINE["date"],
        "language": "english",
        "genre": MACHINE["genre"],
        "description_html": DESCRIPTION,
        "runtime_ms": chapters[-1].end_ms,
        "chapters": [
            {
                "title": chapter.title,
                "start_ms": chapter.start_ms,
                "length_ms": chapter.end_ms - chapter.start_ms,
            }
            for chapter in chapters
        ],
    }


def make_demo(folder: Path) -> None:
    """Write FOLDER/audio and FOLDER/book.json, replacing what was there."""
    require("ffmpeg", "espeak-ng")
    audio = folder / "audio"
    shutil.rmtree(audio, ignore_errors=True)
    with tempfile.TemporaryDirectory() as scratch:
        name = "H. G. Wells - The Time Machine (1895) {Espeak Ng, Ada Sparrow}"
        chapters = make_machine(audio / name, Path(scratch))
        name = "Charles Dickens - A Tale of Two Cities (1859) {Ada Sparrow}"
        make_cities(audio / name, Path(scratch))
    text = json.dumps(book_facts(chapters), indent=2, ensure_ascii=False)
    (folder / "book.json").write_text(text + "\n", encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Command-line entry; returns the exit status."""
    folder = Path(arguments[0]) if arguments else Path(__file__).parents[1] / "demo"
    try:
        make_demo(folder)
    except ProgramFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    size = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())
    print(f"{folder}: {size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
