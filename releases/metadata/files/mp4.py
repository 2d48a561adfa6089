"""Reads MP4, M4A and M4B files: audio, chapters, tags."""

from releases.metadata.types import AudioInfo, Notice

from .boxes import Box, body, children, find
from .found import Found, Source, Unreadable
from .mp4_audio import Description, describe
from .mp4_chapters import choose, nero_marks, track_marks
from .mp4_tags import read_mp4_tags
from .mp4_track import (
    Track,
    chunk_offsets,
    read_times,
    sample_sizes,
    tracks_of,
)


def read_mp4(source: Source) -> Found:
    """Read the first audio track. Raises Unreadable when there is none to find."""
    top = list(children(source, 0, source.size))
    moov = next((box for box in top if box.name == b"moov"), None)
    if moov is None:
        raise Unreadable(
            "The file has no index (moov box): it was cut off or never finished."
            " Get a complete copy."
        )
    tracks = tracks_of(source, moov)
    audio_track = next((track for track in tracks if track.handler == b"soun"), None)
    if audio_track is None:
        raise Unreadable("The file holds no audio track.")
    description = describe(source, audio_track)
    notices: list[Notice] = []
    duration_ms = _duration(source, moov, audio_track)
    audio = _audio(source, audio_track, description, duration_ms)
    marks, marks_from, said = choose(
        track_marks(source, tracks), nero_marks(source, moov)
    )
    notices += said
    if description.protected:
        notices.append(
            Notice(
                code="protected",
                message="The audio is encrypted (DRM): nobody else can play this file.",
            )
        )
    if _is_cut(source, top, audio_track):
        notices.append(
            Notice(
                code="truncated",
                message=f"The file ends before its audio does: {source.size} bytes are"
                " there, its index tells of more. Get a complete copy.",
            )
        )
    return Found(
        audio=audio,
        tags=read_mp4_tags(source, moov),
        marks=marks,
        marks_from=marks_from,
        notices=notices,
    )


def _duration(source: Source, moov: Box, track: Track) -> int:
    """Played length: by edits, else the media's length, else the movie's."""
    media = track.milliseconds(track.duration)
    if track.played_ms and media and abs(media - track.played_ms) < 1_000:
        return track.played_ms
    if media:
        return media
    timescale, duration = read_times(body(source, find(source, moov, b"mvhd"), 40))
    extended = body(source, find(source, moov, b"mvex", b"mehd"), 16)
    if len(extended) >= 8:  # a fragmented file states its whole length here
        duration = int.from_bytes(extended[4 : 12 if extended[0] else 8], "big")
    return round(duration * 1000 / timescale) if timescale else 0


def _audio(
    source: Source, track: Track, description: Description, duration_ms: int
) -> AudioInfo:
    """Sizes of all samples give the true average; headers state it only at times."""
    count, uniform, sizes = sample_sizes(source, track)
    total = uniform * count if uniform else sum(sizes)
    seconds = track.duration / track.timescale if track.timescale else 0.0
    bitrate = round(total * 8 / seconds) if total and seconds else description.bitrate
    if not bitrate and duration_ms:
        bitrate = round(source.size * 8000 / duration_ms)
    return AudioInfo(
        codec=description.codec,
        container="MP4",
        lossless=description.lossless,
        bitrate=bitrate,
        bitrate_mode="CBR" if uniform and not description.lossless else "",
        sample_rate=description.sample_rate,
        channels=description.channels,
        bits_per_sample=description.bits if description.lossless else 0,
        duration_ms=duration_ms,
    )


def _is_cut(source: Source, top: list[Box], track: Track) -> bool:
    """Whether a box, or the last piece of audio, lies beyond the end of the file."""
    if any(box.cut for box in top):
        return True
    offsets = chunk_offsets(source, track)
    return bool(offsets) and max(offsets) >= source.size
