"""Pictures: real type by content, bounds, and which one is chosen."""

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from releases.metadata.files.covers import (
    best_embedded,
    cover_notices,
    folder_covers,
    open_cover,
)
from releases.metadata.files.found import Picture


def picture(width, height, kind="JPEG"):
    target = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(target, kind)
    return target.getvalue()


def opened(content, origin="embedded"):
    """The cover of content that must be one."""
    cover, problem = open_cover(content, origin)
    assert cover is not None
    assert problem == ""
    return cover


def claimed_png(width, height):
    """A PNG head that claims a size, without any pixels behind it."""
    fields = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + fields
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", len(fields))
        + chunk
        + struct.pack(">I", zlib.crc32(chunk))
        + struct.pack(">I4s", 0, b"IDAT")
        + struct.pack(">I", zlib.crc32(b"IDAT"))
    )


@pytest.mark.parametrize(
    ("kind", "mime"), [("JPEG", "image/jpeg"), ("PNG", "image/png")]
)
def test_type_and_size_come_from_the_content(kind, mime):
    cover = opened(picture(600, 500, kind), "x.gif")
    assert (cover.mime, cover.width, cover.height) == (mime, 600, 500)
    assert cover.origin == "x.gif"


def test_a_jpeg_with_more_pictures_behind_it_is_a_jpeg():
    """As cameras and some editors write covers; Pillow calls it MPO."""
    target, other = io.BytesIO(), Image.new("RGB", (8, 8))
    Image.new("RGB", (600, 500)).save(
        target, "MPO", save_all=True, append_images=[other]
    )
    assert target.getvalue().startswith(b"\xff\xd8")
    assert opened(target.getvalue()).mime == "image/jpeg"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg/>",
        picture(300, 300, "GIF"),
        b"\xff\xd8\xff\xe0",
        b"\x89PNG\r\n\x1a\n",
    ],
)
def test_what_is_no_jpeg_or_png_is_refused(content):
    cover, problem = open_cover(content, "embedded")
    assert cover is None
    assert "not a readable JPEG or PNG" in problem


@pytest.mark.parametrize(
    ("size", "sentence"),
    [((10_000, 10_000), "too many"), ((2**31 - 1, 2**31 - 1), "not a readable")],
)
def test_pictures_that_would_fill_the_memory_are_refused(size, sentence):
    cover, problem = open_cover(claimed_png(*size), "embedded")
    assert cover is None
    assert sentence in problem


def test_pictures_of_too_many_bytes_are_refused():
    cover, problem = open_cover(picture(9, 9) + bytes(11 * 1024 * 1024), "embedded")
    assert cover is None
    assert "10 MiB" in problem


def test_front_cover_wins_over_a_larger_other_picture():
    front, back = picture(400, 400), picture(900, 900)
    cover, notices = best_embedded(
        [Picture(content=back, kind=4), Picture(content=front, kind=3)], "a.mp3"
    )
    assert cover is not None
    assert (cover.width, notices) == (400, [])


def test_square_and_large_wins_among_front_covers():
    sizes = ((2000, 900), (200, 200), (500, 500))
    pictures = [Picture(content=picture(*size), kind=3) for size in sizes]
    cover, _ = best_embedded(pictures, "a.mp3")
    assert cover is not None
    assert (cover.width, cover.height) == (500, 500)


def test_unreadable_pictures_are_told_with_their_file():
    cover, notices = best_embedded([Picture(content=b"no")], "disc/a.mp3")
    assert cover is None
    assert [(n.code, n.path) for n in notices] == [("cover_unreadable", "disc/a.mp3")]


def test_small_and_oblong_covers_are_told():
    small = opened(picture(100, 200))
    assert [n.code for n in cover_notices(small)] == ["cover_small", "cover_oblong"]
    good = opened(picture(300, 310))
    assert cover_notices(good) == []


def test_best_picture_of_a_folder_is_taken(tmp_path):
    (tmp_path / "Folder.PNG").write_bytes(picture(300, 300, "PNG"))
    (tmp_path / "cover.jpg").write_bytes(picture(800, 800))
    (tmp_path / "back.jpg").write_bytes(picture(2000, 2000))
    covers, notices = folder_covers(tmp_path)
    found = [(cover.origin, cover.width) for cover in covers]
    assert (found, notices) == ([("cover.jpg", 800), ("Folder.PNG", 300)], [])


def test_broken_picture_of_a_folder_is_told(tmp_path):
    (tmp_path / "cover.jpg").write_bytes(b"no")
    (tmp_path / "folder.jpg").mkdir()
    covers, notices = folder_covers(tmp_path)
    assert covers == []
    assert [(n.code, n.path) for n in notices] == [("cover_unreadable", "cover.jpg")]


def test_picture_that_is_a_link_is_not_followed(tmp_path):
    inside = tmp_path / "book"
    inside.mkdir()
    (tmp_path / "secret.jpg").write_bytes(picture(500, 500))
    (inside / "cover.jpg").symlink_to(tmp_path / "secret.jpg")
    assert folder_covers(inside) == ([], [])


def test_folder_that_is_not_there_has_no_cover(tmp_path):
    assert folder_covers(tmp_path / "none") == ([], [])


def test_pictures_that_sites_refuse_are_no_covers():
    printed, moving = io.BytesIO(), io.BytesIO()
    Image.new("CMYK", (500, 500)).save(printed, "JPEG")
    frames = [Image.new("RGB", (500, 500), name) for name in ("navy", "red")]
    frames[0].save(moving, "PNG", save_all=True, append_images=frames[1:])
    assert open_cover(printed.getvalue(), "x") == (
        None,
        "The cover has the colours of print (CMYK): save it as RGB.",
    )
    assert open_cover(moving.getvalue(), "x") == (
        None,
        "The cover is animated: save one picture of it.",
    )


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 600), st.binary(min_size=1, max_size=20))
def test_damaged_pictures_never_raise(at, noise):
    for kind in ("JPEG", "PNG"):
        content = picture(64, 64, kind)
        open_cover(content[:at] + noise + content[at + len(noise) :], "embedded")
        open_cover(content[:at], "embedded")
