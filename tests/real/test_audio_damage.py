"""Files as they come: cut, misnamed, empty, lying; each gives a clear sentence."""

import os
import random
import shutil

import pytest

from releases.metadata.reading import is_audio_name, read_audio_file

pytestmark = pytest.mark.real

KINDS = (
    "m4b/both.m4b",
    "m4b/alac.m4b",
    "mp3/v2-lavc.mp3",
    "mp3/chap.mp3",
    "flac/chapters.flac",
    "opus/book.opus",
    "opus/book.ogg",
)


def read(path):
    return read_audio_file(path, name=f"book/{path.name}")


def copy_of(audio_files, key, tmp_path, name=""):
    target = tmp_path / (name or key.rpartition("/")[2])
    shutil.copyfile(audio_files.root / key, target)
    return target


@pytest.mark.parametrize("key", KINDS)
@pytest.mark.parametrize("share", [0.95, 0.6])
def test_cut_files_are_told(audio_files, tmp_path, key, share):
    path = copy_of(audio_files, key, tmp_path)
    size = path.stat().st_size
    os.truncate(path, int(size * share))
    reading = read(path)
    notices = {notice.code for notice in reading.notices}
    assert "truncated" in notices or "no index" in reading.error
    assert "book/" in (reading.error or reading.notices[0].path)


def test_cut_mp3_has_its_true_length(audio_files, tmp_path):
    path = copy_of(audio_files, "mp3/cbr320.mp3", tmp_path)
    whole = read(path).audio.duration_ms
    os.truncate(path, path.stat().st_size // 2)
    reading = read(path)
    assert abs(reading.audio.duration_ms - whole / 2) < 1_500


@pytest.mark.parametrize("size", [1, 4, 12, 40, 200, 1000])
@pytest.mark.parametrize("key", KINDS)
def test_only_the_first_bytes_of_a_file_give_one_sentence(
    audio_files, tmp_path, key, size
):
    path = copy_of(audio_files, key, tmp_path)
    os.truncate(path, size)
    reading = read(path)
    assert reading.error.startswith("book/")
    assert reading.audio is None


def test_empty_file_says_so(tmp_path):
    (tmp_path / "a.mp3").touch()
    assert read(tmp_path / "a.mp3").error.startswith("book/a.mp3: The file is empty.")


def test_text_under_an_audio_name_says_so(tmp_path):
    (tmp_path / "a.m4b").write_text("<html>" * 1_000)
    assert "no audio that Herald knows" in read(tmp_path / "a.m4b").error


def test_missing_file_folder_and_pipe_say_so(tmp_path):
    assert "No such file" in read(tmp_path / "a.mp3").error
    (tmp_path / "b.mp3").mkdir()
    assert "not a regular file" in read(tmp_path / "b.mp3").error
    os.mkfifo(tmp_path / "c.mp3")
    assert "not a regular file" in read(tmp_path / "c.mp3").error
    assert "cannot be used" in read(tmp_path / "d\0.mp3").error


@pytest.mark.parametrize(
    ("key", "name", "container"),
    [
        ("m4b/both.m4b", "a.mp3", "MP4"),
        ("mp3/v0.mp3", "a.m4b", "MP3"),
        ("flac/hires.flac", "a.mp3", "FLAC"),
        ("opus/book.opus", "a.flac", "Ogg"),
    ],
)
def test_misnamed_files_are_read_by_content_and_told(
    audio_files, tmp_path, key, name, container
):
    reading = read(copy_of(audio_files, key, tmp_path, name))
    assert not reading.error
    assert reading.raw["container"] == container
    (notice,) = reading.notices
    assert notice.code == "misnamed"
    assert container in notice.message


def test_unknown_suffix_is_no_misnaming(audio_files, tmp_path):
    assert not read(copy_of(audio_files, "mp3/v0.mp3", tmp_path, "a.bin")).notices


def test_flac_behind_an_id3_tag_is_flac(audio_files, tmp_path):
    tag = b"ID3\4\0\0\0\0\0\x0a" + bytes(10)
    path = tmp_path / "a.flac"
    path.write_bytes(tag + (audio_files.root / "flac/hires.flac").read_bytes())
    assert read(path).audio.codec == "FLAC"


def test_flac_of_unknown_length_is_told(audio_files, tmp_path):
    path = copy_of(audio_files, "flac/hires.flac", tmp_path)
    content = bytearray(path.read_bytes())
    content[21] &= 0xF0
    content[22:26] = bytes(4)
    path.write_bytes(content)
    assert [n.code for n in read(path).notices] == ["length_unknown"]


def test_cue_sheet_beside_a_flac_gives_titles(audio_files, tmp_path):
    path = copy_of(audio_files, "flac/image.flac", tmp_path)
    text = "\r\n".join(
        f'TRACK {n:02d} AUDIO\r\nTITLE "第{n}章 はじまり"\r\nINDEX 01 00:0{n}:00'
        for n in range(1, 3)
    )
    path.with_suffix(".cue").write_bytes(text.encode("cp932"))
    chapters = read(path).chapters
    assert [(c.title, c.start_ms) for c in chapters] == [
        ("第1章 はじまり", 1_000),
        ("第2章 はじまり", 2_000),
    ]


@pytest.mark.parametrize("key", KINDS)
def test_flipped_bytes_never_raise(audio_files, tmp_path, key):
    content = (audio_files.root / key).read_bytes()
    path = tmp_path / key.rpartition("/")[2]
    # Metadata stands at the start, and in M4B files at the end.
    borders = [*range(3_000), *range(len(content) - 20_000, len(content))]
    luck = random.Random(key)
    for _ in range(60):
        damaged = bytearray(content)
        for at in luck.sample(borders, 20):
            damaged[at] = luck.randrange(256)
        path.write_bytes(damaged)
        reading = read(path)
        assert bool(reading.error) != bool(reading.audio)


def test_names_of_audio_are_told_from_others():
    assert is_audio_name("a/B.M4B")
    assert not is_audio_name("a/cover.jpg")
    assert not is_audio_name("mp3")
