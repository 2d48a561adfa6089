"""Our reader against ffprobe, where ffprobe is known to be right."""

import json
import subprocess

import pytest

from releases.metadata.reading import is_audio_name, read_audio_file
from scripts import make_demo_audio
from tests.audio import ROOT

pytestmark = pytest.mark.real

# ffprobe loses long ID3 chapters, FLAC titles, and the length of VBR without header.
CHAPTERED = (
    "m4b/both.m4b",
    "m4b/qt-only.m4b",
    "m4b/nero-only.m4b",
    "m4b/many-chapters.m4b",
    "m4b/alac.m4b",
    "m4b/eac3.m4b",
    "flac/chapters.flac",
    "opus/book.opus",
    "opus/book.ogg",
)
CODECS = {
    "AAC LC": "aac",
    "ALAC": "alac",
    "E-AC-3": "eac3",
    "MP3": "mp3",
    "FLAC": "flac",
    "Opus": "opus",
    "Vorbis": "vorbis",
}


def probe(path):
    """ffprobe's answer about a file."""
    shows = ("-show_chapters", "-show_streams", "-show_format")
    command = ["ffprobe", "-v", "error", *shows, "-of", "json", str(path)]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)


@pytest.mark.parametrize("key", CHAPTERED)
def test_chapters_agree_with_ffprobe(audio_files, key):
    path = audio_files.root / key
    theirs = probe(path)["chapters"]
    ours = read_audio_file(path, name=key).chapters
    assert len(ours) == len(theirs)
    for chapter, other in zip(ours, theirs, strict=True):
        assert abs(chapter.start_ms - float(other["start_time"]) * 1000) <= 2
        assert abs(chapter.end_ms - float(other["end_time"]) * 1000) <= 50


def test_every_file_has_the_stream_that_ffprobe_sees(audio_files):
    seen = 0
    for path in sorted(audio_files.root.rglob("*")):
        if not is_audio_name(path.name):
            continue
        seen += 1
        answer = probe(path)
        stream = next(s for s in answer["streams"] if s["codec_type"] == "audio")
        audio = read_audio_file(path, name=path.name).audio
        assert audio is not None
        assert CODECS[audio.codec] == stream["codec_name"]
        assert audio.sample_rate == int(stream["sample_rate"])
        assert audio.channels == stream["channels"]
        if path.name != "v2-noxing.mp3":
            seconds = float(answer["format"]["duration"])
            assert abs(audio.duration_ms / 1000 - seconds) <= 0.075
    assert seen == 38


def test_demo_book_facts_match_the_shipped_file():
    facts = json.loads((ROOT / "demo/book.json").read_text("utf-8"))
    (book,) = (ROOT / "demo/audio").rglob("*.m4b")
    reading = read_audio_file(book, name=book.name)
    assert reading.fields["asin"] == facts["asin"] == "B0HERALD01"
    assert reading.fields["runtime_ms"] == facts["runtime_ms"]
    assert [
        {"title": c.title, "start_ms": c.start_ms, "length_ms": c.end_ms - c.start_ms}
        for c in reading.chapters
    ] == facts["chapters"]
    assert len(probe(book)["chapters"]) == 15
    assert reading.cover is not None
    assert not reading.notices


def test_demo_is_small_and_its_files_are_whole():
    files = [path for path in (ROOT / "demo/audio").rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 2_000_000
    for path in files:
        if is_audio_name(path.name):
            reading = read_audio_file(path, name=path.name)
            assert not reading.error
            assert not reading.notices


def test_demo_can_be_made_again(tmp_path):
    assert make_demo_audio.main([str(tmp_path)]) == 0
    made = json.loads((tmp_path / "book.json").read_text("utf-8"))
    kept = json.loads((ROOT / "demo/book.json").read_text("utf-8"))
    assert made["title"] == kept["title"]
    assert [c["title"] for c in made["chapters"]] == [
        c["title"] for c in kept["chapters"]
    ]
