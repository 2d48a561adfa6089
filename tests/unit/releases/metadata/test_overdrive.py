"""OverDrive's markers, which serve where a file has no chapters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.metadata.files.mp3 import read_mp3
from releases.metadata.files.overdrive import base_title, parse_markers
from tests.unit.releases.metadata.audio_bytes import id3, mpeg_frame, source, text

MARKERS = (
    "<Markers><Marker><Name>Title &amp; Credits</Name><Time>0:00.000</Time></Marker>"
    "<Marker><Name>Chapter 1</Name><Time>1:02.500</Time></Marker>"
    "<Marker><Name>Late</Name><Time>1:00:00.000</Time></Marker>"
    "<Marker><Name>Broken</Name><Time>soon</Time></Marker></Markers>"
)


def test_overdrive_markers_are_read():
    assert [(m.title, m.start_ms) for m in parse_markers(MARKERS)] == [
        ("Title & Credits", 0),
        ("Chapter 1", 62_500),
        ("Late", 3_600_000),
    ]


def test_overdrive_markers_serve_when_there_are_no_chapter_frames():
    tag = id3(text("TXXX", MARKERS, label="OverDrive MediaMarkers"))
    found = read_mp3(source(tag + mpeg_frame() * 4))
    assert found.marks_from == "overdrive"
    assert len(found.marks) == 3


@pytest.mark.parametrize(
    "title",
    [
        "Chapter 3",
        "Chapter 3 (12:34)",
        "Chapter 3 - continued",
        "Chapter 3 (continued)",
    ],
)
def test_overdrive_titles_lose_the_sign_of_going_on(title):
    assert base_title(title) == "Chapter 3"


@given(st.text(alphabet="<>/MarkeNmTi&;:.019 ", max_size=200))
def test_broken_markers_never_raise(xml):
    parse_markers(xml)
    parse_markers("<Marker><Name>" + xml)
