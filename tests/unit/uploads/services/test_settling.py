"""Looking for what may be there: what is written down, and how long it goes on."""

import pytest

from common.redact import redact
from tests.driving import drive, pass_time, work
from tests.factories import UserFactory
from trackers.adapters.gazelle.adapter import GazelleAdapter
from uploads.retry import BLIND_LOOKS
from uploads.services.looking import looks_at
from uploads.services.queueing import upload_prioritise
from uploads.states import UploadStatus

pytestmark = pytest.mark.django_db


def ways(event):
    return [one["way"] for one in event.evidence]


def test_each_look_tells_what_was_asked_and_what_came_back(approved, sandbox, upload):
    sandbox.fail("red", "upload", "drop-before")
    work()
    pass_time(5)
    work()
    sandbox.fail("red", "browse", "server-error")
    pass_time(60)
    work()
    absent, failed = upload("red").events.filter(old="unknown")
    assert ways(absent) == ["infohash", "title", "file_name", "own_uploads"]
    assert absent.evidence[0]["asked"] == upload("red").infohash
    assert absent.evidence[0]["found"] == "No such torrent."
    assert ways(failed) == ["infohash", "title"]
    assert failed.evidence[1]["found"] in failed.reason
    told = str([absent.evidence, failed.evidence])
    assert sandbox.key("red") not in told
    assert sandbox.passkey("red") not in told


def test_what_was_found_is_told_as_well(approved, sandbox, upload):
    sandbox.fail("red", "upload", "drop-after")
    drive()
    (stored,) = sandbox.uploads("red")
    found = upload("red").events.get(old="unknown", new="success")
    assert found.evidence == [
        {
            "way": "infohash",
            "asked": upload("red").infohash,
            "found": f"Torrent {stored['id']}.",
        }
    ]


def test_looks_go_on_for_longer_than_the_familys_index_lags(approved, upload, sandbox):
    assert sum(looks_at(upload("red"))[1:]) > GazelleAdapter.index_lag() > 0
    sandbox.fail("red", "upload", "drop-before")
    work()
    for delay in looks_at(upload("red")):
        assert upload("red").status == UploadStatus.UNKNOWN
        assert len(sandbox.requests("red", "upload")) == 1
        pass_time(delay)
        work()
    assert upload("red").reason["code"] == "settled_absent"


def test_what_can_be_asked_in_no_way_is_a_question_at_once(
    approved, sandbox, upload, monkeypatch
):
    sandbox.fail("red", "upload", "drop-after")
    work()
    monkeypatch.setattr(GazelleAdapter, "ways", {})
    sandbox.fail("red", "torrent", "server-error", times=0)
    pass_time(5)
    work()
    assert upload("red").reason["code"] == "outcome_unsettled"
    assert "in 1 look:" in upload("red").events.last().reason


def test_a_priority_that_a_person_sets_is_no_look(approved, upload, sandbox):
    sandbox.fail("red", "upload", "drop-after")
    sandbox.fail("red", "torrent", "refuse", times=3)
    work()
    who = UserFactory().pk
    for number in range(BLIND_LOOKS):
        upload_prioritise(upload_id=upload("red").pk, priority=number + 1, actor_id=who)
    drive()
    assert upload("red").status == UploadStatus.SUCCESS


def test_what_is_kept_of_a_look_makes_no_secret_of_usual_words(
    approved, upload, sandbox, quick_desk
):
    quick_desk.trackers["red"].budget_requests = 1
    quick_desk.trackers["red"].budget_seconds = 100
    quick_desk.trackers["red"].save()
    sandbox.fail("red", "upload", "drop-before")
    work()
    pass_time(101)
    work()
    kept = upload("red").look_answers
    said = f"It answered {kept['answers'][0]['headers']['Content-Type']}."
    assert redact(said) == said
