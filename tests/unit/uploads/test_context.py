"""What templates see."""

import pytest

from common.figures import clock, size_text
from uploads.context import context_build

RELEASE = {"name": "Book", "kind": "audiobook", "size": 3_000_000}


def build(values, texts=()):
    return context_build(
        release=RELEASE,
        values=values,
        files=[("1.mp3", 1536)],
        texts=dict(texts),
        tracker={"slug": "red", "name": "RED"},
    )


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (5 * 2**40, "5.0 TiB")],
)
def test_sizes_read_well(size, text):
    assert size_text(size) == text


@pytest.mark.parametrize(
    ("ms", "text"), [(0, "0:00"), (59_600, "1:00"), (3_723_000, "1:02:03")]
)
def test_clock(ms, text):
    assert clock(ms) == text


def test_what_is_unknown_is_absent():
    assert set(build({})) == {"release", "files", "tracker"}


def test_people_series_and_chapters_are_plain():
    context = build(
        {
            "authors": [{"name": "H. G. Wells", "asin": "B0HERALDW1"}],
            "series": [{"name": "Scientific Romances", "position": 1}],
            "chapters": [{"title": "One", "start_ms": 0, "end_ms": 61_000}],
            "audio": {"codec": "AAC LC", "bitrate": 64_100},
            "runtime_ms": 61_000,
        },
        {"description_text": "", "description_bbcode": "[b]x[/b]"},
    )
    assert context["authors"] == [{"name": "H. G. Wells"}]
    assert context["series"] == [{"name": "Scientific Romances", "position": "1"}]
    assert context["chapters"][0]["length"] == "1:01"
    assert context["audio"]["bitrate_kbps"] == 64
    assert context["runtime"] == "1 min 1 s"
    assert "description_text" not in context
    assert context["description_bbcode"] == "[b]x[/b]"
