"""WAV, AIFF, WavPack, raw AAC and AC-3, Ogg FLAC and Speex, made by ffmpeg."""

import struct
import subprocess

import pytest

from releases.metadata.reading import read_audio_file

pytestmark = pytest.mark.real

CASES = {
    "a.wav": (("-c:a", "pcm_s24le"), "PCM", "WAV", 24),
    "a.aiff": (("-c:a", "pcm_s16be"), "PCM", "AIFF", 16),
    "a.wv": (("-c:a", "wavpack"), "WavPack", "WavPack", 16),
    "a.aac": (("-c:a", "aac", "-b:a", "64k"), "AAC", "ADTS", 0),
    "a.ac3": (("-c:a", "ac3", "-b:a", "96k"), "AC-3", "AC-3", 0),
    "a.eac3": (("-c:a", "eac3", "-b:a", "96k"), "E-AC-3", "AC-3", 0),
    "a.oga": (("-c:a", "flac"), "FLAC", "Ogg", 16),
    "a.mp2": (("-c:a", "mp2", "-b:a", "64k"), "MP2", "MP3", 0),
}


def encode(path, *options, rate=44100):
    tone = f"sine=frequency=440:duration=2:sample_rate={rate}"
    command = ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", tone, "-ac", "2"]
    subprocess.run([*command, *options, str(path)], check=True)
    return path


@pytest.mark.parametrize("name", CASES)
def test_other_formats_are_told_by_content(tmp_path, name):
    options, codec, container, bits = CASES[name]
    path = encode(tmp_path / name, *options)
    reading = read_audio_file(path, name=name)
    assert reading.error == ""
    audio = reading.audio
    assert audio is not None
    assert (audio.codec, audio.container) == (codec, container)
    assert (audio.sample_rate, audio.channels) == (44100, 2)
    assert audio.bits_per_sample == bits
    assert audio.lossless is (bits > 0)
    assert abs(audio.duration_ms - 2_000) < 100
    assert audio.bitrate > 0
    assert reading.chapters == ()


def test_cue_sheet_beside_a_wav_gives_chapters(tmp_path):
    path = encode(tmp_path / "book.wav")
    sheet = 'FILE "book.wav" WAVE\nTRACK 01 AUDIO\nTITLE "One"\nINDEX 01 00:00:00\n'
    path.with_suffix(".cue").write_text(sheet)
    (chapter,) = read_audio_file(path, name="book.wav").chapters
    assert (chapter.title, chapter.start_ms, chapter.end_ms) == ("One", 0, 2_000)


def test_cue_sheet_beside_an_opus_gives_chapters(tmp_path):
    path = encode(tmp_path / "book.opus", "-c:a", "libopus", rate=48000)
    path.with_suffix(".cue").write_text('TRACK 01 AUDIO\nTITLE "One"\nINDEX 01 0:0:0\n')
    reading = read_audio_file(path, name="book.opus")
    assert [c.title for c in reading.chapters] == ["One"]
    assert reading.raw["chapters_from"] == "cue sheet"


def test_ogg_film_without_known_audio_says_so(tmp_path):
    (tmp_path / "a.ogg").write_bytes(b"OggS" + bytes(22) + b"\1\x07" + b"\x80theora")
    error = read_audio_file(tmp_path / "a.ogg", name="a.ogg").error
    assert "no Vorbis, Opus, FLAC or Speex" in error


# ---- sizes that lie


def test_ogg_tags_without_end_are_refused(tmp_path):
    path = tmp_path / "a.opus"
    whole = encode(path, "-c:a", "libopus", rate=48000).read_bytes()
    second = whole.index(b"OggS", 4)
    page = whole[second : second + 26] + b"\xff" + b"\xff" * 255 + bytes(255 * 255)
    path.write_bytes(whole[:second] + page * 900)
    assert "more than 48 MiB" in read_audio_file(path, name="a.opus").error


def test_ogg_of_endless_tiny_pages_is_refused(tmp_path):
    path = tmp_path / "a.opus"
    whole = encode(path, "-c:a", "libopus", rate=48000).read_bytes()
    second = whole.index(b"OggS", 4)
    path.write_bytes(whole[:second] + (whole[second : second + 26] + b"\0") * 5_000)
    assert "tags take more than" in read_audio_file(path, name="a.opus").error


def test_flac_header_without_end_is_refused(tmp_path):
    path = tmp_path / "a.flac"
    whole = encode(path, "-c:a", "flac").read_bytes()
    padding = b"\1" + (4_000_000).to_bytes(3, "big") + bytes(4_000_000)
    path.write_bytes(whole[:42] + padding * 13 + whole[42:])
    assert "more than 48 MiB" in read_audio_file(path, name="a.flac").error
    path.write_bytes(whole[:42] + b"\1\0\0\0" * 600 + whole[42:])
    assert "512 blocks" in read_audio_file(path, name="a.flac").error


def test_id3_tag_larger_than_all_limits_is_not_taken_in(tmp_path):
    path = tmp_path / "a.mp3"
    with path.open("wb") as file:
        file.write(b"ID3\4\0\0\x7f\x7f\x7f\x7f" + b"TALB" + b"\0\0\0\2\0\0\3x")
        file.truncate(300 * 1024 * 1024)
    reading = read_audio_file(path, name="a.mp3")
    assert "no audio" in reading.error


def test_mp4_that_claims_terabytes_is_read_as_cut(tmp_path):
    path = encode(tmp_path / "a.m4a", "-c:a", "aac", "-movflags", "+faststart")
    whole = path.read_bytes()
    media = whole.index(b"mdat") - 4
    huge = struct.pack(">I4sQ", 1, b"mdat", 1 << 50)
    path.write_bytes(whole[:media] + huge + whole[media + 8 :])
    reading = read_audio_file(path, name="a.m4a")
    assert "truncated" in {notice.code for notice in reading.notices}
