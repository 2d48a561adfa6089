"""Whether the book that was found is the recording that the files hold."""

import pytest

from releases.metadata.recording import compare_recordings

MINUTE = 60_000


def chapters(*ends):
    starts = [0, *ends[:-1]]
    return [
        {"title": f"Chapter {number}", "start_ms": start, "end_ms": end}
        for number, (start, end) in enumerate(zip(starts, ends, strict=True), 1)
    ]


def book(*ends, **more):
    return {"runtime_ms": ends[-1], "chapters": chapters(*ends), **more}


def rows(found):
    return [(one.what, one.differs) for one in found.figures]


@pytest.mark.parametrize(
    ("theirs", "ours", "told"),
    [
        (3_600_000, 3_600_000, False),
        (3_600_000, 3_480_000, False),
        (3_600_000, 3_479_000, True),
        (3_600_000, 3_750_000, True),
        (36_000_000, 35_700_000, False),
        (36_000_000, 35_600_000, True),
        (0, 3_600_000, False),
        (3_600_000, 0, False),
    ],
)
def test_another_length_is_told_beyond_two_minutes_and_one_per_cent(theirs, ours, told):
    found = compare_recordings({"runtime_ms": theirs}, {"runtime_ms": ours})
    assert bool(found.sentence) == told


def test_missing_jingles_are_no_other_recording():
    catalogue = {
        "runtime_ms": 3_600_000,
        "brand_intro_ms": 4000,
        "brand_outro_ms": 5000,
    }
    ours = 3_600_000 - 125_000
    assert not compare_recordings(catalogue, {"runtime_ms": ours}).sentence
    found = compare_recordings(catalogue, {"runtime_ms": ours - 5000})
    assert "57 min 50 s" in found.sentence
    assert "1 h 0 min" in found.sentence


def test_the_figures_say_how_far_apart_they_are():
    found = compare_recordings({"runtime_ms": 3_600_000}, {"runtime_ms": 4_200_000})
    (length,) = found.figures
    assert (length.files, length.catalogue) == ("1:10:00", "1:00:00")
    assert length.difference == "-10:00"


def test_as_many_chapters_that_end_elsewhere_are_another_recording():
    ours = book(10 * MINUTE, 20 * MINUTE, 30 * MINUTE)
    theirs = book(10 * MINUTE, 22 * MINUTE, 30 * MINUTE)
    found = compare_recordings(theirs, ours)
    assert rows(found) == [
        ("Length", False),
        ("Chapters", False),
        ("Ends of chapters", True),
    ]
    assert found.figures[2].difference == "+2:00"
    assert "20:00 and 22:00" in found.sentence


def test_ends_are_compared_without_the_stores_intro():
    ours = book(10 * MINUTE, 30 * MINUTE)
    theirs = book(11 * MINUTE, 31 * MINUTE, brand_intro_ms=MINUTE)
    assert not compare_recordings(theirs, ours).sentence


def test_another_number_of_chapters_alone_is_only_another_way_to_cut():
    ours = book(10 * MINUTE, 20 * MINUTE, 30 * MINUTE)
    theirs = book(15 * MINUTE, 30 * MINUTE)
    found = compare_recordings(theirs, ours)
    assert not found.sentence
    assert rows(found) == [("Length", False), ("Chapters", False)]
    assert found.figures[1].difference == "-1"


def test_neither_number_nor_length_fits_another_recording():
    ours = book(10 * MINUTE, 20 * MINUTE, 30 * MINUTE)
    theirs = book(15 * MINUTE, 31 * MINUTE)
    found = compare_recordings(theirs, ours)
    assert rows(found) == [("Length", False), ("Chapters", True)]
    assert "Chapters of the files" in found.sentence


def test_nothing_to_compare_says_nothing():
    found = compare_recordings({}, {"chapters": chapters(MINUTE), "runtime_ms": MINUTE})
    assert (found.sentence, found.figures) == ("", ())
