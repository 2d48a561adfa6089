"""What keeps a tracker from saying what it has, and what is done about it."""

import pytest
from django.db import OperationalError

from common import clock
from tests.driving import pass_time
from tests.interrupting import calling, raising
from tests.unit.uploads.services.claims import limit
from tests.unit.uploads.services.searches import (
    ask,
    asked,
    make_twin,
    searches_at_red,
)
from trackers.models import Credential, Tracker
from trackers.services.budgets import budget_take
from trackers.types import Action
from uploads.duplicates import asking_words
from uploads.models import DuplicateSearch
from uploads.services.searching import search_want, searches_due, upload_search

pytestmark = pytest.mark.django_db


def test_a_429_blocks_the_account_and_all_that_waits(wanted, twin, sandbox, upload):
    sandbox.fail("red", "browse", "429", seconds=30)
    waiting = ask()
    assert waiting.problem.startswith(
        "Redacted could not be asked for duplicates: Redacted asks for fewer requests"
    )
    assert "Asked again at" in asking_words(upload("red"))
    account = Credential.objects.get(tracker__slug="red")
    assert budget_take(account, Action.UPLOAD) > 20
    assert {one.misses for one in searches_at_red()} == {1}
    assert len({one.due_at for one in searches_at_red()}) == 1
    pass_time(31)
    assert ask().checked_at
    assert [one.misses for one in searches_at_red()] == [0, 0]
    assert searches_due(clock.now())


def test_a_refused_key_pauses_the_account(wanted, sandbox, upload):
    sandbox.fail("red", "browse", "bad-key")
    assert "refused the API key" in ask().problem
    account = Credential.objects.get(tracker__slug="red")
    assert account.paused_at is not None
    pass_time(301)
    assert "is paused" in ask().problem
    assert len(asked(sandbox)) == 1
    Credential.objects.update(paused_at=None)
    pass_time(301)
    assert ask().checked_at


@pytest.mark.parametrize("fault", ["html", "server-error", "empty", "drop-before"])
def test_a_tracker_that_is_away_is_asked_later_and_later(
    fault, wanted, twin, sandbox, upload
):
    sandbox.fail("red", "browse", fault, times=3)
    for misses in (1, 2, 3):
        assert ask().misses == misses
        pass_time(60)
    assert upload("red").status == "draft"
    assert ask().misses == 0
    (other,) = searches_due(clock.now())[:1]
    assert other == twin.pk


def test_what_is_drafted_meanwhile_waits_with_the_others(wanted, quick_desk, sandbox):
    sandbox.fail("red", "browse", "html")
    waiting = ask()
    twin = DuplicateSearch.objects.get(upload=make_twin(quick_desk.trackers["red"]))
    assert (twin.due_at, twin.problem) == (waiting.due_at, waiting.problem)
    upload_search(twin.upload_id)
    assert len(asked(sandbox)) == 1


def test_patience_ends_and_a_new_draft_begins_it_anew(
    wanted, twin, sandbox, settings, upload
):
    settings.TRACKER_PATIENCE_SECONDS = 15
    sandbox.fail("red", "browse", "html", times=None)
    for _ in range(3):
        ask()
        pass_time(60)
    assert {one.due_at for one in searches_at_red()} == {None}
    assert asking_words(upload("red")).endswith(
        "It is not asked again until the draft changes."
    )
    sandbox.heal()
    search_want(upload("red"))
    assert ask().checked_at


def test_a_question_that_is_refused_is_not_repeated(wanted, twin, sandbox):
    sandbox.fail("red", "browse", "refuse", message="Search returned an error.")
    done = ask()
    assert "Search returned an error" in done.problem
    assert done.due_at is None
    assert DuplicateSearch.objects.get(upload=twin).due_at is not None


def test_without_an_account_it_waits_for_one(wanted, upload, sandbox):
    Credential.objects.all().delete()
    assert "has no usable credential" in ask().problem
    assert asked(sandbox) == []
    assert "Asked again at" in asking_words(upload("red"))


def test_a_tracker_that_is_switched_off_is_not_asked(wanted, sandbox):
    Tracker.objects.update(is_active=False)
    assert "is switched off" in ask().problem
    assert asked(sandbox) == []


def test_an_account_deleted_meanwhile_is_no_error_of_the_draft(wanted, sandbox):
    limit("red", 2, 100)
    ask()
    account = Credential.objects.get(tracker__slug="red")
    Credential.objects.filter(pk=account.pk).delete()
    pass_time(101)
    assert "has no usable credential" in ask().problem
    assert len(asked(sandbox)) == 1
    Credential.objects.create(
        tracker=account.tracker, label="new", values=dict(account.values)
    )
    limit("red", 100, 1)
    pass_time(301)
    assert ask().checked_at
    assert len(asked(sandbox)) == 4, "another account asks from the beginning"


def test_trouble_inside_herald_ends_in_a_sentence(wanted, upload, caplog):
    with raising(ZeroDivisionError(), "call", "trackers.adapters.gazelle.similar.find"):
        done = ask()
    assert "an error inside Herald (ZeroDivisionError)" in done.problem
    assert done.due_at is None
    assert "Asking for duplicates of upload" in caplog.text


def test_an_account_that_goes_while_it_asks_is_replaced_at_once(wanted, sandbox):
    def delete():
        Credential.objects.filter(tracker__slug="red").delete()
        raise RuntimeError

    with calling(delete, "call", "trackers.adapters.gazelle.similar.find"):
        waiting = ask()
    assert (waiting.problem, waiting.claimed_by) == ("", "")
    pass_time(2)
    assert "has no usable credential" in ask().problem


def test_a_database_in_trouble_is_waited_for(wanted):
    trouble = OperationalError("database is locked")
    with raising(trouble, "call", "trackers.adapters.gazelle.similar.find"):
        assert ask().due_at is not None
    pass_time(301)
    assert ask().checked_at
