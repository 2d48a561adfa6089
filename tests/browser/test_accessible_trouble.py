"""Accessible as well: what is in trouble, a busy queue, and the questions in it."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from releases.models import TorrentClient, WatchFolder
from tests import factories
from tests.browser.queues import busy_queue
from trackers.models import Credential, Tracker
from uploads.models import Trouble, Upload, Webhook

pytestmark = pytest.mark.timeout(300)


def test_what_is_in_trouble_is_accessible(root, rows, eye):
    now = timezone.now()
    account = Credential.objects.get(pk=rows["trackers.credential"])
    account.paused_at, account.paused_reason = now, "It refused the key twice."
    account.checked_at = account.rotated_at = now
    account.save()
    TorrentClient.objects.update(check_ok=False, check_message="It does not answer.")
    watch = WatchFolder.objects.get()
    watch.problem = "The folder is not there. It is looked for again by itself."
    watch.save()
    Webhook.objects.update(last_error="It answered 500; 200 to 299 would be right.")
    Trouble.objects.create(
        code="client_down", message="It is away. " * 20, remedy="Go."
    )
    for path in (
        "",
        "trackers/credential/",
        f"trackers/credential/{account.pk}/change/",
        f"trackers/tracker/{account.tracker_id}/change/",
        f"releases/torrentclient/{rows['releases.torrentclient']}/change/",
        f"releases/watchfolder/{watch.pk}/change/",
        f"uploads/webhook/{rows['uploads.webhook']}/change/",
        "uploads/trouble/",
    ):
        root.open(path)
        eye.look(f"trouble, {path}")


def test_a_busy_queue_and_its_uploads_are_accessible(root, eye):
    site = factories.TrackerFactory(name="Redsite")
    failed = busy_queue(site)
    asked = Upload.objects.get(reason__code="outcome_unsettled")
    page = root.page
    root.open("queue/")
    page.get_by_label("Tick Emma → Redsite").check()
    eye.look("queue")
    page.locator("#queue-bulk").get_by_role("button", name="Send now").click()
    expect(page.locator("#queue-said .hd-alert").first).to_be_visible()
    eye.every_way("queue, said")
    Upload.objects.filter(status="success").update(
        seeding="confirmed", remote_url="http://127.0.0.1:9/red/torrents.php?id=1"
    )
    for path in (
        "",
        "analytics/",
        "uploads/upload/",
        f"uploads/upload/{failed.pk}/change/",
    ):
        root.open(path)
        eye.look(f"busy, {path}")
    for path in ("change", "again"):
        root.open(f"uploads/upload/{asked.pk}/{path}/")
        eye.look(f"question, {path}")
    root.open(f"uploads/upload/{asked.pk}/change/")
    page.get_by_label("It is there, at").fill("7")
    root.press("It is there")
    expect(page.get_by_label("I have seen it there myself")).to_be_visible()
    eye.look("question, seen")


def test_a_tracker_s_figures_are_accessible(root, rows, eye):
    tracker = Tracker.objects.get(pk=rows["trackers.tracker"])
    for status in ("success", "failed", "pending"):
        factories.UploadFactory(tracker=tracker, status=status)
    root.open(f"trackers/tracker/{tracker.pk}/change/")
    eye.look("figures of a tracker")
