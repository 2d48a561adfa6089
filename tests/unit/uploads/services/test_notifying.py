"""Messages to people: who hears what, once, through a real service over HTTP."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.redact import remember_secret
from releases.models import ReleaseEvent
from releases.states import ReleaseState
from tests import factories
from tests.driving import drive
from uploads.models import (
    EventCursor,
    Notification,
    NotificationTarget,
    Upload,
    UploadEvent,
)
from uploads.notices import Notice, message
from uploads.services import noticing
from uploads.services.approval import release_approve
from uploads.services.noticing import notices_collect, notices_queue
from uploads.services.notifying import (
    notifications_due,
)
from uploads.services.queueing import upload_prioritise
from uploads.services.seeding import seeding_restart
from uploads.tasks import notify

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    """Events count as settled at once."""
    monkeypatch.setattr(noticing, "SETTLED", timedelta(seconds=-5))


def deliver():
    for pk in notifications_due():
        notify(notification_id=pk)


def titles():
    return list(Notification.objects.order_by("pk").values_list("title", flat=True))


def test_the_whole_way_from_an_event_to_a_message(target, service):
    notices_collect()
    release = factories.ReleaseFactory(title="A Book")
    ReleaseEvent.objects.create(
        release=release, old="preparing", new="failed", reason="The folder is empty."
    )
    assert notices_collect() == 1
    assert notices_collect() == 0, "told once"
    deliver()
    (said,) = service()
    assert said["title"] == "Preparing a release failed: A Book"
    assert said["message"] == "The folder is empty."
    assert said["type"] == "failure"
    deliver()
    assert len(service()) == 1
    target.refresh_from_db()
    assert target.last_sent_at
    assert target.last_error == ""


def test_what_happened_before_the_first_look_is_not_told(target):
    ReleaseEvent.objects.create(release=factories.ReleaseFactory(), new="failed")
    assert notices_collect() == 0
    assert EventCursor.objects.get(name="releases").last > 0


@pytest.mark.parametrize(
    ("old", "new", "event"),
    [
        ("preparing", "ready", "release_ready"),
        ("approved", "ready", ""),
        ("approved", "published", "published"),
        ("preparing", "failed", "release_failed"),
        ("ready", "approved", ""),
    ],
)
def test_moves_of_releases(target, old, new, event):
    notices_collect()
    release = factories.ReleaseFactory()
    ReleaseEvent.objects.create(release=release, old=old, new=ReleaseState(new))
    notices_collect()
    assert list(Notification.objects.values_list("event", flat=True)) == (
        [event] if event else []
    )


def test_a_release_on_its_way_is_told_step_by_step(quick_desk, sandbox, target):
    notices_collect()
    sandbox.fail("ops", "upload", "refuse", message="No audiobooks here.")
    release_approve(release_id=Upload.objects.earliest("pk").release_id, actor_id=None)
    drive()
    notices_collect()
    (failed,) = Notification.objects.all()
    assert failed.event == "upload_failed"
    assert failed.title == "An upload failed: The Time Machine → Orpheus"
    assert "No audiobooks here." in failed.body


@pytest.mark.parametrize("code", ["outcome_unsettled", "sent_in_vain"])
def test_a_question_is_told_as_one(code, quick_desk, target):
    notices_collect()
    upload = Upload.objects.earliest("pk")
    Upload.objects.update(reason={"code": code}, seeding="problem")
    UploadEvent.objects.create(upload=upload, old="unknown", new="failed")
    UploadEvent.objects.create(upload=upload, old="success", new="success", reason="x")
    UploadEvent.objects.create(upload=upload, old="pending", new="uploading")
    notices_collect()
    events = set(Notification.objects.values_list("event", flat=True))
    assert events == {"question", "not_seeding"}


def test_many_of_a_kind_are_one_message(target):
    many = [Notice(event="upload_failed", subject=f"No. {n}") for n in range(30)]
    assert notices_queue(many) == 1
    row = Notification.objects.get()
    assert row.title == "30 uploads failed"
    assert row.body.splitlines()[-1] == "… and 22 more."


def test_links_only_where_there_is_an_address():
    one = [Notice(event="question", subject="A → B", reason="Why", path="/admin/x/1/")]
    _, body = message("question", one, base="https://herald.example/")
    assert body == "Why https://herald.example/admin/x/1/"
    assert message("question", one, base="")[1] == "Why"


def test_lines_of_many_have_one_sign_between_what_and_why():
    two = [
        Notice(
            event="trouble", subject="qBittorrent gives no answer.", reason="Start it."
        ),
        Notice(event="trouble", subject="A → B", reason="Why"),
    ]
    _, body = message("trouble", two, base="")
    assert body == "qBittorrent gives no answer. Start it.\nA → B: Why"


def test_a_message_without_a_reason_still_has_a_body():
    one = [Notice(event="trouble_over", subject="It hung.")]
    assert message("trouble_over", one, base="") == (
        "What kept Herald from working is over: “It hung.”",
        "It hung.",
    )


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ("trouble", "failure"),
        ("not_seeding", "warning"),
        ("trouble_over", "success"),
        ("release_ready", "info"),
    ],
)
def test_a_message_has_the_type_of_what_happened(target, service, event, kind):
    notices_queue([Notice(event=event, subject="It")])
    deliver()
    assert service()[0]["type"] == kind


def test_only_who_wants_to_hear_is_told(target, service):
    for changes in (
        {"events": ["published"]},
        {"is_active": False},
        {"user": factories.UserFactory(is_active=False)},
    ):
        NotificationTarget.objects.create(
            **{
                "user": target.user,
                "name": str(changes),
                "address": {"url": service.url},
                "events": ["question"],
                **changes,
            }
        )
    assert notices_queue([Notice(event="question", subject="x")]) == 1
    assert Notification.objects.get().target == target


def test_two_hosts_tell_once(target, monkeypatch):
    notices_collect()
    ReleaseEvent.objects.create(
        release=factories.ReleaseFactory(), old="preparing", new="failed"
    )
    real = noticing._of_releases

    def meanwhile(pks):
        monkeypatch.setattr(
            noticing, "_SOURCES", (("releases", *noticing._SOURCES[0][1:3], real),)
        )
        return real(pks)

    EventCursor.objects.filter(name="releases").update(last=0)
    stale = EventCursor.objects.get(name="releases")
    assert notices_collect() == 1
    monkeypatch.setattr(
        EventCursor.objects, "get_or_create", lambda **_: (stale, False)
    )
    assert notices_collect() == 0, "the other host was quicker"
    assert meanwhile([])


def test_what_a_person_does_to_an_upload_is_no_news_of_its_seeding(target):
    notices_collect()
    upload = factories.UploadFactory(status="success", seeding="problem")
    actor = factories.UserFactory()
    upload_prioritise(upload_id=upload.pk, priority=5, actor_id=actor.pk)
    seeding_restart(upload.pk, actor_id=actor.pk)
    Upload.objects.update(seeding="problem")
    assert notices_collect() == 0


def test_events_are_read_without_what_is_heavy(target):
    notices_collect()
    upload = factories.UploadFactory(status="failed", reason={"code": "rejected"})
    UploadEvent.objects.create(upload=upload, old="uploading", new="failed")
    ReleaseEvent.objects.create(release=upload.release, old="preparing", new="failed")
    with CaptureQueriesContext(connection) as asked:
        assert notices_collect() == 2
    for query in asked.captured_queries:
        assert "given_torrent" not in query["sql"]
        assert '"payload"' not in query["sql"]


def test_a_title_is_short_enough_when_its_secrets_are_masked(target):
    remember_secret("s3cr3t")
    notices_queue([Notice(event="published", subject="s3cr3t " * 40)])
    assert len(Notification.objects.get().title) <= 200
