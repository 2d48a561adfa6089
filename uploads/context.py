"""What templates see of a release: plain dictionaries, lists, text and numbers. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from common.figures import clock, size_text
from releases.metadata.vocabulary import duration

PLAIN = (
    "title",
    "subtitle",
    "publisher",
    "copyright",
    "year",
    "release_date",
    "language",
    "genres",
    "tags",
    "summary",
    "description_html",
    "asin",
    "isbn",
    "runtime_ms",
    "cover_url",
    "format_type",
    "rating",
)


def context_build(
    *,
    release: Mapping[str, Any],
    values: Mapping[str, Any],
    files: Sequence[tuple[str, int]],
    texts: Mapping[str, str],
    tracker: Mapping[str, str],
) -> dict[str, Any]:
    """The template context; what is unknown is absent.

    `release` has name, kind, size (bytes); `values` is the merged metadata; `files`
    are paths and sizes; `texts` the description as text and BBCode.
    """
    context: dict[str, Any] = {
        "release": {
            **release,
            "size_text": size_text(release["size"]),
            "file_count": len(files),
        },
        "files": [
            {"path": path, "size": size, "size_text": size_text(size)}
            for path, size in files
        ],
        "tracker": dict(tracker),
    }
    context |= {name: values[name] for name in PLAIN if name in values}
    context |= {name: text for name, text in texts.items() if text}
    for name in ("authors", "narrators"):
        if name in values:
            context[name] = [{"name": person["name"]} for person in values[name]]
    if "series" in values:
        context["series"] = [
            {"name": entry["name"], "position": str(entry.get("position", ""))}
            for entry in values["series"]
        ]
    if "runtime_ms" in values:
        context["runtime"] = duration(values["runtime_ms"])
    if "chapters" in values:
        context["chapters"] = [
            _chapter(number, chapter)
            for number, chapter in enumerate(values["chapters"], start=1)
        ]
    if "audio" in values:
        audio = dict(values["audio"])
        audio["bitrate_kbps"] = round(audio.get("bitrate", 0) / 1000)
        context["audio"] = audio
    return context


def _chapter(number: int, chapter: Mapping[str, Any]) -> dict[str, Any]:
    start, end = chapter["start_ms"], chapter["end_ms"]
    return {
        "number": number,
        "title": chapter["title"],
        "start": clock(start),
        "start_ms": start,
        "end_ms": end,
        "length": clock(end - start),
    }
