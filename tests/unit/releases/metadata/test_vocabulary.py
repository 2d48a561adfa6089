"""The vocabulary: each field has a name for people, a way to be shown, a page."""

import re
from pathlib import Path

import pytest

from releases.metadata import types
from releases.metadata.vocabulary import VOCABULARY, Kind, duration, label, show

DOCS = Path(__file__).parents[4] / "docs" / "metadata.md"


def test_vocabulary_is_that_of_the_shared_types():
    described = types.__doc__.split("audio: AudioInfo")[0] + "audio:"
    for name in VOCABULARY:
        assert re.search(rf"\b{name}\b", described), name


@pytest.mark.parametrize("spec", VOCABULARY.values(), ids=lambda spec: spec.name)
def test_every_field_is_documented(spec):
    row = f"| `{spec.name}` | {spec.label} | {spec.kind} |"
    assert row in DOCS.read_text(), f"docs/metadata.md lacks the row {row}"
    assert spec.help.endswith(".")


def test_documentation_knows_no_other_fields():
    text = DOCS.read_text()
    table = text[text.index("## Fields") : text.index("## Sources")]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == set(VOCABULARY)


def test_objects_are_never_set_by_hand():
    for spec in VOCABULARY.values():
        assert not (spec.kind is Kind.OBJECT and spec.editable)


def test_lists_are_known_as_lists():
    assert [name for name, spec in VOCABULARY.items() if spec.many] == [
        *("authors", "narrators", "series", "genres", "tags", "chapters")
    ]


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("title", "T", "T"),
        ("year", 1999, "1999"),
        (
            "authors",
            [{"name": "A"}, {"name": "B", "role": "editor"}],
            "A, B (editor)",
        ),
        ("series", [{"name": "S", "position": "1.5"}, {"name": "R"}], "S #1.5, R"),
        ("genres", ["X", "Y"], "X, Y"),
        ("ratings", {"numOf": 3, "storyParts": {"five": 2}}, "num of: 3, story parts (five: 2)"),
        ("runtime_ms", 27_120_000, "7 h 32 min"),
        ("is_adult", True, "yes"),
        ("is_adult", False, "no"),
        ("chapters", [{}, {}], "2 chapters"),
        ("chapters", [{}], "1 chapter"),
        ("description_html", "<p>a</p><p>b</p>", "a\n\nb"),
        ("ratings", {"value": "4.9"}, "value: 4.9"),
        ("weather", 7, "7"),
        (
            "audio",
            {
                "codec": "AAC LC",
                "container": "MP4",
                "bitrate": 64_000,
                "bitrate_mode": "VBR",
                "sample_rate": 44_100,
                "channels": 2,
            },
            "AAC LC in MP4, 64 kbit/s VBR, 44.1 kHz, stereo",
        ),
        (
            "audio",
            {"codec": "MP3", "container": "", "preset": "V0", "channels": 6},
            "MP3, V0, 6 channels",
        ),
        ("audio", {"codec": "FLAC", "container": "FLAC", "channels": 1}, "FLAC in FLAC, mono"),
    ],
)  # fmt: skip
def test_values_as_people_see_them(name, value, shown):
    assert show(name, value) == shown


def test_labels():
    assert label("runtime_ms") == "Length"
    assert label("weather") == "weather"


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (0, "0 s"),
        (9_400, "9 s"),
        (59_600, "1 min 0 s"),
        (724_000, "12 min 4 s"),
        (3_599_600, "1 h 0 min"),
        (7_199_000, "2 h 0 min"),
    ],
)
def test_durations(milliseconds, text):
    assert duration(milliseconds) == text
