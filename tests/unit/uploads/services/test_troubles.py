"""What keeps Herald from working: found, told once, and over with its cause."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from config.ticker import watch
from tests import factories
from trackers.models import Credential
from trackers.services.credentials import credential_pause, credential_resume
from uploads.models import (
    Heartbeat,
    Notification,
    Trouble,
    Upload,
)
from uploads.notices import Notice
from uploads.services import noticing
from uploads.services.claiming import why_no_account
from uploads.services.noticing import notices_collect, notices_queue
from uploads.services.troubles import troubles_now, troubles_watch

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    """Events count as settled at once."""
    monkeypatch.setattr(noticing, "SETTLED", timedelta(seconds=-5))


def titles():
    return list(Notification.objects.order_by("pk").values_list("title", flat=True))


def codes():
    return sorted(row.code for row in troubles_now())


def test_a_trouble_is_told_once_and_ends_with_its_cause(target, settings):
    notices_collect()
    settings.DISK_LOW_BYTES = 2**62
    for _ in range(3):
        watch()
    assert codes() == ["disk_low"]
    assert len(titles()) == 1
    assert re.search(r"Only \d+\.\d [MGT]iB are free in the data folder\.", titles()[0])
    settings.DISK_LOW_BYTES = 0
    for _ in range(2):
        watch()
    assert codes() == []
    assert titles()[1].startswith("What kept Herald from working is over: “Only")
    settings.DISK_LOW_BYTES = 2**62
    watch()
    assert Trouble.objects.count() == 2, "another time is another row"


def test_each_kind_of_trouble_is_found(quick_desk):
    client = factories.TorrentClientFactory(
        name="seedbox", check_ok=False, check_message="does not answer"
    )
    paused = Credential.objects.get(tracker__slug="red")
    credential_pause(paused, "The key is wrong.")
    Heartbeat.objects.create(worker="w", seen_at="2020-01-01T00:00:00Z")
    Upload.objects.update(status="pending", misses=2)
    troubles_watch()
    told = {row.code: row.message for row in troubles_now()}
    assert set(told) == {
        "client_down",
        "credential_paused",
        "tracker_down",
        "workers_late",
    }
    assert told["client_down"] == "seedbox: does not answer"
    assert "The key is wrong." in told["credential_paused"]
    assert Trouble.objects.filter(code="tracker_down").count() == 2, "one a tracker"
    assert told["tracker_down"].endswith("; 1 upload waits for it.")

    client.check_ok, client.failures = True, 3
    client.save()
    troubles_watch()
    assert Trouble.objects.filter(ended_at=None, code="client_down").count() == 1
    client.failures = 0
    client.save()
    credential_resume(Credential.objects.get(pk=paused.pk))
    Heartbeat.objects.update(seen_at=timezone.now())
    Upload.objects.update(misses=0)
    troubles_watch()
    assert codes() == []
    assert not Trouble.objects.filter(ended_at=None).exists()


def test_a_client_that_is_silent_is_told_in_one_sentence():
    factories.TorrentClientFactory(name="seedbox", failures=3)
    troubles_watch()
    assert [row.message for row in troubles_now()] == ["seedbox gives no answer."]


def test_a_pause_that_a_person_set_asks_for_no_other_key(quick_desk):
    paused = Credential.objects.get(tracker__slug="red")
    credential_pause(paused, "Paused by pat.", by_hand=True)
    troubles_watch()
    (row,) = troubles_now()
    assert row.remedy == "Press Resume on its page to use it again."
    assert "Press Resume on its page, or let" in why_no_account(paused.tracker)


def test_where_no_worker_works_the_supervisor_delivers(target, service):
    notices_queue([Notice(event="trouble", subject="All is late")])
    Heartbeat.objects.create(worker="w", seen_at=timezone.now())
    watch()
    assert service() == [], "workers do it"
    Heartbeat.objects.update(seen_at="2020-01-01T00:00:00Z")
    watch()
    assert service()[0]["title"] == "Something keeps Herald from working: All is late"
