"""What differs between the sites of this family. docs/trackers/gazelle.md has sources."""

from dataclasses import dataclass
from typing import Final

OTHER: Final = "Other"
LOSSLESS: Final = frozenset({"Lossless", "24bit Lossless"})

# What the common ancestor of both sites took.
ANCESTOR_EXTENSIONS: Final = frozenset(
    {
        *("ac3", "dts", "flac", "m4a", "m4b", "mp3", "mp4"),
        *("accurip", "cue", "ffp", "log", "m3u", "m3u8", "md5", "nfo", "pls", "sfv"),
        *("azw3", "chm", "djv", "djvu", "doc", "epub", "htm", "html", "lit", "mobi"),
        *("pdf", "rtf", "txt"),
        *("gif", "jpeg", "jpg", "png"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One site's way of speaking Gazelle.

    `authorization` is the header's shape with `{key}` in it. `extensions_published`
    says that the site's own list is known, so that a file outside it is an error and
    not only a warning. `sentences_known`: so are its words for what it refuses.
    `artists` are sent for audiobooks too. `min_title_bytes` counts bytes of UTF-8.
    """

    name: str
    authorization: str
    formats: tuple[str, ...]
    bitrates: tuple[str, ...]
    extensions: frozenset[str]
    extensions_published: bool
    sentences_known: bool
    min_title_bytes: int
    key_scopes: bool
    artists: bool
    dry_run: bool
    uploads_listed: bool
    keeps_entities: bool


RED: Final = Dialect(
    name="red",
    authorization="{key}",
    formats=("MP3", "FLAC", "AAC", "AC3", "DTS"),
    bitrates=(
        "192",
        "APS (VBR)",
        "V2 (VBR)",
        "V1 (VBR)",
        "256",
        "APX (VBR)",
        "V0 (VBR)",
        "320",
        "Lossless",
        "24bit Lossless",
        OTHER,
    ),
    extensions=ANCESTOR_EXTENSIONS,
    extensions_published=False,
    sentences_known=False,
    min_title_bytes=2,
    key_scopes=True,
    artists=True,
    dry_run=True,
    uploads_listed=True,
    keeps_entities=False,
)

OPS: Final = Dialect(
    name="ops",
    authorization="token {key}",
    formats=("MP3", "FLAC", "Ogg Vorbis", "AAC", "AC3", "DTS"),
    bitrates=(
        "Lossless",
        "24bit Lossless",
        "V0 (VBR)",
        "V1 (VBR)",
        "V2 (VBR)",
        "320",
        "256",
        "192",
        "160",
        "128",
        "96",
        "64",
        "APS (VBR)",
        "APX (VBR)",
        "q8.x (VBR)",
        OTHER,
    ),
    extensions=ANCESTOR_EXTENSIONS
    | frozenset({"docx", "json", "lrc", "toc", "yaml", "yml"}),
    extensions_published=True,
    sentences_known=True,
    min_title_bytes=1,
    key_scopes=False,
    artists=False,
    dry_run=False,
    uploads_listed=False,
    keeps_entities=True,
)

DIALECTS: Final = {dialect.name: dialect for dialect in (RED, OPS)}
