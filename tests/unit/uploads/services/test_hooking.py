"""Webhooks: signed, and delivered until taken."""

import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from config.ticker import watch
from releases.models import Release
from tests import factories
from tests.driving import drive
from tests.unit.uploads.services.hooks import everything_due, said
from uploads.hooks import HOOK_EVENTS, hook_event, signature
from uploads.models import Delivery, Heartbeat, Upload, UploadEvent, Webhook
from uploads.services import hooking
from uploads.services.approval import release_approve
from uploads.services.heartbeat import heartbeat_write
from uploads.services.hooking import (
    GAPS,
    KEPT,
    MAX_TRIES,
    deliveries_clean,
    deliveries_due,
    delivery_again,
    webhook_test,
)
from uploads.services.moves import upload_note
from uploads.services.noticing import notices_collect
from uploads.services.queueing import upload_prioritise
from uploads.tasks import deliver

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hooks_at_once")]


def test_the_whole_way_from_an_event_to_a_signed_request(hook, httpserver):
    httpserver.expect_request("/hook", method="POST").respond_with_data("thanks")
    notices_collect()
    upload = factories.UploadFactory(status="failed", reason={"code": "rejected"})
    UploadEvent.objects.create(upload=upload, old="uploading", new="failed")
    notices_collect()
    notices_collect()
    everything_due()
    everything_due()
    (request,) = said(httpserver)
    body = json.loads(request.data)
    row = Delivery.objects.get()
    assert body == {
        "id": row.number,
        "event": "failed",
        "at": UploadEvent.objects.get().created_at.isoformat(),
        "release": {
            "id": upload.release_id,
            "state": "ready",
            "link": "https://herald.example/admin/releases/release/"
            f"{upload.release_id}/change/",
        },
        "upload": {
            "id": upload.pk,
            "tracker": upload.tracker.slug,
            "status": "failed",
            "seeding": "",
            "link": f"https://herald.example/admin/uploads/upload/{upload.pk}/change/",
        },
    }
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["Herald-Event"] == "failed"
    assert request.headers["Herald-Delivery"] == row.number
    parts = dict(p.split("=") for p in request.headers["Herald-Signature"].split(","))
    told = f"{parts['t']}.".encode() + request.data
    wanted = hmac.new(hook.signing["secret"].encode(), told, hashlib.sha256).hexdigest()
    assert parts["v1"] == wanted
    assert abs(int(parts["t"]) - timezone.now().timestamp()) < 60
    assert (row.status, row.answer, row.error, row.tries) == (200, "thanks", "", 1)
    assert row.delivered_at and row.duration_ms is not None
    hook.refresh_from_db()
    assert hook.last_delivered_at and not hook.last_error


@pytest.mark.parametrize(
    ("old", "new", "reason", "seeding", "event"),
    [
        ("draft", "pending", {}, "", "approved"),
        ("uploading", "pending", {}, "", ""),
        ("failed", "pending", {}, "", ""),
        ("uploading", "success", {}, "", "uploaded"),
        ("unknown", "success", {}, "waiting", "uploaded"),
        ("success", "success", {}, "confirmed", "seeding"),
        ("success", "success", {}, "problem", ""),
        ("uploading", "failed", {"code": "rejected"}, "", "failed"),
        ("unknown", "failed", {"code": "outcome_unsettled"}, "", "question"),
        ("failed", "failed", {"code": "rejected"}, "", ""),
        ("", "draft", {}, "", ""),
    ],
)
def test_which_move_is_which_event(old, new, reason, seeding, event):
    assert hook_event(old, new, reason=reason, seeding=seeding) == event
    assert event in ("", *HOOK_EVENTS)


def test_only_what_was_wished_for_and_only_by_those_that_are_on(hook):
    notices_collect()
    Webhook.objects.update(events=["seeding"])
    Webhook.objects.create(
        name="off", url="http://x/", events=["failed"], is_active=False
    )
    upload = factories.UploadFactory(status="failed")
    UploadEvent.objects.create(upload=upload, old="uploading", new="failed")
    notices_collect()
    assert not Delivery.objects.exists()
    Upload.objects.update(status="success", seeding="confirmed")
    upload_note(upload.pk, "success", "success", why="It seeds.")
    notices_collect()
    assert Delivery.objects.get().event == "seeding"


def test_a_refusal_is_tried_again_with_growing_gaps_and_then_given_up(
    queued, hook, httpserver
):
    httpserver.expect_request("/hook").respond_with_data("no", status=500)
    gaps = []
    for number in range(MAX_TRIES):
        assert deliveries_due() == [queued.pk], number
        deliver(delivery_id=queued.pk)
        assert deliveries_due() == []
        queued.refresh_from_db()
        assert (queued.status, queued.tries) == (500, number + 1)
        if queued.not_before:
            gaps.append((queued.not_before - queued.tried_at).total_seconds())
            Delivery.objects.update(not_before=timezone.now())
    assert gaps == pytest.approx(GAPS)
    assert 20 * 3600 < sum(gaps) < 26 * 3600
    assert queued.given_up_at and not queued.not_before
    hook.refresh_from_db()
    assert hook.last_error == "It answered 500; 200 to 299 would be right."
    assert len(said(httpserver)) == MAX_TRIES
    assert {r.headers["Herald-Delivery"] for r in said(httpserver)} == {"evt_1"}


def test_what_was_given_up_or_taken_is_delivered_again_when_asked(queued, httpserver):
    httpserver.expect_request("/hook").respond_with_data("ok")
    Delivery.objects.update(given_up_at=timezone.now(), tries=MAX_TRIES)
    deliver(delivery_id=queued.pk)
    assert not said(httpserver)
    for times in (1, 2):
        delivery_again(queued)
        everything_due()
        assert len(said(httpserver)) == times
    queued.refresh_from_db()
    assert queued.delivered_at and queued.tries == 1


def test_two_workers_deliver_it_once(queued, httpserver):
    httpserver.expect_request("/hook").respond_with_data("ok")
    deliver(delivery_id=queued.pk)
    deliver(delivery_id=queued.pk)
    assert len(said(httpserver)) == 1


def test_nobody_there(queued, hook):
    hook.url = "http://127.0.0.1:9/hook"
    hook.save()
    everything_due()
    queued.refresh_from_db()
    assert queued.error.startswith("It cannot be reached.")
    assert queued.status is None


def test_an_answer_is_cut_and_its_secrets_are_masked(queued, hook, httpserver):
    httpserver.expect_request("/hook").respond_with_data(
        f"{hook.signing['secret']} \x00 Bearer abcdefgh12345678 " + "x" * 5000
    )
    everything_due()
    queued.refresh_from_db()
    assert len(queued.answer) == hooking.LONGEST_ANSWER
    assert hook.signing["secret"] not in queued.answer
    assert "abcdefgh12345678" not in queued.answer


def test_an_endless_answer_is_not_read(queued, httpserver):
    httpserver.expect_request("/hook").respond_with_data("x" * 100_000)
    everything_due()
    queued.refresh_from_db()
    assert "ResponseTooLarge" in queued.error


def test_a_test_says_how_it_went_and_is_not_repeated(hook, httpserver):
    httpserver.expect_ordered_request("/hook").respond_with_data("no", status=404)
    httpserver.expect_ordered_request("/hook").respond_with_data("ok")
    bad = webhook_test(hook)
    assert (bad.event, bad.status) == ("ping", 404)
    assert bad.given_up_at and bad.tries == 1 and deliveries_due() == []
    good = webhook_test(hook)
    assert (good.status, good.error, good.tries) == (200, "", 1)
    assert good.delivered_at
    body = json.loads(said(httpserver)[1].data)
    assert set(body) == {"id", "event", "at"}


def test_a_secret_that_cannot_be_read_is_said(queued, hook):
    Webhook.objects.filter(pk=hook.pk).update(signing={})
    everything_due()
    queued.refresh_from_db()
    assert queued.error == "Its signing secret cannot be read. Make a new one."


def test_what_a_person_does_to_an_upload_is_no_news_of_its_seeding(hook):
    notices_collect()
    upload = factories.UploadFactory(status="success", seeding="confirmed")
    actor = factories.UserFactory()
    upload_prioritise(upload_id=upload.pk, priority=5, actor_id=actor.pk)
    notices_collect()
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("url", ["http://a..b/x", f"http://{'a' * 64}.example/x"])
def test_a_name_that_cannot_be_one_is_nobody_there(url, hook):
    hook.url = url
    hook.save()
    assert webhook_test(hook).error == (
        "It cannot be reached. Look at the address, and whether it runs."
    )


def test_old_deliveries_are_forgotten(queued):
    Delivery.objects.update(created_at=timezone.now() - KEPT - timedelta(days=1))
    deliveries_clean()
    assert not Delivery.objects.exists()


def test_the_clock_delivers_by_itself_where_workers_start_nothing(queued, httpserver):
    httpserver.expect_request("/hook").respond_with_data("ok")
    heartbeat_write()
    Heartbeat.objects.update(seen_at=timezone.now() - timedelta(hours=1))
    watch()
    queued.refresh_from_db()
    assert queued.delivered_at


def test_the_signature_is_what_the_documents_say():
    assert signature("whsec_x", '{"a": 1}', at=1700000000) == (
        "t=1700000000,v1="
        + hmac.new(b"whsec_x", b'1700000000.{"a": 1}', hashlib.sha256).hexdigest()
    )


def test_real_uploads_are_told_from_approval_to_success(quick_desk, hook):
    notices_collect()
    release_approve(release_id=Release.objects.get().pk, actor_id=None)
    drive()
    notices_collect()
    events = list(Delivery.objects.order_by("pk").values_list("event", flat=True))
    assert events.count("approved") == 2
    assert events.count("uploaded") == 2
    bodies = " ".join(Delivery.objects.values_list("body", flat=True))
    assert "passkey" not in bodies and quick_desk.sandbox.passkey("red") not in bodies
