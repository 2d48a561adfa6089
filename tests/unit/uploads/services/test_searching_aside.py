"""Searches for duplicates give way to uploads, and to each other."""

import base64
from datetime import timedelta

import pytest
from django.db import connection

from common import clock
from tests.driving import pass_time, work
from tests.factories import ReleaseFactory
from tests.interrupting import dead_worker
from tests.unit.uploads.services.claims import in_threads, limit
from tests.unit.uploads.services.searches import (
    ASKED_PER_SEARCH,
    ask,
    asked,
    publish,
    search,
    searches_at_red,
    want,
)
from trackers.services import pacing
from uploads.duplicates import asking_words
from uploads.models import DuplicateSearch, Upload
from uploads.services import searching
from uploads.services.approval import release_approve
from uploads.services.clock import times_mend
from uploads.services.recovery import claims_recover, uploads_sweep
from uploads.services.searching import searches_due, upload_search

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("requests", [1, 2, 3])
def test_a_search_goes_on_from_where_its_budget_ended(
    requests, wanted, sandbox, upload
):
    """Nobody sleeps over it, and no question is asked twice."""
    limit("red", requests, 100)
    for _ in range(3 // max(requests - 1, 1) + 1):
        waiting = ask()
        assert waiting.claimed_by == ""
        pass_time(101)
    assert search("red").checked_at
    assert search("red").answers is None
    assert asked(sandbox) == ASKED_PER_SEARCH


def test_what_a_search_was_told_is_kept_as_a_secret(wanted, sandbox, upload):
    publish(upload("red"), sandbox)
    limit("red", 2, 100)
    ask()
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM uploads_duplicatesearch")
        stored = " ".join(str(value) for (value,) in cursor.fetchall())
    told = search("red").answers["answers"][0]["body"]
    assert b"groupName" in base64.b64decode(told)
    assert told not in stored


def test_the_last_slots_are_left_to_uploads(wanted, ready, upload, sandbox):
    limit("red", 3, 3600)
    ask()
    assert asked(sandbox) == ["browse", "browse"]
    release_approve(release_id=ready.pk, actor_id=None)
    work()
    assert upload("red").status == "success"
    assert asked(sandbox)[2:] == ["upload"]


@pytest.mark.parametrize(
    "wants",
    [
        {"status": "pending"},
        {"status": "pending", "reason": {"code": "budget", "message": "…"}},
        {"status": "uploading"},
    ],
)
def test_a_search_waits_while_uploads_want_the_budget(wants, wanted, twin, sandbox):
    other = Upload.objects.filter(pk=twin.pk)
    late = clock.now() + timedelta(seconds=30) if "reason" in wants else None
    other.update(**wants, not_before=late)
    assert ask().checked_at is None
    assert searches_due(clock.now()) == [search("ops").upload_id]
    assert asked(sandbox) == []
    other.update(status="success")
    assert search("red").upload_id in searches_due(clock.now())
    assert ask().checked_at


def test_a_search_waits_for_no_upload_that_is_held_for_long(wanted, twin):
    Upload.objects.filter(pk=twin.pk).update(
        status="pending",
        not_before=clock.now() + timedelta(days=1),
        reason={"code": "credential_missing", "message": "…"},
    )
    assert ask().checked_at


def test_without_budget_nothing_is_said_on_the_draft(wanted, twin, upload, sandbox):
    limit("red", 2, 100)
    ask()
    upload_search(twin.pk)
    assert asked(sandbox) == ["browse"]
    assert {one.problem for one in searches_at_red()} == {""}
    assert asking_words(upload("red")) == "Redacted was not yet asked for duplicates."


# --- Several workers, and their ends ----------------------------------------------


def test_the_sweep_nudges_one_for_each_tracker(wanted, twin, upload):
    now = clock.now()
    assert sorted(searches_due(now)) == sorted([upload("red").pk, upload("ops").pk])
    assert uploads_sweep() == 2
    ask()
    assert twin.pk in searches_due(now)


def test_one_search_at_a_time_asks_a_tracker(wanted, twin, sandbox):
    DuplicateSearch.objects.filter(upload=twin).update(
        claimed_by="elsewhere:-:1:1", claimed_at=clock.now()
    )
    assert searches_due(clock.now()) == [search("ops").upload_id]
    assert ask().checked_at is None
    assert asked(sandbox) == []
    assert ask("ops").checked_at, "and keeps no other tracker from its answer"
    pass_time(searching.LONGEST_SEARCH + 1)
    assert ask().checked_at, "nor its own for longer than a search may take"


def test_a_search_whose_worker_died_is_made_by_another(wanted, sandbox, upload):
    limit("red", 2, 100)
    ask()
    pass_time(101)
    DuplicateSearch.objects.filter(tracker__slug="red").update(
        claimed_by=dead_worker(), claimed_at=clock.now()
    )
    assert ask().checked_at is None
    assert claims_recover() == 1
    limit("red", 100, 1)
    assert ask().checked_at
    assert asked(sandbox) == ASKED_PER_SEARCH, "what it was told before is kept"


def test_a_clock_that_was_ahead_puts_no_search_off(wanted):
    DuplicateSearch.objects.update(
        due_at="2099-01-01T00:00:00Z", claimed_at="2099-01-01T00:00:00Z"
    )
    times_mend()
    now = clock.now()
    assert search("red").due_at <= now
    assert search("red").claimed_at <= now


def test_a_slow_tracker_is_given_up_soon(wanted, sandbox, monkeypatch, upload):
    monkeypatch.setattr(pacing, "ASIDE_TIMEOUT_S", 0.3)
    sandbox.fail("red", "browse", "stall", seconds=10)
    assert "could not be reached" in ask().problem
    assert upload("red").status == "draft"
    sandbox.heal()


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_ask_for_the_same_draft(prepared_rows, sandbox, tmp_path):
    sandbox.options(limits=False)
    desk = prepared_rows.load(sandbox, tmp_path)
    red = desk.trackers["red"]
    draft = want(Upload.objects.select_related("tracker").get(tracker=red))
    others = [_twin_of(draft, number) for number in range(3)]
    sandbox.fail("red", "browse", "slow", seconds=0.3)
    connection.close()
    places = iter([draft.pk, draft.pk, *(one.pk for one in others)])
    in_threads(5, lambda: upload_search(next(places)))
    done = DuplicateSearch.objects.exclude(checked_at=None)
    assert len(asked(sandbox)) == 3 * done.count()
    assert 1 <= done.count() <= 4
    assert not DuplicateSearch.objects.exclude(claimed_by="").exists()


def _twin_of(draft, number):
    pk = draft.pk
    draft.pk, draft.release = None, ReleaseFactory(title=f"Twin {number}")
    draft.save(force_insert=True)
    made = want(Upload.objects.select_related("tracker").get(pk=draft.pk))
    draft.pk = pk
    return made
