"""An upload's timeline: everything in one order, its bars to scale, and its requests."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories
from uploads.admin.timeline import MEANINGS, bars, timeline
from uploads.models import Approval, Upload, UploadAttempt, UploadEvent
from uploads.services.approval import release_approve
from uploads.services.running import uploads_work
from uploads.states import Outcome

pytestmark = pytest.mark.django_db
START = timezone.now() - timedelta(hours=1)


def at(seconds):
    return START + timedelta(seconds=seconds)


def event(upload, seconds, old, new, **values):
    row = UploadEvent.objects.create(upload=upload, old=old, new=new, **values)
    UploadEvent.objects.filter(pk=row.pk).update(created_at=at(seconds))
    return row


def attempt(upload, number, seconds, *, sending=1.0, ended=4.0, **values):
    return UploadAttempt.objects.create(
        upload=upload,
        number=number,
        started_at=at(seconds),
        sending_at=at(seconds + sending),
        answered_at=at(seconds + ended - 1),
        finished_at=at(seconds + ended),
        **values,
    )


def test_all_that_happened_is_in_one_order_newest_first(failed, people):
    pat = people["approver"]
    event(failed, 0, "", "draft", reason="Drafted.")
    event(failed, 10, "draft", "pending", reason="Approved.", actor=pat)
    approval = Approval.objects.create(
        release=failed.release,
        actor=pat,
        decision="approved",
        note="Looks right.",
        digests={str(failed.pk): failed.digest},
    )
    Approval.objects.filter(pk=approval.pk).update(decided_at=at(10.5))
    attempt(failed, 1, 20, outcome="unknown")
    event(failed, 24, "uploading", "unknown", reason="The answer was lost.")
    found = [{"way": "infohash", "asked": "ab", "found": "nothing"}]
    event(failed, 40, "unknown", "pending", reason="Not there.", evidence=found)
    event(failed, 50, "pending", "pending", reason="Priority 0 → 3.", actor=pat)
    attempt(failed, 2, 60, outcome="success")
    event(failed, 64, "uploading", "success", reason="The tracker took it.")
    event(failed, 70, "success", "success", reason="Seeding is confirmed.")

    line = timeline(failed)

    kinds = [one.kind for one in line.moments]
    assert kinds == [
        *("seeding", "move", "attempt", "person", "look", "move", "attempt"),
        *("decision", "move"),
    ]
    assert line.moments[7].note == "Looks right."
    assert line.moments[4].evidence == [("Infohash", "ab", "nothing")]
    assert line.moments[3].actor == str(pat)
    assert (line.attempts, line.left) == (2, 0)


def test_an_approval_of_other_uploads_is_not_told_and_a_void_one_says_why(failed):
    Approval.objects.create(
        release=failed.release, decision="approved", digests={"999999": "d"}
    )
    Approval.objects.create(
        release=failed.release,
        decision="approved",
        digests={str(failed.pk): "d"},
        void_at=START,
        void_reason="The files changed.",
    )
    Approval.objects.create(release=failed.release, decision="rejected", note="No.")
    rejected, void = timeline(failed).moments
    assert rejected.title == "Rejected"
    assert (void.tone, void.actor) == ("warn", "a rule")
    assert "The files changed." in void.text


def test_a_rule_is_named_where_it_approved(failed):
    Approval.objects.create(
        release=failed.release,
        decision="approved",
        digests={str(failed.pk): "d"},
        rule_snapshot={"name": "Trusted"},
    )
    (approved,) = timeline(failed).moments
    assert approved.actor == "rule Trusted"


def test_what_was_decided_does_not_say_the_message_again(failed):
    said = "The site is down."
    attempt(failed, 1, 0, message=said, decision=f"{said} Next try in 10 s.")
    attempt(failed, 2, 10, message=said, decision=said)
    attempt(failed, 3, 20, message=said, decision="Nothing was sent.")
    moments = [one for one in timeline(failed).moments if one.attempt]
    assert [one.follows for one in moments] == [
        "Nothing was sent.",
        "",
        "Next try in 10 s.",
    ]


def test_phases_are_drawn_to_one_scale(failed):
    short = attempt(failed, 1, 0, sending=1, ended=5)
    ready, sent, after = bars(short, short.finished_at, longest=10)
    assert (ready.left, ready.width, ready.seconds) == (0, 10, 1)
    assert (sent.left, sent.width) == (10, 30)
    assert (after.left, after.width) == (40, 10)


def test_a_running_phase_grows_and_a_moment_is_still_seen(failed):
    running = UploadAttempt.objects.create(
        upload=failed, number=1, started_at=at(0), sending_at=at(0.001)
    )
    ready, sent = bars(running, at(10), longest=10)
    assert ready.width == 0.4
    assert sent.seconds == pytest.approx(9.999)
    assert len(bars(running, at(0), longest=0)) == 1


def test_a_long_story_is_cut_and_says_how_much_is_left(failed, monkeypatch):
    from uploads.admin import timeline as module

    monkeypatch.setattr(module, "MOST_ATTEMPTS", 2)
    monkeypatch.setattr(module, "MOST_EVENTS", 1)
    for number in (1, 2, 3):
        attempt(failed, number, number * 10)
        event(failed, number * 10 + 5, "pending", "uploading")
    line = timeline(failed)
    assert (line.attempts, line.left, len(line.moments)) == (3, 3, 3)


def test_every_outcome_has_a_meaning():
    assert set(MEANINGS) == set(Outcome)


def test_the_page_asks_as_much_for_a_long_story_as_for_a_short_one(
    failed, client, people, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(people["viewer"])
    url = reverse("admin:uploads_upload_change", args=[failed.pk])
    attempt(failed, 1, 0)
    event(failed, 1, "pending", "uploading", actor=people["admin"])
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for number in range(2, 9):
        attempt(failed, number, number)
        event(failed, number, "pending", "uploading", actor=people["admin"])
    with django_assert_num_queries(len(few)):
        client.get(url)


# --- The request ---------------------------------------------------------------------------
def request(client, upload, number=1):
    return client.get(
        reverse("admin:uploads_upload_request", args=[upload.pk, number])
    ).content.decode()


@pytest.fixture
def sent(desk, client, people):
    """A real upload on the sandbox."""
    release = desk.prepare()
    release_approve(release_id=release.pk, actor_id=None)
    uploads_work()
    client.force_login(people["viewer"])
    return Upload.objects.get(tracker__slug="red", status="success"), desk.sandbox


def test_the_request_shows_all_that_arrived_and_no_secret(sent, client):
    upload, sandbox = sent
    text = request(client, upload)
    (stored,) = sandbox.uploads("red")
    for name, _ in stored["form"]:
        assert f'<th scope="row">{name}</th>' in text, name
    assert "POST" in text
    assert f"{sandbox.url('red')}/ajax.php?action=upload" in text
    assert "file_input" in text
    assert "without the announce URL" in text
    assert "••••••" in text
    for secret in (sandbox.key("red"), sandbox.passkey("red"), "0hidden0"):
        assert secret not in text


def test_a_request_that_was_not_sent_or_is_gone_says_so(sent, client, people):
    upload, _ = sent
    UploadAttempt.objects.create(upload=upload, number=2, started_at=timezone.now())
    assert "Nothing left this machine" in request(client, upload, 2)
    Upload.objects.filter(pk=upload.pk).update(digest="another")
    assert "has changed since this attempt" in request(client, upload)
    Approval.objects.all().delete()
    assert "POST" in request(client, upload)
    tracker = upload.tracker
    tracker.base_url = "ftp://elsewhere"
    tracker.save()
    assert "The request cannot be shown" in request(client, upload)


def test_a_request_whose_payload_is_gone_says_so(sent, client):
    upload, _ = sent
    upload.payload = {}
    upload.save(update_fields=["payload"])
    assert "only the newest is kept" in request(client, upload)


def test_who_may_not_look_sees_no_request(failed, client):
    client.force_login(factories.UserFactory())
    url = reverse("admin:uploads_upload_request", args=[failed.pk, 1])
    assert client.get(url).status_code == 403


def test_an_attempt_that_never_was_is_not_found(failed, client, people):
    client.force_login(people["viewer"])
    url = reverse("admin:uploads_upload_request", args=[failed.pk, 7])
    assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    ("given", "pairs"),
    [
        ({"data": {"a": 1}}, [("a", "1")]),
        ({"json": {"b": [2]}}, [("b", "[2]")]),
        ({"data": [("c", "x"), ("c", "y")]}, [("c", "x"), ("c", "y")]),
        ({"data": "raw"}, [("", "raw")]),
        ({}, []),
    ],
)
def test_bodies_of_every_shape_are_told(given, pairs):
    import requests

    from uploads.admin.request import _files, _pairs

    assert list(_pairs(requests.Request("POST", "http://x/", **given))) == pairs
    files = [("f", ("a.torrent", b"12345", "x")), ("g", b"123")]
    told = [("f", "a.torrent", 5), ("g", "g", 3)]
    assert list(_files(files)) == told
    assert list(_files(dict(files))) == told
