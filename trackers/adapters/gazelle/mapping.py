"""Our vocabulary in Gazelle's words, and the form they are sent in. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from trackers.adapters.gazelle.dialects import LOSSLESS, OTHER, Dialect
from trackers.types import UploadPayload

# Counted from 0 on upload; everything the sites answer counts from 1.
CATEGORIES: Final = {"audiobook": "3"}
# The template fields that have a place in the form.
KNOWN_ATTRIBUTES: Final = frozenset(
    {
        "image",
        "year",
        "format",
        "bitrate",
        "other_bitrate",
        "release_description",
        "artists",
    }
)
MAX_TAGS_BYTES: Final = 200
MAX_OTHER_BITRATE_BYTES: Final = 9
MAIN_ARTIST: Final = "1"
# An MP4 header gives the measured average of a stream encoded for a round figure.
NOMINAL_TOLERANCE: Final = 0.05
NOMINAL_KBPS: Final = (32, 48, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
XHE_AAC: Final = "xHE-AAC"

CODECS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"mp4a\.40\.42|usac|xhe", re.I), XHE_AAC),
    (re.compile(r"^(mp4a|.*\baac\b|he-?aac)", re.I), "AAC"),
    (re.compile(r"^(e-?ac-?3|ec-?3|ec\+3)", re.I), "E-AC-3"),
    (re.compile(r"^(mp3|mpeg.*(layer)? ?(3|iii)$)", re.I), "MP3"),
    (re.compile(r"^flac", re.I), "FLAC"),
    (re.compile(r"^ac-?3", re.I), "AC3"),
    (re.compile(r"^dts", re.I), "DTS"),
    (re.compile(r"vorbis", re.I), "Ogg Vorbis"),
)
# LAME writes its settings, others the bare preset.
LAME_VBR: Final = re.compile(r"^(?:-)?v\s*([0-2])(?:\.0*)?\b", re.I)
NAMED_PRESETS: Final = {"standard": "V2 (VBR)", "extreme": "V0 (VBR)"}


def format_of(codec: str) -> str:
    """Name a codec as Gazelle does; a codec it has no name for keeps its own."""
    name = codec.strip()
    return next((known for shape, known in CODECS if shape.search(name)), name)


def site_values(
    dialect: Dialect, kind: str, context: Mapping[str, Any]
) -> dict[str, str]:
    """Map a template context to `category`, `format`, `bitrate`, `other_bitrate`.

    A key is absent when nothing is known; a codec without a place on the site stays
    in `format` under its own name, for `validate` to refuse.
    """
    values = {"category": CATEGORIES[kind]} if kind in CATEGORIES else {}
    audio = context.get("audio") or {}
    codec = str(audio.get("codec") or "")
    if not codec:
        return values
    values["format"] = site_format(codec)
    bitrate = named_bitrate(dialect, audio)
    if bitrate in dialect.bitrates:
        values["bitrate"] = bitrate
    elif bitrate:
        values["bitrate"] = OTHER
        values["other_bitrate"] = bitrate
    return values


def site_format(codec: str) -> str:
    """Name the format field's value; xHE-AAC has none of its own and goes as AAC."""
    name = format_of(codec)
    return "AAC" if name == XHE_AAC else name


def named_bitrate(dialect: Dialect, audio: Mapping[str, Any]) -> str:
    """Name a stream's bitrate; "" when it is not known."""
    if audio.get("lossless"):
        deep = int(audio.get("bits_per_sample") or 0) > 16
        return "24bit Lossless" if deep else "Lossless"
    preset = vbr_preset(str(audio.get("preset") or ""))
    if preset in dialect.bitrates:
        return preset
    kbps = round(float(audio.get("bitrate") or 0) / 1000) or round(
        float(audio.get("bitrate_kbps") or 0)
    )
    if kbps <= 0:
        return ""
    mode = str(audio.get("bitrate_mode") or "").upper()
    if mode in {"VBR", "ABR"}:
        marked = f"{kbps} ({mode})"
        fits = len(marked.encode()) <= MAX_OTHER_BITRATE_BYTES
        return marked if fits else str(kbps)
    return str(nominal(kbps))


def vbr_preset(preset: str) -> str:
    """Name a LAME preset as Gazelle does: "-V 2" → "V2 (VBR)"; "" for none."""
    text = preset.strip().lower().removeprefix("--preset ")
    if text.startswith("--alt-preset "):
        return {"standard": "APS (VBR)", "extreme": "APX (VBR)"}.get(
            text.removeprefix("--alt-preset "), ""
        )
    found = LAME_VBR.match(text)
    if found:
        return f"V{found[1]} (VBR)"
    return NAMED_PRESETS.get(text, "")


def nominal(kbps: int) -> int:
    """Return the round figure a constant bitrate was meant to have, if one is near."""
    nearest = min(NOMINAL_KBPS, key=lambda figure: abs(figure - kbps))
    return nearest if abs(nearest - kbps) <= nearest * NOMINAL_TOLERANCE else kbps


def normalise_tag(tag: str) -> str:
    """Write a tag as the server will: lower case, dots between words, a-z 0-9 only."""
    # The server lower-cases bytes: only A-Z has another case there.
    lowered = re.sub("[A-Z]", lambda found: found[0].lower(), tag.strip())
    dotted = re.sub(r"[^a-z0-9.]+", "", re.sub("[ -]", ".", lowered))
    return re.sub(r"\.+", ".", dotted).strip(".")


def normalise_tags(tags: tuple[str, ...]) -> tuple[str, ...]:
    """Normalise tags in order, without the empty and the repeated ones.

    One entry may itself hold several tags, separated by commas.
    """
    words = (normalise_tag(word) for tag in tags for word in tag.split(","))
    return tuple(dict.fromkeys(word for word in words if word))


def fitting_tags(tags: tuple[str, ...]) -> tuple[str, ...]:
    """Return the normalised tags that fit into the field, whole and in order."""
    kept: list[str] = []
    for tag in normalise_tags(tags):
        if len(",".join([*kept, tag])) <= MAX_TAGS_BYTES:
            kept.append(tag)
    return tuple(kept)


def attribute(payload: UploadPayload, name: str) -> str:
    """Return one rendered template field without the space around it."""
    return payload.attributes.get(name, "").strip()


def form_fields(
    dialect: Dialect, payload: UploadPayload
) -> tuple[tuple[str, str], ...]:
    """Return the upload form without its file. Empty fields are left out.

    Flags the site reads by their presence are never sent, not even as 0.
    """
    return tuple(
        (name, value) for name, value in _fields(dialect, payload) if value != ""
    )


def _fields(dialect: Dialect, payload: UploadPayload) -> Iterator[tuple[str, str]]:
    yield "type", CATEGORIES.get(payload.category, "")
    yield "title", payload.title.strip()
    yield "tags", ",".join(fitting_tags(payload.tags))
    for name in ("year", "format", "bitrate"):
        yield name, attribute(payload, name)
    if attribute(payload, "bitrate") == OTHER:
        yield "other_bitrate", attribute(payload, "other_bitrate")
    yield "image", attribute(payload, "image")
    # One site's form reads the first, the other's may read the second.
    yield "album_desc", payload.description.strip()
    yield "desc", payload.description.strip()
    yield "release_desc", attribute(payload, "release_description")
    if dialect.artists:
        for artist in artists(payload):
            yield "artists[]", artist
            yield "importance[]", MAIN_ARTIST
    if dialect.keeps_entities:
        yield "workaround_broken_html_entities", "0"
    yield from payload.extra.items()


def artists(payload: UploadPayload) -> tuple[str, ...]:
    """Return the names of the `artists` field: one a line, or separated by ";"."""
    names = re.split(r"[\n;]", payload.attributes.get("artists", ""))
    return tuple(name.strip() for name in names if name.strip())


def is_lossless(bitrate: str) -> bool:
    """Tell whether a bitrate of the enumeration is a lossless one."""
    return bitrate in LOSSLESS
