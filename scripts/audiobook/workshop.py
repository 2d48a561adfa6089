"""What every set of files is made from: the spoken book, its marks and its cover."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .facts import PASSAGES, Mark
from .pictures import SIZE, draw_cover
from .sound import join, marks, speak


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """A scratch folder with the spoken parts, and the manifest as it grows."""

    out: Path
    scratch: Path
    parts: tuple[Path, ...]
    whole: Path
    chapters: tuple[Mark, ...]
    cover: bytes = field(repr=False)
    cover_size: int = SIZE
    manifest: dict[str, Any] = field(default_factory=dict)

    def note(self, path: Path, **truth: Any) -> None:
        """State what a correct reader finds in the file or folder at `path`."""
        chapters = truth.pop("chapters", ())
        truth["chapters"] = [chapter.as_entry() for chapter in chapters]
        self.manifest[path.relative_to(self.out).as_posix()] = truth


def open_workshop(out: Path, scratch: Path) -> Workshop:
    """Speak the book and draw its cover."""
    parts = []
    for index, (_, words) in enumerate(PASSAGES):
        parts.append(scratch / f"part{index:02d}.wav")
        speak(words, parts[-1])
    whole = scratch / "whole.wav"
    counts = join(parts, whole)
    return Workshop(
        out=out,
        scratch=scratch,
        parts=tuple(parts),
        whole=whole,
        chapters=tuple(marks([title for title, _ in PASSAGES], counts)),
        cover=draw_cover("Two Cities", "Charles Dickens", drawing="skylines"),
    )
