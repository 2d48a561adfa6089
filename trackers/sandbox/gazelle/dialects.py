"""Where Redacted and Orpheus differ, as facts. Sources are in docs/sandbox.md."""

from dataclasses import dataclass

CATEGORIES = (
    "Music",
    "Applications",
    "E-Books",
    "Audiobooks",
    "E-Learning Videos",
    "Comedy",
    "Comics",
)
"""By the number an upload sends (from 0); answers count from 1."""
MUSIC = 0
AUDIOBOOKS = 3
COMEDY = 5
WITH_FORMAT = frozenset({MUSIC, AUDIOBOOKS, COMEDY})
ROLES = (
    "artists",
    "with",
    "remixedBy",
    "composers",
    "conductor",
    "dj",
    "producer",
    "arranger",
)
"""The lists of `musicInfo`, by role number from 1."""
LOSSLESS = frozenset({"Lossless", "24bit Lossless"})

_EXTENSIONS = frozenset(
    [
        "ac3",
        "accurip",
        "azw3",
        "chm",
        "cue",
        "djv",
        "djvu",
        "doc",
        "dts",
        "epub",
        "ffp",
        "flac",
        "gif",
        "htm",
        "html",
        "jpeg",
        "jpg",
        "lit",
        "log",
        "m3u",
        "m3u8",
        "m4a",
        "m4b",
        "md5",
        "mobi",
        "mp3",
        "mp4",
        "nfo",
        "pdf",
        "pls",
        "png",
        "rtf",
        "sfv",
        "txt",
    ]
)
_RELEASE_TYPES = {
    1: "Album",
    3: "Soundtrack",
    5: "EP",
    6: "Anthology",
    7: "Compilation",
    9: "Single",
    11: "Live album",
    13: "Remix",
    14: "Bootleg",
    15: "Interview",
    16: "Mixtape",
    21: "Unknown",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One site. `first_group` and `first_torrent` are where its ids begin."""

    slug: str
    name: str
    source: str
    formats: frozenset[str]
    bitrates: frozenset[str]
    media: frozenset[str]
    release_types: dict[int, str]
    extensions: frozenset[str]
    longest_path: int
    shortest_title: int
    first_group: int
    first_torrent: int
    downloads_by_script: int | None
    has_info: bool
    uses_statuses: bool
    has_dry_run: bool
    description_needed: bool
    text_year_passes: bool


RED = Dialect(
    slug="red",
    name="Redacted",
    source="RED",
    formats=frozenset({"MP3", "FLAC", "AAC", "AC3", "DTS", "DSD"}),
    bitrates=frozenset(
        {
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
            "Other",
            "DSD64",
            "DSD128",
            "DSD256",
            "DSD512",
        }
    ),
    media=frozenset(
        [
            "CD",
            "DVD",
            "Vinyl",
            "Soundboard",
            "SACD",
            "DAT",
            "Cassette",
            "WEB",
            "Blu-Ray",
        ]
    ),
    release_types={
        **_RELEASE_TYPES,
        17: "Demo",
        18: "Concert Recording",
        19: "DJ Mix",
    },
    extensions=_EXTENSIONS,
    longest_path=180,
    shortest_title=2,
    first_group=2_400_000,
    first_torrent=5_100_000,
    downloads_by_script=None,
    has_info=False,
    uses_statuses=True,
    has_dry_run=True,
    description_needed=True,
    text_year_passes=False,
)

OPS = Dialect(
    slug="ops",
    name="Orpheus",
    source="OPS",
    formats=frozenset({"MP3", "FLAC", "Ogg Vorbis", "AAC", "AC3", "DTS"}),
    bitrates=frozenset(
        {
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
            "Other",
        }
    ),
    media=frozenset(
        ["CD", "WEB", "Vinyl", "DVD", "BD", "Soundboard", "SACD", "DAT", "Cassette"]
    ),
    release_types={
        **_RELEASE_TYPES,
        8: "Sampler",
        10: "Demo",
        12: "Split",
        17: "DJ Mix",
        18: "Concert recording",
    },
    extensions=_EXTENSIONS | {"docx", "json", "lrc", "toc", "yaml", "yml"},
    longest_path=255,
    shortest_title=1,
    first_group=1_150_000,
    first_torrent=3_200_000,
    downloads_by_script=3,
    has_info=True,
    uses_statuses=False,
    has_dry_run=False,
    description_needed=False,
    text_year_passes=True,
)

DIALECTS = {dialect.slug: dialect for dialect in (RED, OPS)}
