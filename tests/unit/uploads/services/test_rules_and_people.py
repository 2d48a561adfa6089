"""A rule never approves against a person's decision, nor after a person's edit."""

import pytest

from releases.models import Release
from releases.services.lifecycle import release_mark_changed, release_reopen
from releases.services.remerge import release_override
from tests import factories
from tests.unit.uploads.services.ruling import make, prepare_and_decide
from uploads.models import Approval
from uploads.selectors import rules_said
from uploads.services.approval import release_reject
from uploads.services.queueing import upload_cancel
from uploads.services.rules import rules_apply

pytestmark = pytest.mark.django_db


@pytest.fixture
def release(trusted):
    return trusted


def test_an_asin_given_with_the_path_is_no_edit(release):
    Release.objects.update(overrides={"asin": "B0HERALD01"})
    make()
    assert len(rules_apply(release.pk)) == 2


def test_it_never_approves_what_a_person_rejected(release):
    release_reject(release_id=release.pk, actor_id=factories.UserFactory().pk)
    make(no_warnings=False)
    assert rules_apply(release.pk) == []
    prepare_and_decide(release)
    assert release.state == "ready"
    assert rules_said(release) == [
        "A person has decided about this release, so no rule approves it."
    ]


def test_not_even_when_that_person_is_gone(release):
    person = factories.UserFactory()
    release_reject(release_id=release.pk, actor_id=person.pk)
    person.delete()
    make(no_warnings=False)
    prepare_and_decide(release)
    assert release.state == "ready"


def test_it_never_approves_again_what_a_person_took_back(release):
    make(no_warnings=False)
    rules_apply(release.pk)
    release_reopen(release_id=release.pk, actor_id=factories.UserFactory().pk)
    prepare_and_decide(release)
    assert release.state == "ready"
    assert "A person has decided" in rules_said(release)[0]


def test_it_never_approves_again_what_a_person_gave_up(release):
    make(no_warnings=False)
    (upload, _) = rules_apply(release.pk)
    person = factories.UserFactory()
    upload_cancel(upload_id=upload.pk, actor_id=person.pk)
    person.delete()
    release_mark_changed(release_id=release.pk, reason="02.mp3 is new.")
    prepare_and_decide(release)
    assert release.state == "ready"
    assert "A person has decided" in rules_said(release)[0]


def test_it_never_approves_after_a_persons_edit(release):
    make(no_warnings=False)
    rules_apply(release.pk)
    release_override(release_id=release.pk, changes={"title": "Mine"}, actor_id=None)
    prepare_and_decide(release)
    assert release.state == "ready"
    assert all("A person edited it (title)" in why for why in rules_said(release))


def test_it_approves_again_when_only_the_files_changed(release):
    make(no_warnings=False)
    rules_apply(release.pk)
    release_mark_changed(release_id=release.pk, reason="02.mp3 is new.")
    prepare_and_decide(release)
    assert release.state == "approved", rules_said(release)
    assert Approval.objects.filter(void_at=None).get().by == "rule Trusted"
