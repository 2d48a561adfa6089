"""A made-up book, to try a template on before there is a release. Pure."""

from typing import Any, Final

_TITLES: Final = ("The Mail Coach", "A Letter Too Many", "The Hill Road", "Home Again")
_MINUTES: Final = 14


def sample_context(kind: str) -> dict[str, Any]:
    """The template context of a complete audiobook, in the shape of docs/templates.md.

    `kind` is only said in the release's facts. `tracker` and `site` are the caller's.
    """
    description = (
        "Nora Quill carries letters over the hills of Ambry. One winter morning there "
        "is one letter more in her bag than she took in.",
        "A sample, with names that nobody bears.",
    )
    return {
        "release": {
            "name": "Edda Sample - The Hill Road (2021)",
            "kind": kind,
            "size": 64_200_000,
            "size_text": "61.2 MiB",
            "file_count": 1,
        },
        "title": "The Hill Road",
        "subtitle": "A Story in Letters",
        "authors": [{"name": "Edda Sample"}],
        "narrators": [{"name": "Ivo Example"}, {"name": "Ada Model"}],
        "series": [{"name": "The Ambry Post", "position": "2"}],
        "publisher": "Specimen Audio",
        "copyright": "©2021 Edda Sample",
        "year": 2021,
        "release_date": "2021-03-09",
        "language": "english",
        "genres": ["Fiction", "Mystery"],
        "tags": ["Small Town", "Letters"],
        "summary": description[0],
        "description_html": "".join(f"<p>{text}</p>" for text in description),
        "description_text": "\n\n".join(description),
        "description_bbcode": "\n\n".join(description),
        "asin": "B000SAMPLE",
        "isbn": "9780000000002",
        "runtime_ms": len(_TITLES) * _MINUTES * 60_000,
        "runtime": f"{len(_TITLES) * _MINUTES} min",
        "format_type": "unabridged",
        "rating": "4.5",
        "chapters": [_chapter(number) for number in range(1, len(_TITLES) + 1)],
        "audio": {
            "codec": "AAC",
            "container": "M4B",
            "lossless": False,
            "bitrate": 64_000,
            "bitrate_kbps": 64,
            "bitrate_mode": "CBR",
            "sample_rate": 44_100,
            "channels": 1,
        },
        "files": [
            {
                "path": "The Hill Road.m4b",
                "size": 64_200_000,
                "size_text": "61.2 MiB",
            }
        ],
    }


def _chapter(number: int) -> dict[str, Any]:
    start = (number - 1) * _MINUTES
    return {
        "number": number,
        "title": _TITLES[number - 1],
        "start": f"{start}:00",
        "start_ms": start * 60_000,
        "end_ms": (start + _MINUTES) * 60_000,
        "length": f"{_MINUTES}:00",
    }
