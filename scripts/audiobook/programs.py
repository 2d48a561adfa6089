"""Calls of the programs that make sound: ffmpeg, lame, espeak-ng."""

import shutil
import subprocess
from pathlib import Path


class ProgramFailed(Exception):
    """A program is missing or refused its work; the text says which and why."""


def require(*names: str) -> None:
    """Stop early, in one sentence, when a program is not installed."""
    missing = [name for name in names if not shutil.which(name)]
    if missing:
        raise ProgramFailed(
            f"Not installed: {', '.join(missing)}."
            f" Install with: apt-get install {' '.join(missing)}"
        )


def run(*command: str | Path) -> None:
    """Run one program to its end; its output only shows when it fails."""
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        output = (done.stdout + done.stderr)[-1500:]
        raise ProgramFailed(f"{words[0]} ended with {done.returncode}:\n{output}")


def ffmpeg(*arguments: str | Path) -> None:
    """ffmpeg, silent, overwriting, the same bytes on every run."""
    *inputs, target = arguments
    exact = ("-fflags", "+bitexact", "-flags:a", "+bitexact")
    run("ffmpeg", "-v", "error", "-nostdin", "-y", *inputs, *exact, target)
