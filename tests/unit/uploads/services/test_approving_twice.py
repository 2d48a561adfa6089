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


def test_what_was_rendered_anew_at_the_moment_of_approval_waits(desk):
    release = desk.prepare()

    def render():
        release.uploads.update(digest="0" * 64)

    with (
        calling(render, "return", "uploads.services.approval._sort"),
        pytest.raises(UploadError, match="changed while you were looking"),
    ):
        release_approve(release_id=release.pk, actor_id=None)
    release.refresh_from_db()
    assert release.state == "ready"
    assert not Approval.objects.exists()


def test_of_two_drafts_the_one_rendered_anew_is_named(desk):
    release = desk.prepare()
    red, ops = release.uploads.order_by("tracker__slug").reverse()

    def render():
        release.uploads.filter(pk=red.pk).update(digest="0" * 64)

    with calling(render, "return", "uploads.services.approval._sort"):
        report = release_approve(release_id=release.pk, actor_id=None)
    assert report.approved == [ops]
    (left_out,) = report.left_out
    assert "Redacted is left out: it was changed while you were looking" in left_out
