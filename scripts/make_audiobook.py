"""Make the audio files that the tests read, and a manifest of the truth about them.

    python -m scripts.make_audiobook OUTDIR [--only m4b,mp3,flac,opus]

Needs ffmpeg, lame and espeak-ng. OUTDIR/manifest.json holds, per file or folder, the
codec, bitrate mode, chapters in milliseconds and so on that a correct reader finds.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from .audiobook import flac_set, m4b_set, mp3_set, ogg_set
from .audiobook.facts import ALBUM, BOOK
from .audiobook.programs import ProgramFailed, require
from .audiobook.workshop import open_workshop

SETS = {
    "m4b": m4b_set.make,
    "mp3": mp3_set.make,
    "flac": flac_set.make,
    "opus": ogg_set.make,
}


def make_audiobook(out: Path, only: tuple[str, ...] = tuple(SETS)) -> None:
    """Write the chosen sets and the manifest. Raises ProgramFailed."""
    require("ffmpeg", "lame", "espeak-ng")
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        shop = open_workshop(out, Path(scratch))
        for name in only:
            SETS[name](shop)
    manifest = {
        "duration_ms": shop.chapters[-1].end_ms,
        "tolerance_ms": 30,
        "book": BOOK,
        "album": ALBUM,
        "files": shop.manifest,
    }
    text = json.dumps(manifest, indent=1, ensure_ascii=False)
    (out / "manifest.json").write_text(text, encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Command-line entry; returns the exit status."""
    parser = argparse.ArgumentParser(prog="make_audiobook", description=__doc__)
    parser.add_argument("outdir", type=Path)
    parser.add_argument("--only", default=",".join(SETS), help="sets, with commas")
    chosen = parser.parse_args(arguments)
    only = tuple(chosen.only.split(","))
    if unknown := set(only) - set(SETS):
        parser.error(f"no such set: {', '.join(sorted(unknown))}")
    try:
        make_audiobook(chosen.outdir, only)
    except ProgramFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    count = sum(1 for path in chosen.outdir.rglob("*") if path.is_file())
    print(f"{count} files in {chosen.outdir}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
