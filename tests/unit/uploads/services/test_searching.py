"""Before approval each tracker is asked for duplicates, once for each content."""

import pytest

from releases.models import Release
from tests.driving import work
from tests.interrupting import calling
from tests.unit.uploads.services.searches import (
    ASKED_PER_SEARCH,
    ask,
    asked,
    publish,
    search,
)
from uploads.duplicates import asking_words
from uploads.models import DuplicateSearch, Upload
from uploads.services.approval import release_approve
from uploads.services.drafting import drafts_make
from uploads.services.searching import search_want, upload_search

pytestmark = pytest.mark.django_db


def test_what_is_there_is_found_with_its_link(wanted, upload, sandbox):
    result = publish(upload("red"), sandbox)
    digest = upload("red").digest
    done = ask()
    (one,) = done.found
    assert (one["strength"], one["url"]) == ("sure", result.url)
    assert (done.due_at, done.problem, done.misses) == (None, "", 0)
    assert done.checked_at is not None
    assert done.claimed_by == ""
    assert upload("red").digest == digest, "duplicates are no part of what is sent"
    assert search("ops").checked_at is None


def test_nothing_there_is_an_answer_too(wanted, upload, sandbox):
    done = ask()
    assert (done.found, done.due_at) == ([], None)
    assert done.checked_at is not None
    assert asking_words(upload("red")) == ""
    assert asked(sandbox) == ASKED_PER_SEARCH


def test_what_the_site_hides_is_not_found(wanted, upload, sandbox):
    publish(upload("red"), sandbox)
    sandbox.fail("red", "browse", "hide", times=0, seconds=60)
    assert ask().found == []


def test_a_search_that_is_not_due_is_not_made(wanted, sandbox):
    ask()
    ask()
    upload_search(999_999)
    assert len(asked(sandbox)) == 3


def test_an_approved_upload_is_not_asked_about(wanted, ready, sandbox):
    release_approve(release_id=ready.pk, actor_id=None)
    ask()
    work()
    done = ask()
    assert (done.checked_at, done.due_at) == (None, None)
    assert asked(sandbox) == ["upload"]


def test_approving_does_not_wait_for_the_answer(wanted, ready, upload):
    assert asking_words(upload("red")) == "Redacted was not yet asked for duplicates."
    report = release_approve(release_id=ready.pk, actor_id=None)
    assert len(report.approved) == 2
    assert asking_words(upload("red")) == ""


# --- Once for each content --------------------------------------------------------


def test_drafting_asks_for_what_the_draft_says(ready, upload, sandbox):
    drafts_make(ready.pk)
    assert ask().checked_at
    first = search("red")
    Release.objects.update(revision=ready.revision + 1)
    drafts_make(ready.pk)
    assert search("red").checked_at == first.checked_at
    overrides = {"title": {"value": "Another Title", "source": "user"}}
    release = Release.objects.get()
    release.metadata = {**release.metadata, **overrides}
    release.save()
    drafts_make(ready.pk)
    again = search("red")
    assert "Another Title" in upload("red").payload["title"]
    assert (again.checked_at, again.found) == (None, [])
    assert again.due_at is not None


@pytest.mark.parametrize(
    ("change", "is_new"),
    [
        ({"description": "Other words."}, False),
        ({"tags": ["other"]}, False),
        ({"title": "Other - Title"}, True),
        ({"category": "music"}, True),
    ],
)
def test_only_a_change_of_what_is_asked_asks_again(change, is_new, wanted, upload):
    ask()
    draft = upload("red")
    draft.payload = {**draft.payload, **change}
    search_want(draft)
    assert (search("red").due_at is not None) is is_new


def test_other_files_and_another_format_are_asked_for_again(wanted, upload):
    keys = {search("red").key}
    draft = upload("red")
    draft.payload["torrent"]["files"][0][1] += 1
    search_want(draft)
    keys.add(search("red").key)
    draft.payload["attributes"]["format"] = "FLAC"
    search_want(draft)
    keys.add(search("red").key)
    assert len(keys) == 3


def test_a_draft_without_content_is_not_asked_for(wanted, upload, sandbox):
    draft = upload("red")
    draft.payload = {}
    search_want(draft)
    assert (search("red").key, search("red").due_at) == ("", None)
    DuplicateSearch.objects.update(due_at="2020-01-01T00:00:00Z")
    Upload.objects.update(payload={})
    assert ask().due_at is None
    assert asked(sandbox) == []


def test_a_draft_that_changes_meanwhile_is_asked_for_once_more(wanted, upload, sandbox):
    def change():
        draft = upload("red")
        draft.payload["title"] = "Quite - Another"
        search_want(draft)

    with calling(change, "return", "trackers.adapters.gazelle.similar.find"):
        ask()
    waiting = search("red")
    assert (waiting.checked_at, waiting.claimed_by) == (None, "")
    assert waiting.due_at is not None
    assert ask().checked_at
