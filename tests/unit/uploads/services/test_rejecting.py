"""Turning down one tracker's draft."""

import pytest

from releases.states import ReleaseState
from tests import factories
from tests.unit.uploads.admin.conftest import make_draft
from uploads.errors import UploadError
from uploads.models import Approval, Upload
from uploads.services.rejecting import upload_reject

pytestmark = pytest.mark.django_db


@pytest.fixture
def trackers():
    return [factories.TrackerFactory(slug=slug, name=slug) for slug in ("blue", "wren")]


@pytest.fixture
def book(trackers):
    return factories.ReleaseFactory()


def test_the_draft_is_cancelled_and_the_tracker_no_longer_meant(book, trackers):
    drafts = [make_draft(book, tracker) for tracker in trackers]
    person = factories.UserFactory()

    upload_reject(upload_id=drafts[0].pk, actor_id=person.pk, note="Too long.")

    book.refresh_from_db()
    assert (book.targets, book.state) == (["wren"], ReleaseState.READY)
    assert list(Upload.objects.order_by("pk").values_list("status", flat=True)) == [
        "cancelled",
        "draft",
    ]
    decision = Approval.objects.get()
    assert (decision.decision, decision.note) == ("rejected", "blue. Too long.")
    assert decision.digests == {str(drafts[0].pk): drafts[0].digest}
    event = drafts[0].events.get()
    assert (event.reason, event.actor) == (
        "Rejected for this tracker. Too long.",
        person,
    )


def test_the_only_tracker_is_not_rejected(book, trackers):
    book.targets = ["blue"]
    book.save()
    draft = make_draft(book, trackers[0])

    with pytest.raises(UploadError) as refused:
        upload_reject(upload_id=draft.pk, actor_id=None)

    assert refused.value.code == "tracker_is_last"
    draft.refresh_from_db()
    assert draft.status == "draft"


@pytest.mark.parametrize("status", ["pending", "success", "failed"])
def test_only_a_draft_is_rejected(book, trackers, status):
    upload = make_draft(book, trackers[0], status=status)

    with pytest.raises(UploadError) as refused:
        upload_reject(upload_id=upload.pk, actor_id=None)

    assert refused.value.code == "upload_not_draft"
    book.refresh_from_db()
    assert book.targets == []


@pytest.mark.parametrize("state", [ReleaseState.READY, ReleaseState.APPROVED])
def test_a_release_whose_last_draft_is_rejected_is_published(book, trackers, state):
    book.state = state
    book.save()
    make_draft(book, trackers[0], status="success")
    draft = make_draft(book, trackers[1])

    upload_reject(upload_id=draft.pk, actor_id=None)

    book.refresh_from_db()
    assert book.state == ReleaseState.PUBLISHED
