"""Before approval each tracker is asked for duplicates, and nobody waits for it."""

import base64
from dataclasses import replace

import pytest
from django.db import OperationalError, connection

from releases.models import Release
from tests.driving import pass_time, work
from tests.factories import ReleaseFactory
from tests.interrupting import calling, dead_worker, raising
from tests.unit.uploads.services.test_claiming import in_threads, limit
from trackers.models import Credential, Tracker
from trackers.services import pacing
from trackers.services.adapters import adapter_open
from trackers.services.budgets import budget_take
from trackers.types import Action
from uploads.duplicates import asking_words
from uploads.models import DuplicateSearch, Upload
from uploads.payloads import payload_load
from uploads.services import searching
from uploads.services.approval import release_approve
from uploads.services.clock import times_mend
from uploads.services.drafting import drafts_make
from uploads.services.recovery import claims_recover, uploads_sweep
from uploads.services.searching import search_want, searches_due, upload_search

pytestmark = pytest.mark.django_db
ASKED_PER_SEARCH = ["browse", "browse", "browse"]


@pytest.fixture
def wanted(ready, upload):
    """Both drafts, for which their trackers are to be asked."""
    return [_want(upload(site)) for site in ("red", "ops")]


@pytest.fixture
def twin(wanted, quick_desk):
    """Another release whose draft for RED is to be asked for as well."""
    return _twin(quick_desk.trackers["red"])


def _want(draft):
    search_want(draft)
    return draft


def _twin(tracker):
    red = Upload.objects.get(tracker=tracker)
    red.pk, red.release = None, ReleaseFactory(title="Twin")
    red.save(force_insert=True)
    return _want(Upload.objects.select_related("tracker").get(pk=red.pk))


def search(site):
    """One draft's search afresh."""
    rows = DuplicateSearch.objects.filter(tracker__slug=site)
    return rows.exclude(upload__release__title="Twin").get()


def ask(site="red"):
    """What a worker does that was nudged for the tracker's draft."""
    upload_search(search(site).upload_id)
    return search(site)


def publish(draft, sandbox, **changes):
    """Another member uploads the draft's content."""
    site = draft.tracker.slug
    member = sandbox.add_account(site, "neighbour")
    account = Credential(values={"api_key": member["key"]})
    payload = payload_load(draft.payload, bytes(draft.torrent_file))
    with adapter_open(draft.tracker, account) as adapter:
        return adapter.upload(replace(payload, **changes))


def asked(sandbox, site="red"):
    return [request["action"] for request in sandbox.requests(site)]


# --- What the tracker says --------------------------------------------------------


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
    done = ask()
    assert (done.checked_at, done.due_at) == (None, None)
    assert asked(sandbox) == []


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


# --- What keeps it from an answer -------------------------------------------------


def test_a_429_blocks_the_account_and_all_that_waits(wanted, twin, sandbox, upload):
    sandbox.fail("red", "browse", "429", seconds=30)
    waiting = ask()
    assert waiting.problem.startswith(
        "Redacted could not be asked for duplicates: Redacted asks for fewer requests"
    )
    assert "Asked again at" in asking_words(upload("red"))
    account = Credential.objects.get(tracker__slug="red")
    assert budget_take(account, Action.UPLOAD) > 20
    assert {one.misses for one in _red()} == {1}
    assert len({one.due_at for one in _red()}) == 1
    pass_time(31)
    assert ask().checked_at
    assert [one.misses for one in _red()] == [0, 0]
    assert searches_due(searching.clock.now())


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
    (other,) = searches_due(searching.clock.now())[:1]
    assert other == twin.pk


def test_what_is_drafted_meanwhile_waits_with_the_others(wanted, quick_desk, sandbox):
    sandbox.fail("red", "browse", "html")
    waiting = ask()
    twin = DuplicateSearch.objects.get(upload=_twin(quick_desk.trackers["red"]))
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
    assert {one.due_at for one in _red()} == {None}
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


# --- The budget -------------------------------------------------------------------


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


def test_without_budget_nothing_is_said_on_the_draft(wanted, twin, upload, sandbox):
    limit("red", 2, 100)
    ask()
    upload_search(twin.pk)
    assert asked(sandbox) == ["browse"]
    assert {one.problem for one in _red()} == {""}
    assert asking_words(upload("red")) == "Redacted was not yet asked for duplicates."


# --- Several workers, and their ends ----------------------------------------------


def test_the_sweep_nudges_one_for_each_tracker(wanted, twin, upload):
    now = searching.clock.now()
    assert sorted(searches_due(now)) == sorted([upload("red").pk, upload("ops").pk])
    assert uploads_sweep() == 2
    ask()
    assert twin.pk in searches_due(now)


def test_one_search_at_a_time_asks_a_tracker(wanted, twin, sandbox):
    DuplicateSearch.objects.filter(upload=twin).update(
        claimed_by="elsewhere:-:1:1", claimed_at=searching.clock.now()
    )
    assert searches_due(searching.clock.now()) == [search("ops").upload_id]
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
        claimed_by=dead_worker(), claimed_at=searching.clock.now()
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
    now = searching.clock.now()
    assert search("red").due_at <= now
    assert search("red").claimed_at <= now


def test_a_slow_tracker_is_given_up_soon(wanted, sandbox, monkeypatch, upload):
    monkeypatch.setattr(pacing, "ASIDE_TIMEOUT_S", 0.3)
    sandbox.fail("red", "browse", "stall", seconds=10)
    assert "could not be reached" in ask().problem
    assert upload("red").status == "draft"
    sandbox.heal()


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_ask_for_the_same_draft(prepared, sandbox, tmp_path):
    sandbox.options(limits=False)
    desk = prepared.load(sandbox, tmp_path)
    red = desk.trackers["red"]
    draft = _want(Upload.objects.select_related("tracker").get(tracker=red))
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
    made = _want(Upload.objects.select_related("tracker").get(pk=draft.pk))
    draft.pk = pk
    return made


def _red():
    return list(DuplicateSearch.objects.filter(tracker__slug="red"))
