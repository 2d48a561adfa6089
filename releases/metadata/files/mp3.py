"""Reads MP3 files: Xing, LAME and VBRI headers by mutagen, all else ourselves."""

import re
from typing import Any

from mutagen import MutagenError
from mutagen.mp3 import BitrateMode, MPEGInfo

from releases.metadata.types import AudioInfo, Notice

from .found import Found, Source, Unreadable
from .id3 import read_id3, tags_end
from .lame_delay import added_samples
from .mpeg_frames import Header, Walk, first_frame, nearest_bitrate, walk
from .overdrive import MARKERS_TAG, parse_markers

_MODES = {BitrateMode.CBR: "CBR", BitrateMode.VBR: "VBR", BitrateMode.ABR: "ABR"}
_LEVEL = re.compile(r"-V ?(\d)(?:\.\d+)?\b")
_NAMED_PRESET = re.compile(r"--(?:alt-)?preset (?:fast )?(standard|extreme|medium)\b")
_NAMED_LEVELS = {"medium": "V4", "standard": "V2", "extreme": "V0"}
_CUT_BYTES, _CUT_SHARE = 4096, 0.01  # less than both may be padding and rounding


def read_mp3(source: Source) -> Found:
    """Read an MP1, MP2 or MP3. Raises Unreadable without two frames in a row."""
    tags, marks = read_id3(source)
    start = tags_end(source)
    found = first_frame(source, start)
    if found is None:
        raise Unreadable(
            "No MPEG audio follows the tags: the file is empty, cut off or something"
            " else under this name."
        )
    offset, header = found
    notices: list[Notice] = []
    info = _header_info(source, offset)
    audio = _audio(source, offset, header, info, notices)
    marks_from = "id3" if marks else ""
    if not marks and tags:
        marks = parse_markers(tags.first(MARKERS_TAG))
        marks_from = "overdrive" if marks else ""
    return Found(
        audio=audio,
        tags=tags,
        marks=marks,
        marks_from=marks_from,
        encoder_settings=info.encoder_settings if info else "",
        notices=notices,
    )


def _header_info(source: Source, offset: int) -> Any:
    """What mutagen reads from the first frame; None when it cannot."""
    try:
        source.file.seek(offset)
        return MPEGInfo(source.file, offset)
    except (MutagenError, EOFError, ValueError):
        return None


def _audio(
    source: Source, offset: int, header: Header, info: Any, notices: list[Notice]
) -> AudioInfo:
    """Trust a Xing or VBRI header that fits the file's size, else count frames."""
    mode = _MODES.get(info.bitrate_mode, "") if info else ""
    stated = bool(mode) and info.length > 0
    bitrate = int(info.bitrate) if info else 0
    duration_ms = _stated_length(source, offset, header, info) if stated else 0
    if stated and _is_cut(source.size - offset, bitrate, info.length):
        counted = walk(source, offset, header)
        notices.append(_cut_notice(duration_ms, counted.duration_ms))
        duration_ms = counted.duration_ms
    elif not stated:
        counted = walk(source, offset, header)
        mode = "CBR" if counted.constant else "VBR"
        bitrate, duration_ms = counted.bitrate, _whole_length(source, offset, counted)
        if not counted.constant:
            notices.append(
                Notice(
                    code="vbr_without_header",
                    message="Variable bitrate without a Xing header: players show a"
                    " wrong length; the length here was counted frame by frame.",
                )
            )
    if mode == "CBR":
        bitrate = nearest_bitrate(bitrate, header)
    settings = info.encoder_settings if info else ""
    return AudioInfo(
        codec=f"MP{header.layer}",
        container="MP3",
        bitrate=bitrate,
        bitrate_mode=mode,
        preset=preset_of(settings) if mode == "VBR" else "",
        sample_rate=header.sample_rate,
        channels=header.channels,
        duration_ms=duration_ms,
        encoder=info.encoder_info if info else "",
    )


def _stated_length(source: Source, offset: int, header: Header, info: Any) -> int:
    """The Xing or VBRI header's length, without what the encoder added."""
    if info.encoder_info.startswith("LAME"):  # mutagen has taken it off already
        return _milliseconds(info.length)
    added = added_samples(source, offset, header) / header.sample_rate
    return _milliseconds(max(0.0, info.length - added))


def _milliseconds(seconds: float) -> int:
    """Whole milliseconds of a length in seconds."""
    return round(seconds * 1000)


def _is_cut(size: int, bitrate: int, seconds: float) -> bool:
    """Whether clearly fewer bytes are there than the header told of."""
    expected = bitrate * seconds / 8
    return size + _CUT_BYTES + expected * _CUT_SHARE < expected


def _cut_notice(stated_ms: int, counted_ms: int) -> Notice:
    return Notice(
        code="truncated",
        message=f"The header tells of {stated_ms // 1000} seconds, the file holds"
        f" {counted_ms // 1000}: it was cut off. Get a complete copy.",
    )


def _whole_length(source: Source, offset: int, counted: Walk) -> int:
    """The counted length, stretched to the whole file where counting stopped early."""
    if counted.complete or not counted.size:
        return counted.duration_ms
    return round(counted.duration_ms * (source.size - offset) / counted.size)


def preset_of(settings: str) -> str:
    """LAME's VBR level ("V0", "V2", …) from its settings, "" when they name none."""
    if match := _LEVEL.search(settings):
        return f"V{match[1]}"
    if match := _NAMED_PRESET.search(settings):
        return _NAMED_LEVELS[match[1]]
    return ""
