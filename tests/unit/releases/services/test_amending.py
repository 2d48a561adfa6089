"""Wishes about a release that is there already."""

import pytest

from releases.models import Release
from releases.services.amending import release_amend
from releases.services.ingest import files_store, release_create, release_scan

pytestmark = pytest.mark.django_db


def test_a_kind_wished_while_the_folder_is_read_is_kept(folder):
    made = release_create(path=str(folder))
    preparing = Release.objects.get(pk=made.pk)
    found = release_scan(preparing)
    release_amend(release_id=made.pk, kind="music")
    files_store(preparing, found)
    assert preparing.kind == Release.objects.get(pk=made.pk).kind == "music"


def test_without_a_wish_the_files_tell_the_kind(folder):
    release = release_create(path=str(folder))
    files_store(release, release_scan(release))
    assert release.kind == Release.objects.get(pk=release.pk).kind == "audiobook"
