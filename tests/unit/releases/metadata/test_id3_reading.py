"""ID3 tags by hand: versions, encodings, pictures, and anything hostile."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from releases.metadata.files import limits
from releases.metadata.files.id3 import read_id3, tags_end
from releases.metadata.reading import read_audio_file
from tests.unit.releases.metadata.audio_bytes import (
    frame,
    id3,
    mpeg_frame,
    source,
    syncsafe,
    text,
    words,
)


def bag_of(tag):
    bag, _ = read_id3(source(tag))
    assert bag is not None
    return bag


def texts(tag):
    return bag_of(tag).texts


def test_text_of_version_4_may_hold_several_values():
    assert texts(id3(text("TPE1", "One\0Two\0"))) == {"TPE1": ["One", "Two"]}


@pytest.mark.parametrize("version", [2, 3, 4])
def test_each_version_gives_modern_names(version):
    name = "TAL" if version == 2 else "TALB"
    assert texts(id3(text(name, "Café", version=version), version=version)) == {
        "TALB": ["Café"]
    }


@pytest.mark.parametrize(
    "content",
    [
        b"\1" + "é".encode("utf-16"),
        b"\1" + "é".encode("utf-16-le"),
        b"\2" + "é".encode("utf-16-be"),
        b"\0\xe9",
        b"\3" + "é".encode(),
        b"\x09\xe9",
    ],
)
def test_encodings_are_decoded(content):
    assert texts(id3(frame("TALB", content))) == {"TALB": ["é"]}


def test_own_names_and_comments_keep_their_labels():
    tag = id3(
        text("TXXX", "B000TEST15", label="asin"),
        frame("COMM", b"\3eng\0plain"),
        frame("COMM", b"\3engnote\0other"),
        frame("WOAF", b"https://example.org/\0"),
    )
    assert texts(tag) == {
        "TXXX:ASIN": ["B000TEST15"],
        "COMM": ["plain"],
        "COMM:NOTE": ["other"],
        "WOAF": ["https://example.org/"],
    }


def test_utf16_labels_end_at_an_aligned_terminator():
    label = "Ā".encode("utf-16-le")  # holds a zero byte inside a letter
    content = b"\1\xff\xfe" + label + b"\0\0" + "x".encode("utf-16")
    assert texts(id3(frame("TXXX", content))) == {"TXXX:Ā": ["x"]}


@pytest.mark.parametrize(
    ("value", "genres"),
    [
        ("17", ["Rock"]),
        ("(17)", ["Rock"]),
        ("(17)(8)Own", ["Rock", "Jazz", "Own"]),
        ("Speech", ["Speech"]),
        ("250", []),
        ("(250)", []),
    ],
)
def test_numbered_genres_are_named(value, genres):
    assert texts(id3(text("TCON", value))) == {"TCON": genres}


def test_day_and_month_of_version_3_join_the_year():
    tag = id3(
        text("TYER", "1859", version=3), text("TDAT", "3004", version=3), version=3
    )
    assert texts(tag)["TDRC"] == ["1859-04-30"]


def test_plain_sizes_in_version_4_are_survived():
    content = b"\3" + b"x" * 299
    wrong = b"TALB" + words(300) + b"\0\0" + content
    tag = texts(id3(wrong, text("TPE1", "One")))
    assert tag["TPE1"] == ["One"]
    assert len(tag["TALB"][0]) == 299


def test_sizes_with_high_bits_are_plain():
    content = b"\3" + b"x" * 199
    wrong = b"TALB" + words(200) + b"\0\0" + content
    assert texts(id3(wrong, text("TPE1", "One")))["TPE1"] == ["One"]


def test_unsynchronised_tags_lose_the_added_zeros():
    body = frame("TALB", b"\0\xff\x00\xe0", version=3)
    tag = b"ID3\3\0\x80" + syncsafe(len(body)) + body
    assert texts(tag) == {"TALB": ["\xff\xe0"]}


def test_unsynchronised_frames_of_version_4_too():
    assert texts(id3(frame("TALB", b"\0\xff\x00\xe0", flags=2))) == {
        "TALB": ["\xff\xe0"]
    }


@pytest.mark.parametrize(("version", "size"), [(3, words(6)), (4, syncsafe(10))])
def test_extended_headers_are_passed_over(version, size):
    body = size + bytes(6) + text("TALB", "x", version=version)
    tag = b"ID3" + bytes([version, 0, 0x40]) + syncsafe(len(body)) + body
    assert texts(tag) == {"TALB": ["x"]}


@pytest.mark.parametrize(("version", "flags"), [(3, 0x80), (3, 0x40), (4, 8), (4, 4)])
def test_packed_and_encrypted_frames_are_passed_over(version, flags):
    packed = frame("TALB", b"\0\0\0\0xyz", version=version, flags=flags)
    assert texts(id3(packed, text("TPE1", "a", version=version), version=version)) == {
        "TPE1": ["a"]
    }


@pytest.mark.parametrize(
    ("version", "flags", "extra"), [(3, 0x20, 1), (4, 0x40, 1), (4, 1, 4)]
)
def test_bytes_before_a_frames_text_are_passed_over(version, flags, extra):
    wrapped = frame("TALB", bytes(extra) + b"\0x", version=version, flags=flags)
    assert texts(id3(wrapped, version=version)) == {"TALB": ["x"]}


def test_footers_and_second_tags_are_passed_over():
    first = bytearray(id3(text("TALB", "x"), flags=0x10)) + b"3DI" + bytes(7)
    second = id3(text("TALB", "y"))
    assert tags_end(source(bytes(first + second))) == len(first) + len(second)


def test_pictures_of_both_layouts_are_found():
    new = frame("APIC", b"\0image/png\0\3desc\0PICTURE")
    old = frame("PIC", b"\0PNG\3desc\0PICTURE", version=2)
    for tag in (id3(new), id3(old, version=2)):
        (picture,) = bag_of(tag).pictures
        assert (picture.kind, picture.content) == (3, b"PICTURE")


def test_old_tag_at_the_end_is_read():
    fields = (b"Title", 30), (b"Author", 30), (b"Book", 30), (b"1859", 4)
    body = b"".join(value.ljust(size, b"\0") for value, size in fields)
    old = b"TAG" + body + b"note".ljust(28, b"\0") + b"\0\7" + b"\x11"
    bag = bag_of(bytes(200) + old)
    assert bag.version == "ID3v1"
    assert bag.texts == {
        "TIT2": ["Title"],
        "TPE1": ["Author"],
        "TALB": ["Book"],
        "TDRC": ["1859"],
        "COMM": ["note"],
        "TRCK": ["7"],
        "TCON": ["Rock"],
    }


def test_no_tag_is_no_tag():
    assert read_id3(source(b"\xff\xfb" * 100)) == (None, [])
    assert read_id3(source(b"ID3\4\0\0\xff\xff\xff\xff")) == (None, [])


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([2, 3, 4]), st.integers(0, 255))
def test_garbage_in_a_tag_never_raises(body, version, flags):
    tag = b"ID3" + bytes([version, 0, flags]) + syncsafe(len(body)) + body
    read_id3(source(tag))
    for name in ("CHAP", "CTOC", "APIC", "TXXX", "COMM", "TALB", "WOAF", "TCON"):
        read_id3(source(id3(frame(name, body))))


def test_many_tiny_frames_are_not_all_kept():
    assert len(texts(id3(*[text("TALB", "x")] * 30_000))["TALB"]) <= 2_000


def test_of_enormous_tags_only_a_beginning_is_kept(tmp_path):
    own = [text("TXXX", f"NAME{n}\0" + "x" * 60_000) for n in range(50)]
    genres = [text("TCON", "(17)" * 60_000) for _ in range(3)]
    path = tmp_path / "1.mp3"
    path.write_bytes(id3(text("TALB", "Title"), *own, *genres) + mpeg_frame() * 5)

    reading = read_audio_file(path, name="1.mp3")

    assert reading.fields["title"] == "Title"
    assert reading.fields["genres"] == ["Rock"]
    kept = sum(len(one) for values in reading.raw["tags"].values() for one in values)
    assert 100_000 < kept <= limits.RAW_CHARS
