"""Everything that can go wrong with a request: in the end, exactly one upload."""

from itertools import pairwise

import pytest

from releases.models import Release
from tests.driving import drive, drive_until, moves, pass_time, work
from tests.publishing import SITES
from tests.unit.uploads.services.ends import in_the_end_one, other
from trackers.models import Credential
from trackers.services.credentials import credential_resume
from uploads.models import Upload
from uploads.services.answering import upload_send_again
from uploads.services.restored import uploads_ask_first
from uploads.services.settling import upload_settle
from uploads.states import UploadStatus

pytestmark = pytest.mark.django_db

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


def asked_between(requests):
    """Whether every two uploads of a site have a question about it between them."""
    actions = [request["action"] for request in requests]
    places = [at for at, action in enumerate(actions) if action == "upload"]
    return all("torrent" in actions[a:b] for a, b in pairwise(places))


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
