"""The tag list of MP4 files by hand: value types, own names, pictures, limits."""

import pytest

from releases.metadata.files.mp4 import read_mp4
from tests.unit.releases.metadata.audio_bytes import (
    audio_track,
    box,
    full,
    movie,
    source,
    words,
)

UTF8, UTF16, JPEG, INTEGER = 1, 2, 13, 21


def value(content, kind=UTF8):
    return box(b"data", words(kind, 0), content)


def own(name, *values):
    mean = full(b"mean", b"com.apple.iTunes")
    return box(b"----", mean, full(b"name", name), *values)


def tags(*items, quicktime=False):
    handler = full(b"hdlr", bytes(20))
    content = (handler, box(b"ilst", *items))
    meta = box(b"meta", *content) if quicktime else full(b"meta", *content)
    return tags_of(movie(audio_track(), box(b"udta", meta)))


def tags_of(content):
    found = read_mp4(source(content)).tags
    assert found is not None
    return found


@pytest.mark.parametrize("quicktime", [False, True])
def test_text_is_read_with_and_without_a_version(quicktime):
    item = box(b"\xa9nam", value("Café".encode()))
    assert tags(item, quicktime=quicktime).texts == {"\xa9nam": ["Café"]}


def test_utf16_text_is_decoded():
    item = box(b"\xa9nam", value("Café".encode("utf-16-be"), UTF16))
    assert tags(item).texts == {"\xa9nam": ["Café"]}


def test_own_names_are_upper_case_and_may_hold_several_values():
    item = own(b"narrator", value(b"One"), value(b"Two"))
    assert tags(item).texts == {"----:NARRATOR": ["One", "Two"]}


@pytest.mark.parametrize(
    ("name", "content", "kind", "text"),
    [
        (b"trkn", b"\0\0\0\3\0\x0f\0\0", 0, "3/15"),
        (b"disk", b"\0\0\0\2\0\0", 0, "2"),
        (b"trkn", b"\0", 0, "\0".strip("\0")),
        (b"gnre", b"\0\x12", 0, "Rock"),
        (b"stik", b"\2", INTEGER, "2"),
        (b"\xa9mvi", b"\0\7", 0, "7"),
        (b"tmpo", b"\0\x78", INTEGER, "120"),
    ],
)
def test_numbers_become_text(name, content, kind, text):
    assert tags(box(name, value(content, kind))).texts == {
        name.decode("latin-1"): [text]
    }


def test_pictures_are_front_covers_within_limits():
    huge = bytes(10 * 1024 * 1024 + 1)
    covers = box(b"covr", value(b"ONE", JPEG), value(huge), *[value(b"x")] * 40)
    found = tags(covers).pictures
    assert len(found) == 16
    assert (found[0].content, found[0].kind) == (b"ONE", 3)


def test_other_boxes_beside_the_values_are_passed_over():
    item = box(b"\xa9nam", box(b"free"), value(b"x"), box(b"data", b"\0"))
    covers = box(b"covr", box(b"name", b"cover.jpg"), value(b"ONE", JPEG))
    found = tags(item, covers)
    assert found.texts == {"\xa9nam": ["x"]}
    assert [picture.content for picture in found.pictures] == [b"ONE"]


def test_endless_values_are_cut():
    found = tags(*[box(b"\xa9cmt", value(b"x"))] * 2_500)
    assert len(found.texts["\xa9cmt"]) == 2_000


def test_file_without_tags_has_none():
    assert tags_of(movie(audio_track())).texts == {}
    no_list = box(b"udta", full(b"meta", full(b"hdlr", bytes(20))))
    assert tags_of(movie(audio_track(), no_list)).texts == {}
