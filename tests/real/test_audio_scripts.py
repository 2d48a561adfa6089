"""The scripts that make audio: wrong use and missing programs give one sentence."""

import pytest

from scripts import make_audiobook, make_demo_audio
from scripts.audiobook.mp4_boxes import add_nero_list
from scripts.audiobook.programs import ProgramFailed, ffmpeg

pytestmark = pytest.mark.real


def test_one_set_alone_can_be_made(tmp_path, capsys):
    assert make_audiobook.main([str(tmp_path), "--only", "opus"]) == 0
    assert "3 files" in capsys.readouterr().out
    assert not (tmp_path / "m4b").exists()


def test_unknown_set_is_named(tmp_path, capsys):
    with pytest.raises(SystemExit):
        make_audiobook.main([str(tmp_path), "--only", "opus,wax"])
    assert "no such set: wax" in capsys.readouterr().err


@pytest.mark.parametrize("script", [make_audiobook, make_demo_audio])
def test_missing_programs_are_named(tmp_path, capsys, monkeypatch, script):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert script.main([str(tmp_path / "out")]) == 1
    assert "apt-get install ffmpeg" in capsys.readouterr().err


def test_a_refusing_program_is_quoted(tmp_path):
    with pytest.raises(ProgramFailed, match="ffmpeg ended with"):
        ffmpeg("-i", tmp_path / "none.wav", tmp_path / "out.mp3")


def test_chapters_are_not_added_where_they_would_move_the_audio(tmp_path):
    path = tmp_path / "a.m4a"
    tone = ("-f", "lavfi", "-i", "sine=duration=1")
    ffmpeg(*tone, "-c:a", "aac", "-movflags", "+faststart", path)
    with pytest.raises(ValueError, match="moov box first"):
        add_nero_list(path, [])
