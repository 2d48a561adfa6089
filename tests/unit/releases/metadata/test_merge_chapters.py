"""Whose chapters are used."""

import pytest

from releases.metadata.merge import merge
from releases.metadata.providers.audnexus_parse import book_fields, chapter_fields
from tests.audnexus import recording


def chapters(*bounds):
    return [
        {"title": f"Chapter {number}", "start_ms": start, "end_ms": end}
        for number, (start, end) in enumerate(bounds, 1)
    ]


PROVIDER = {
    "chapters": chapters((0, 300_000), (300_000, 600_000)),
    "chapters_accurate": True,
    "runtime_ms": 600_000,
    "brand_intro_ms": 20_000,
    "brand_outro_ms": 30_000,
}


def test_chapters_of_the_provider_win_when_they_fit_the_files():
    own = chapters((0, 299_000), (299_000, 600_400))
    merged = merge(
        [("audnexus", PROVIDER), ("tags", {"chapters": own, "runtime_ms": 600_400})]
    )
    assert merged["chapters"]["source"] == "audnexus"
    assert merged["chapters"]["value"] == PROVIDER["chapters"]
    assert merged["chapters"]["alternatives"] == [{"source": "tags", "value": own}]
    assert merged["chapters_accurate"]["value"] is True


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (600_000, [(0, 300_000), (300_000, 600_000)]),
        (580_000, [(0, 280_000), (280_000, 580_000)]),
        (570_000, [(0, 300_000), (300_000, 570_000)]),
        (550_000, [(0, 280_000), (280_000, 550_000)]),
    ],
)
def test_jingles_that_the_files_lack_are_taken_off_the_chapters(length, expected):
    merged = merge([("audnexus", PROVIDER), ("tags", {"runtime_ms": length})])
    found = [(one["start_ms"], one["end_ms"]) for one in merged["chapters"]["value"]]
    assert found == expected


@pytest.mark.parametrize(
    "provider",
    [
        PROVIDER | {"chapters_accurate": False},
        PROVIDER | {"runtime_ms": 700_000},
        PROVIDER | {"chapters": chapters((0, 200), (200, 300), (300, 600_000))},
        PROVIDER | {"chapters": chapters((0, 300_000), (900_000, 900_001))},
    ],
)
def test_chapters_that_do_not_fit_leave_the_files_own(provider):
    own = chapters((0, 310_000), (310_000, 600_000))
    merged = merge(
        [("audnexus", provider), ("tags", {"chapters": own, "runtime_ms": 600_000})]
    )
    assert merged["chapters"]["source"] == "tags"
    assert merged["chapters"]["value"] == own
    assert merged["chapters"]["alternatives"][0]["source"] == "audnexus"
    assert "chapters_accurate" not in merged


def test_untrusted_chapters_are_not_used_even_without_any_others():
    provider = PROVIDER | {"chapters_accurate": False}
    merged = merge([("audnexus", provider), ("tags", {"runtime_ms": 600_000})])
    assert "chapters" not in merged
    assert "chapters_accurate" not in merged


def test_accurate_chapters_are_used_when_the_files_know_no_length():
    assert merge([("audnexus", PROVIDER)])["chapters"]["source"] == "audnexus"
    own = chapters((0, 1), (1, 2))
    merged = merge([("audnexus", PROVIDER), ("tags", {"chapters": own})])
    assert merged["chapters"]["source"] == "tags"


def test_chapters_of_a_person_stay_as_they_are():
    mine = chapters((0, 5))
    merged = merge([("audnexus", PROVIDER)], {"chapters": mine})
    assert merged["chapters"]["value"] == mine
    assert "chapters_accurate" not in merged
    assert "chapters" not in merge([("audnexus", PROVIDER)], {"chapters": None})


def test_disordered_real_chapters_give_way_to_the_files():
    fields, _ = chapter_fields(recording("chapters_1721358595_us"))
    own = chapters((0, 5_000_000), (5_000_000, fields["runtime_ms"]))
    tags = {"chapters": own, "runtime_ms": fields["runtime_ms"]}
    assert merge([("audnexus", fields), ("tags", tags)])["chapters"]["value"] == own


def test_real_book_merges_with_what_its_file_says():
    book, _ = book_fields(recording("book_B017V4IM1G_us"))
    marks, _ = chapter_fields(recording("chapters_B017V4IM1G_us"))
    tags = {"title": "HP1", "runtime_ms": marks["runtime_ms"] - 8869}
    merged = merge([("tags", tags), ("audnexus", book | marks)])
    assert merged["title"]["value"].startswith("Harry Potter")
    assert len(merged["chapters"]["value"]) == 19
    assert merged["chapters"]["value"][1]["start_ms"] == 30924 - 3924
    assert merged["chapters"]["value"][-1]["end_ms"] <= tags["runtime_ms"]
