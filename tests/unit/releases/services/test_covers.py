"""Which pictures are kept, and which one is the cover."""

import logging

import pytest
from django.db import transaction

from releases.metadata.types import Cover
from releases.models import Release
from releases.services.covers import (
    MOST_PICTURES,
    Shelf,
    cover_path,
    covers_dir,
    covers_store,
)
from tests import factories


def picture(side, content=b"", mime="image/png"):
    content = content or str(side).encode()
    return Cover(content=content, mime=mime, origin="x", width=side, height=side)


def shelf(*pictures):
    found = Shelf()
    for one in pictures:
        found.add(one)
    return [one.width for one in found.covers()]


def test_each_picture_is_kept_once_the_best_first():
    assert shelf(picture(400), None, picture(900), picture(400)) == [900, 400]


def test_of_equal_ones_the_first_is_best():
    beside, inside = picture(500, b"beside"), picture(500, b"inside")
    found = Shelf()
    found.add(beside)
    found.add(inside)
    assert found.covers() == [beside, inside]


def test_what_no_page_shows_is_not_kept():
    assert shelf(picture(500, mime="image/tiff")) == []


def test_only_so_many_stay_and_the_worst_go():
    sides = [400 + number for number in range(MOST_PICTURES + 5)]
    kept = shelf(*(picture(side) for side in sides))
    assert kept == sorted(sides, reverse=True)[:MOST_PICTURES]


@pytest.mark.django_db
def test_files_of_pictures_that_are_gone_are_removed(settings, tmp_path):
    settings.FILES_DIR = tmp_path
    release = factories.ReleaseFactory(cover={"file": "old.png"})
    (covers_dir() / "old.png").write_bytes(b"old")
    covers_store(release, [picture(500), picture(400)])
    assert len(list(covers_dir().iterdir())) == 2
    path = cover_path(release)
    assert path is not None
    assert path.read_bytes() == b"500"

    covers_store(release, [])
    assert (release.cover, release.pictures) == ({}, [])
    assert list(covers_dir().iterdir()) == []


@pytest.mark.django_db(transaction=True)
def test_a_deleted_release_takes_its_pictures_along_once_that_is_committed(
    settings, tmp_path
):
    settings.FILES_DIR = tmp_path
    gone, stays = factories.ReleaseFactory(), factories.ReleaseFactory()
    covers_store(gone, [picture(500), picture(400)])
    covers_store(stays, [picture(500)])
    # Another key that only begins alike, and a file that is no picture of ours.
    others = [covers_dir() / f"{gone.pk}0-{'a' * 16}.png", covers_dir() / "notes.txt"]
    for other in others:
        other.write_bytes(b"x")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Release.objects.get(pk=gone.pk).delete()
        raise ZeroDivisionError
    assert len(list(covers_dir().iterdir())) == 5

    Release.objects.filter(pk=gone.pk).delete()

    kept = [covers_dir() / stays.cover["file"], *others]
    assert sorted(covers_dir().iterdir()) == sorted(kept)


@pytest.mark.django_db(transaction=True)
def test_a_picture_that_cannot_be_removed_is_told_and_the_release_is_gone(
    settings, tmp_path, caplog
):
    settings.FILES_DIR = tmp_path
    release = factories.ReleaseFactory()
    stuck = covers_dir() / f"{release.pk}-stuck.png"
    stuck.mkdir()  # not even root may unlink one
    with caplog.at_level(logging.WARNING):
        release.delete()
    assert not Release.objects.exists()
    assert f"The cover {stuck} stays" in caplog.text
