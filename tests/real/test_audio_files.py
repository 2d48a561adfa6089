"""Our reader against the truth about generated files, file by file."""

import unicodedata
from pathlib import PurePosixPath

import pytest

from releases.metadata.reading import (
    is_audio_name,
    read_audio_file,
    read_release_audio,
)
from scripts.audiobook.facts import BOOK

pytestmark = pytest.mark.real

M4B = ("both", "qt-only", "nero-only", "no-chapters", "many-chapters", "alac", "eac3")
MP3 = ("chap", "v0", "abr128", "cbr320", "id3v23", "v2-lavc", "v2-noxing")
FLAC = ("image", "hires", "chapters")
FILES = (
    *(f"m4b/{name}.m4b" for name in M4B),
    *(f"mp3/{name}.mp3" for name in MP3),
    *(f"flac/{name}.flac" for name in FLAC),
    "opus/book.opus",
    "opus/book.ogg",
)
BOOK_FOLDER = (
    "mp3/Charles Dickens - Two Cities #1 - A Tale of Two Cities (1859)"
    " {Espeak Ng} [B000TEST15]"
)
ALBUM_FOLDER = "flac/The Test Tones - Four Pitches (2024) [FLAC]"
EVERY = (*FILES, BOOK_FOLDER, ALBUM_FOLDER)


def read_entry(audio_files, key):
    """Readings of one entry of the manifest: of a file, or of a folder's files."""
    path = audio_files.root / key
    paths = sorted(path.iterdir()) if path.is_dir() else [path]
    return [
        read_audio_file(each, name=each.name)
        for each in paths
        if is_audio_name(each.name)
    ]


def shown(title):
    return unicodedata.normalize("NFC", title).strip()


def test_the_list_of_cases_is_the_whole_manifest(audio_files):
    assert set(EVERY) == set(audio_files.manifest["files"])


@pytest.mark.parametrize("key", EVERY)
def test_audio_figures_are_true(audio_files, key):
    truth = audio_files.manifest["files"][key]
    fields, _ = read_release_audio(read_entry(audio_files, key))
    audio = fields["audio"]
    assert audio["codec"] == truth["codec"]
    assert audio["container"] == truth["container"]
    assert audio["lossless"] is truth["lossless"]
    assert audio["bits_per_sample"] == truth["bits"]
    assert audio["sample_rate"] == truth["sample_rate"]
    assert audio["channels"] == truth["channels"]
    if "mode" in truth:
        assert (audio["bitrate_mode"], audio["preset"]) == (
            truth["mode"],
            truth["preset"],
        )
    if truth.get("bitrate"):
        assert audio["bitrate"] == truth["bitrate"]


@pytest.mark.parametrize("key", EVERY)
def test_chapters_are_true_to_30_ms(audio_files, key):
    truth = audio_files.manifest["files"][key]["chapters"]
    fields, _ = read_release_audio(read_entry(audio_files, key))
    found = fields.get("chapters", [])
    assert [c["title"] for c in found] == [shown(t["title"]) for t in truth]
    near = audio_files.manifest["tolerance_ms"]
    for ours, theirs in zip(found, truth, strict=True):
        assert abs(ours["start_ms"] - theirs["start_ms"]) <= near
        assert abs(ours["end_ms"] - theirs["end_ms"]) <= near + 20


@pytest.mark.parametrize("key", [k for k in EVERY if "many" not in k])
def test_length_is_true_to_50_ms(audio_files, key):
    truth = audio_files.manifest["duration_ms"]
    if key.startswith("flac/") and "chapters" not in key:
        truth = 2_000 if "hires" in key else 12_000
    fields, _ = read_release_audio(read_entry(audio_files, key))
    assert abs(fields["runtime_ms"] - truth) <= 50


@pytest.mark.parametrize("key", EVERY)
def test_book_tags_arrive_in_our_vocabulary(audio_files, key):
    if audio_files.manifest["files"][key]["tags"] != "book":
        return
    reading = read_entry(audio_files, key)[0]
    expected = {
        "title": BOOK["title"],
        "subtitle": BOOK["subtitle"],
        "authors": [{"name": "Charles Dickens"}],
        "narrators": [{"name": "Espeak Ng"}, {"name": "Test Voice"}],
        "series": [{"name": "Two Cities", "position": "1"}],
        "asin": BOOK["asin"],
        "isbn": BOOK["isbn"],
        "publisher": "Chapman & Hall",
        "release_date": "1859-04-30",
        "year": 1859,
        "genres": ["Classics"],
        "language": "english",
        "copyright": BOOK["copyright"],
    }
    assert {name: reading.fields[name] for name in expected} == expected
    assert reading.raw["description"] == BOOK["description"]


@pytest.mark.parametrize("key", EVERY)
def test_covers_are_found_where_they_are(audio_files, key):
    reading = read_entry(audio_files, key)[0]
    if not audio_files.manifest["files"][key]["cover"]:
        assert reading.cover is None
        return
    assert reading.cover is not None
    assert (reading.cover.mime, reading.cover.width) == ("image/jpeg", 800)
    assert reading.cover.origin == "embedded"


def test_album_tags_keep_artist_genre_and_label(audio_files):
    fields, _ = read_release_audio(read_entry(audio_files, ALBUM_FOLDER))
    assert fields["title"] == "Four Pitches"
    assert fields["authors"] == [{"name": "The Test Tones"}]
    assert fields["genres"] == ["Electronic"]
    assert fields["publisher"] == "Tone Records"


def test_whole_files_raise_no_notice_of_damage(audio_files):
    worrying = {"truncated", "misnamed", "length_unknown", "protected"}
    for key in EVERY:
        for reading in read_entry(audio_files, key):
            assert not reading.error
            assert not worrying & {notice.code for notice in reading.notices}


def test_vbr_without_header_is_counted_and_told(audio_files):
    (reading,) = read_entry(audio_files, "mp3/v2-noxing.mp3")
    assert "vbr_without_header" in {notice.code for notice in reading.notices}


def test_chapter_limit_of_the_nero_list_is_told(audio_files):
    (reading,) = read_entry(audio_files, "m4b/many-chapters.m4b")
    (notice,) = reading.notices
    assert notice.code == "chapters_differ"
    assert "300" in notice.message
    assert "255" in notice.message


def test_one_file_per_chapter_takes_titles_and_order_from_tags(audio_files):
    readings = read_entry(audio_files, BOOK_FOLDER)
    assert [reading.track for reading in readings] == list(range(1, 16))
    fields, notices = read_release_audio(readings[::-1])
    assert fields["chapters"][0]["title"] == "Opening Credits"
    assert "chapters_out_of_order" not in {notice.code for notice in notices}


def test_where_chapters_came_from_is_kept(audio_files):
    sources = {
        "m4b/both.m4b": "quicktime",
        "m4b/nero-only.m4b": "nero",
        "mp3/chap.mp3": "id3",
        "flac/chapters.flac": "comments",
        "flac/image.flac": "cue sheet",
        "opus/book.opus": "comments",
    }
    for key, source in sources.items():
        (reading,) = read_entry(audio_files, key)
        assert reading.raw["chapters_from"] == source


def test_raw_titles_are_kept_beside_the_shown_ones(audio_files):
    (reading,) = read_entry(audio_files, "mp3/chap.mp3")
    shown_titles = [chapter.title for chapter in reading.chapters]
    assert "padded  inside" in shown_titles
    assert PurePosixPath(reading.path).name == "chap.mp3"
