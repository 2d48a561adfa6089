"""Two people decide about one release."""

import pytest

from releases.services.remerge import release_override
from tests.factories import UserFactory
from tests.interrupting import calling
from uploads.errors import UploadError
from uploads.models import Approval
from uploads.services.approval import release_approve

pytestmark = pytest.mark.django_db


def test_the_slower_one_hears_who_was_quicker(desk):
    release = desk.prepare()
    quick = UserFactory(username="ada")
    release_approve(release_id=release.pk, actor_id=quick.pk)
    with pytest.raises(UploadError, match="ada has approved this already"):
        release_approve(release_id=release.pk, actor_id=None)
    assert Approval.objects.count() == 1


def test_without_drafts_or_approval_it_asks_for_preparation(desk):
    release = desk.prepare()
    release.uploads.all().delete()
    with pytest.raises(UploadError, match="Prepare the release first"):
        release_approve(release_id=release.pk, actor_id=None)


def test_an_edit_at_the_moment_of_approval_wins(desk):
    release = desk.prepare()

    def edit():
        release_override(release_id=release.pk, changes={"title": "N"}, actor_id=None)

    with (
        calling(edit, "return", "uploads.services.approval._sort"),
        pytest.raises(UploadError, match="changed at this very moment"),
    ):
        release_approve(release_id=release.pk, actor_id=None)
    assert not Approval.objects.exists()
    assert not release.uploads.exclude(status="draft").exists()
