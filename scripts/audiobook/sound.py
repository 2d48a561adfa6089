"""Speech and tones as 16-bit mono WAV files, and chapter marks from their lengths."""

import wave
from collections.abc import Sequence
from pathlib import Path

from .facts import Mark
from .programs import ffmpeg, run

RATE = 44100


def speak(
    text: str,
    target: Path,
    *,
    voice: str = "en-gb",
    speed: int = 150,
    rate: int = RATE,
    pause: float = 0.25,
) -> None:
    """Let espeak-ng read `text` into a mono WAV at `rate`, silence at the end."""
    spoken = target.with_suffix(".raw.wav")
    run("espeak-ng", "-v", voice, "-s", str(speed), "-w", spoken, text)
    silence = f"apad=pad_dur={pause}"
    mono = ("-ar", str(rate), "-ac", "1", "-c:a", "pcm_s16le")
    ffmpeg("-i", spoken, "-af", silence, *mono, target)
    spoken.unlink()


def tone(
    hertz: int, seconds: float, target: Path, *, rate: int = RATE, channels: int = 2
) -> None:
    """A sine tone as a WAV file."""
    source = f"sine=frequency={hertz}:duration={seconds}:sample_rate={rate}"
    ffmpeg("-f", "lavfi", "-i", source, "-ac", str(channels), target)


def join(parts: Sequence[Path], target: Path) -> list[int]:
    """Put WAV files of one format end to end; returns the frames of each."""
    counts = []
    with wave.open(str(target), "wb") as joined:
        for index, part in enumerate(parts):
            with wave.open(str(part), "rb") as opened:
                if index == 0:
                    joined.setparams(opened.getparams())
                counts.append(opened.getnframes())
                joined.writeframes(opened.readframes(opened.getnframes()))
    return counts


def marks(titles: Sequence[str], counts: Sequence[int], rate: int = RATE) -> list[Mark]:
    """Chapter marks of joined parts: part `n` lasts `counts[n]` frames."""
    found, position = [], 0
    for title, count in zip(titles, counts, strict=True):
        start, position = position, position + count
        found.append(
            Mark(
                title=title,
                start_ms=round(start * 1000 / rate),
                end_ms=round(position * 1000 / rate),
            )
        )
    return found


def write_marks(chapters: Sequence[Mark], target: Path) -> Path:
    """The chapters as an ffmpeg metadata file."""
    lines = [";FFMETADATA1"]
    for chapter in chapters:
        title = "".join(f"\\{c}" if c in "=;#\\\n" else c for c in chapter.title)
        lines += [
            "[CHAPTER]",
            "TIMEBASE=1/1000",
            f"START={chapter.start_ms}",
            f"END={chapter.end_ms}",
            f"title={title}",
        ]
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return target
