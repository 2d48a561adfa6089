"""Everything that can go wrong with a request: in the end, exactly one upload."""

from itertools import pairwise

import pytest

from releases.models import Release
from tests.driving import drive, drive_until, moves, pass_time, work
from trackers.models import Credential, RequestBudget
from trackers.services.credentials import credential_resume
from uploads.models import Upload
from uploads.services.answering import upload_send_again
from uploads.services.queueing import upload_retry
from uploads.services.restored import uploads_ask_first
from uploads.services.settling import upload_settle
from uploads.states import UploadStatus

pytestmark = pytest.mark.django_db
SITES = ("red", "ops")

# Fault → what the first attempt is called, whether it was stored, where it led to.
LOST = {
    "server-error": (False, 500),
    "server-error-after": (True, 500),
    "maintenance": (False, 503),
    "html": (False, 200),
    "html-after": (True, 200),
    "empty": (False, 200),
    "empty-after": (True, 200),
    "drop-before": (False, None),
    "drop-after": (True, None),
    "cut": (True, 200),
    "reset": (True, 200),
    "half-body": (False, None),
}


def other(site):
    return "ops" if site == "red" else "red"


def asked_between(requests):
    """Whether every two uploads of a site have a question about it between them."""
    actions = [request["action"] for request in requests]
    places = [at for at, action in enumerate(actions) if action == "upload"]
    return all("torrent" in actions[a:b] for a, b in pairwise(places))


def in_the_end_one(sandbox, upload, site):
    (stored,) = sandbox.uploads(site)
    row = upload(site)
    assert row.status == UploadStatus.SUCCESS
    assert row.remote_id == str(stored["id"])
    assert row.remote_url.startswith(sandbox.url(site))
    assert row.site_infohash in (stored["infohash"], "")
    assert row.claimed_by == ""
    assert not row.attempts.filter(outcome="").exists()


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("fault", LOST)
def test_a_lost_answer_is_asked_about_before_anything_is_sent_again(
    fault, site, approved, upload, sandbox
):
    stored, status = LOST[fault]
    sandbox.fail(site, "upload", fault)
    work()
    assert upload(other(site)).status == UploadStatus.SUCCESS, "the other goes on"
    lost = upload(site)
    assert lost.status == UploadStatus.UNKNOWN
    assert lost.reason["code"] == "unknown"
    (attempt,) = lost.attempts.all()
    assert attempt.outcome == "unknown"
    assert attempt.http_status == status
    assert "the tracker is asked first" in attempt.decision

    drive()
    in_the_end_one(sandbox, upload, site)
    in_the_end_one(sandbox, upload, other(site))
    sent = 1 if stored else 2
    assert len(sandbox.requests(site, "upload")) == sent
    assert asked_between(sandbox.requests(site))
    assert upload(site).attempts.count() == sent
    told = list(upload(site).events.values_list("reason", flat=True))
    if stored:
        assert "Asked the tracker: it is there." in told
    else:
        assert (
            "Asked the tracker 5 times: it is not there, so it is sent again." in told
        )
    assert Release.objects.get().state == "published"


@pytest.mark.parametrize("site", SITES)
def test_an_unknown_upload_is_left_alone_until_its_time(site, approved, sandbox):
    sandbox.fail(site, "upload", "drop-after")
    work()
    before = len(sandbox.requests(site))
    for _ in range(3):
        work()
    assert len(sandbox.requests(site)) == before
    pass_time(5)
    work()
    assert len(sandbox.requests(site)) > before


@pytest.mark.parametrize("site", SITES)
def test_a_site_that_shows_it_late_is_looked_at_again(site, approved, upload, sandbox):
    sandbox.fail(site, "upload", "drop-after")
    sandbox.fail(site, "*", "hide", times=5)
    work()
    pass_time(5)
    work()
    assert upload(site).looks == 1
    assert upload(site).reason["message"] == "Not on the tracker yet (look 1)."
    drive()
    in_the_end_one(sandbox, upload, site)
    assert len(sandbox.requests(site, "upload")) == 1


def test_a_look_after_a_restore_says_why_it_looks(approved, upload, sandbox):
    uploads_ask_first()
    work()
    pass_time(5)
    work()
    told = upload("red").events.values_list("reason", flat=True)
    assert (
        "Asked since a backup was brought back: not on the tracker yet (look 1)."
        in told
    )


@pytest.mark.parametrize("site", SITES)
def test_what_the_site_hid_at_every_look_is_found_as_a_duplicate(
    site, approved, upload, sandbox
):
    sandbox.fail(site, "upload", "drop-after")
    sandbox.fail(site, "*", "hide", times=0)
    drive_until(lambda: upload(site).attempts.count() == 2)
    sandbox.heal()
    drive()
    in_the_end_one(sandbox, upload, site)
    last = upload(site).attempts.last()
    assert last.outcome == "duplicate"
    assert last.decision == "The tracker has this very torrent already; linked to it."


@pytest.mark.parametrize("site", SITES)
def test_a_slow_answer_is_an_answer(site, approved, upload, sandbox):
    sandbox.fail(site, "upload", "slow", seconds=0.5)
    work()
    in_the_end_one(sandbox, upload, site)
    assert upload(site).attempts.count() == 1


@pytest.mark.parametrize("site", SITES)
def test_a_refusal_waits_for_a_person_with_the_sites_own_words(
    site, approved, upload, sandbox
):
    sandbox.fail(site, "upload", "refuse", message="The year must be a number")
    drive()
    refused = upload(site)
    assert refused.status == UploadStatus.FAILED
    assert refused.reason["code"] == "rejected"
    assert "The year must be a number" in refused.reason["message"]
    assert refused.reason["remedy"].startswith("Correct what the site names")
    assert refused.finished_at
    assert sandbox.uploads(site) == []
    assert len(sandbox.requests(site, "upload")) == 1
    in_the_end_one(sandbox, upload, other(site))
    assert Release.objects.get().state == "approved"

    upload_retry(upload_id=refused.pk)
    drive()
    in_the_end_one(sandbox, upload, site)
    assert Release.objects.get().state == "published"


@pytest.mark.parametrize("site", SITES)
def test_a_page_that_forbids_is_tried_again_later(site, approved, upload, sandbox):
    sandbox.fail(site, "upload", "forbidden", times=2)
    work()
    waiting = upload(site)
    assert waiting.status == UploadStatus.PENDING
    assert (waiting.tries, waiting.misses) == (0, 1)
    assert "Nothing was stored" in waiting.reason["message"]
    work()
    assert len(sandbox.requests(site, "upload")) == 1, "not before its time"
    drive()
    in_the_end_one(sandbox, upload, site)
    assert [a.outcome for a in upload(site).attempts.all()] == [
        "unavailable",
        "unavailable",
        "success",
    ]


@pytest.mark.parametrize("site", SITES)
def test_a_tracker_that_never_opens_is_given_up(
    site, approved, upload, sandbox, settings
):
    settings.TRACKER_PATIENCE_SECONDS = 3600
    sandbox.fail(site, "upload", "forbidden", times=0)
    drive()
    failed = upload(site)
    assert failed.status == UploadStatus.FAILED
    assert failed.reason["message"].startswith("Not reachable in 10 tries")
    assert failed.attempts.count() == 10
    assert sandbox.uploads(site) == []


def test_a_tracker_that_is_down_is_tried_again(approved, upload, sandbox, quick_desk):
    tracker = quick_desk.trackers["red"]
    good, tracker.base_url = tracker.base_url, "http://127.0.0.1:9/red"
    tracker.save()
    work()
    assert upload("red").status == UploadStatus.PENDING
    assert upload("red").attempts.get().outcome == "unavailable"
    assert upload("ops").status == UploadStatus.SUCCESS
    tracker.base_url = good
    tracker.save()
    drive()
    in_the_end_one(sandbox, upload, "red")


@pytest.mark.parametrize("site", SITES)
def test_a_refused_key_pauses_its_credential_and_nothing_else(
    site, approved, upload, sandbox
):
    sandbox.fail(site, "upload", "bad-key")
    drive()
    failed = upload(site)
    assert failed.status == UploadStatus.FAILED
    assert failed.reason["code"] == "auth"
    assert "The credential is paused" in failed.reason["remedy"]
    paused = Credential.objects.get(tracker__slug=site)
    assert paused.paused_at
    assert paused.paused_reason
    assert Credential.objects.get(tracker__slug=other(site)).paused_at is None
    in_the_end_one(sandbox, upload, other(site))

    upload_retry(upload_id=failed.pk)
    for _ in range(3):
        work()
    waiting = upload(site)
    assert waiting.status == UploadStatus.PENDING
    assert waiting.reason["code"] == "credential_missing"
    assert len(sandbox.requests(site, "upload")) == 1
    credential_resume(paused)
    work()  # its sweep sees that there is an account again
    work()
    in_the_end_one(sandbox, upload, site)


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("fault", ["rate-limit", "429"])
def test_a_rate_limit_blocks_the_account_and_is_no_try(
    fault, site, approved, upload, sandbox
):
    sandbox.fail(site, "upload", fault, seconds=90)
    work()
    waiting = upload(site)
    assert waiting.status == UploadStatus.PENDING
    assert waiting.tries == 0
    assert waiting.attempts.get().outcome == "rate_limited"
    budget = RequestBudget.objects.get(credential__tracker__slug=site)
    assert budget.blocked_until
    assert upload(other(site)).status == UploadStatus.SUCCESS
    work()
    pass_time(5)
    work()
    assert len(sandbox.requests(site, "upload")) == 1, "not before the site allows it"
    drive()
    in_the_end_one(sandbox, upload, site)
    assert upload(site).tries == 0


def test_a_site_may_ask_to_wait_for_hours(approved, upload, sandbox):
    sandbox.fail("red", "upload", "429", seconds=4 * 3600)
    work()
    pass_time(3 * 3600)
    work()
    assert len(sandbox.requests("red", "upload")) == 1
    pass_time(3601)
    work()
    in_the_end_one(sandbox, upload, "red")


@pytest.mark.parametrize("fault", ["server-error", "drop-before", "html", "429"])
def test_a_question_that_fails_is_asked_again(fault, approved, upload, sandbox):
    sandbox.fail("red", "upload", "drop-after")
    sandbox.fail("red", "torrent", fault, times=3)
    drive()
    in_the_end_one(sandbox, upload, "red")
    assert len(sandbox.requests("red", "upload")) == 1


def test_a_tracker_that_answers_no_question_leaves_one_to_a_person(
    approved, upload, sandbox, settings
):
    settings.TRACKER_PATIENCE_SECONDS = 3600
    sandbox.fail("red", "upload", "drop-after")
    sandbox.fail("red", "torrent", "server-error", times=0)
    drive()
    failed = upload("red")
    assert failed.status == UploadStatus.FAILED
    assert failed.reason["code"] == "outcome_unsettled"
    assert "Nobody knows whether Redacted has it" in failed.reason["message"]
    assert "Look on the tracker" in failed.reason["remedy"]
    assert len(sandbox.requests("red", "upload")) == 1

    sandbox.heal()
    upload_send_again(upload_id=failed.pk)
    work()
    assert len(sandbox.requests("red", "upload")) == 1, "the tracker is asked first"
    drive()
    in_the_end_one(sandbox, upload, "red")
    assert len(sandbox.requests("red", "upload")) == 1


def test_each_round_of_questions_begins_to_count_anew(approved, upload, sandbox):
    sandbox.fail("red", "upload", "drop-before")
    sandbox.fail("red", "torrent", "server-error", times=7)
    drive_until(lambda: upload("red").status == UploadStatus.PENDING)
    sandbox.fail("red", "upload", "drop-after")
    sandbox.fail("red", "torrent", "server-error", times=7)
    drive()
    in_the_end_one(sandbox, upload, "red")
    assert "unknown" in moves(upload("red"))


def test_a_key_refused_while_asking_is_paused(approved, upload, sandbox):
    sandbox.fail("red", "upload", "drop-after")
    work()
    sandbox.fail("red", "torrent", "bad-key")
    pass_time(5)
    work()
    paused = Credential.objects.get(tracker__slug="red")
    assert paused.paused_at
    assert upload("red").status == UploadStatus.UNKNOWN
    credential_resume(paused)
    drive()
    in_the_end_one(sandbox, upload, "red")
    assert len(sandbox.requests("red", "upload")) == 1


def test_only_an_unknown_upload_is_looked_for(approved, sandbox):
    for pk in Upload.objects.values_list("pk", flat=True):
        upload_settle(pk)
    assert sandbox.requests() == []
