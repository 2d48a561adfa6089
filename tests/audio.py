"""The generated test audio, as a pytest plugin: fixture `audio_files`.

Made once and kept under .run/ for as long as the scripts that make it do not change.
Needs ffmpeg, lame and espeak-ng; without them the fixture fails and says so.
"""

import hashlib
import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from scripts.make_audiobook import make_audiobook

ROOT = Path(__file__).parents[1]
KEPT = ROOT / ".run" / "test-audio"


@dataclass(frozen=True)
class AudioFiles:
    """`root` holds the files, `manifest` what a correct reader finds in them."""

    root: Path
    manifest: dict[str, Any]


def _version() -> str:
    """Changes with the scripts that make the files."""
    digest = hashlib.sha256((ROOT / "scripts/make_audiobook.py").read_bytes())
    for source in sorted((ROOT / "scripts/audiobook").glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def generated() -> Path:
    """The folder of the files, made now if need be; safe to call in parallel."""
    target = KEPT / _version()
    if not target.is_dir():
        KEPT.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=KEPT))
        try:
            make_audiobook(made)
            made.rename(target)
        except OSError:
            if not target.is_dir():  # else another process was faster
                raise
        finally:
            shutil.rmtree(made, ignore_errors=True)
    return target


@pytest.fixture(scope="session")
def audio_files() -> AudioFiles:
    """The 40 generated files and their manifest. Read only: copy before changing."""
    root = generated()
    return AudioFiles(root, json.loads((root / "manifest.json").read_text("utf-8")))
