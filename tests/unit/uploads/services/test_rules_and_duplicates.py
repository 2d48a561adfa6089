"""A rule leaves to people what a tracker may have already, and waits until it was asked."""

import pytest
from django.utils import timezone

from releases.models import Release
from tests import factories
from tests.duplicates import similar
from tests.unit.uploads.services.ruling import make, said, statuses
from uploads.models import DuplicateSearch, RuleCheck, Upload
from uploads.services.rules import rules_apply, rules_sweep

pytestmark = pytest.mark.django_db


@pytest.fixture
def release(trusted):
    return trusted


def test_another_release_of_the_same_asin_is_a_duplicate(release, quick_desk):
    Release.objects.update(asin="B0HERALD01")
    other = factories.ReleaseFactory(asin="B0HERALD01", title="The same book")
    factories.UploadFactory(
        release=other, tracker=quick_desk.trackers["red"], status="success"
    )
    make(no_warnings=False)
    rules_apply(release.pk)
    assert statuses()["ops"] == "pending"
    assert "The same book is there, or on its way." in said(release)[0]
    mine = Upload.objects.get(release=release, tracker__slug="red")
    assert mine.status == "draft"


def search(upload, **values):
    return DuplicateSearch.objects.create(
        upload=upload, tracker=upload.tracker, **values
    )


def test_rules_wait_until_the_trackers_were_asked_for_duplicates(release):
    make()
    waiting = search(release.uploads.first(), due_at=timezone.now())
    assert rules_apply(release.pk) == []
    assert rules_sweep() == 0
    assert not RuleCheck.objects.exists()
    DuplicateSearch.objects.filter(pk=waiting.pk).update(
        due_at=None, checked_at=timezone.now()
    )
    assert rules_sweep() == 1
    assert len(rules_apply(release.pk)) == 2


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"found": [similar()], "checked_at": timezone.now()}, "may be a duplicate"),
        ({"problem": "Redacted could not be asked."}, "Redacted could not be asked."),
    ],
)
def test_what_may_be_there_already_is_left_to_people(answer, sentence, release):
    make()
    held = release.uploads.get(tracker__slug="red")
    search(held, **answer)
    rules_apply(release.pk)
    assert statuses() == {"red": "draft", "ops": "pending"}
    assert any(sentence in reason for reason in RuleCheck.objects.get().reasons)
