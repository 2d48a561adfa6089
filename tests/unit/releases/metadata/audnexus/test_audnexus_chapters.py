"""Chapters as fields: in order, never negative, doubts told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.metadata.providers.audnexus_parse import chapter_fields
from tests.audnexus import JSON, recording


def codes(notices):
    return [notice.code for notice in notices]


@pytest.mark.parametrize("name", ["B017V4IM1G", "B08C6YJ1LS", "B079LRSMNN"])
def test_good_chapters_follow_each_other_to_the_end(name):
    raw = recording(f"chapters_{name}_us")
    fields, notices = chapter_fields(raw)
    chapters = fields["chapters"]
    assert notices == ()
    assert fields["chapters_accurate"] is True
    assert len(chapters) == len(raw["chapters"])
    assert chapters[0]["start_ms"] == 0
    assert chapters[-1]["end_ms"] == fields["runtime_ms"] == raw["runtimeLengthMs"]
    assert fields["brand_intro_ms"] == raw["brandIntroDurationMs"]
    assert fields["brand_outro_ms"] == raw["brandOutroDurationMs"]


def test_chapter_after_its_successor_is_kept_in_place_told_and_not_trusted():
    raw = recording("chapters_1721358595_us")
    fields, notices = chapter_fields(raw)
    assert [one["title"] for one in fields["chapters"]] == [
        one["title"] for one in raw["chapters"]
    ]
    assert all(one["end_ms"] >= one["start_ms"] for one in fields["chapters"])
    assert fields["chapters_accurate"] is False
    assert codes(notices) == ["chapters_disordered"]
    assert "Part Two: So, Your True Love" in notices[0].message


def test_chapters_that_audible_distrusts_are_told():
    fields, notices = chapter_fields(recording("synthetic_chapters_de"))
    assert fields["chapters_accurate"] is False
    assert codes(notices) == ["chapters_inaccurate"]


def test_unusable_chapters_are_left_out_and_told():
    good = {"lengthMs": 10, "startOffsetMs": 0, "title": "  "}
    bad = [None, "x", {"lengthMs": -5, "startOffsetMs": 0}, {"lengthMs": 5}]
    fields, notices = chapter_fields({"chapters": [*bad, good], "isAccurate": True})
    assert fields["chapters"] == [{"title": "Chapter 5", "start_ms": 0, "end_ms": 10}]
    assert fields["chapters_accurate"] is False
    assert codes(notices) == ["chapters_incomplete", "chapters_inaccurate"]
    assert chapter_fields({"chapters": {}}) == ({}, ())


@given(
    st.lists(
        st.dictionaries(st.sampled_from(["lengthMs", "startOffsetMs", "title"]), JSON)
        | JSON,
        max_size=5,
    )
)
def test_any_chapters_are_read_without_negative_lengths(marks):
    fields, _ = chapter_fields({"chapters": marks})
    for chapter in fields.get("chapters", []):
        assert chapter["title"]
        assert 0 <= chapter["start_ms"] <= chapter["end_ms"]
