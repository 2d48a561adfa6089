"""A database that takes no writes: people hear of it all the same, and of its end."""

import logging
from datetime import timedelta

import pytest
from django.db import OperationalError

from common.database import READ_ONLY
from config.ticker import Ticker, watch
from tests.database import read_only
from tests.driving import drive
from uploads.models import Notification, Trouble, Upload
from uploads.services import noticing, outage
from uploads.services.noticing import notices_collect
from uploads.services.notifying import notification_deliver, notifications_due
from uploads.services.outage import Outage
from uploads.services.troubles import troubles_now

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    """Nothing is waited for."""
    monkeypatch.setattr(noticing, "SETTLED", timedelta(seconds=-5))
    monkeypatch.setattr(outage, "LASTING_SECONDS", 0.0)


def told(service):
    return [one["title"] for one in service()]


def deliver():
    for pk in notifications_due():
        notification_deliver(pk)


def test_people_are_told_once_while_nothing_can_be_written_and_when_it_is_over(
    target, service, caplog
):
    notices_collect()
    clock = Ticker()
    with read_only(), caplog.at_level(logging.WARNING):
        for _ in range(5):
            clock.tick()
    assert told(service) == [f"Something keeps Herald from working: {READ_ONLY}"]
    assert caplog.text.count(READ_ONLY) == 1, "not once a second"
    assert "Traceback" not in caplog.text
    assert not Notification.objects.exists()

    clock.tick()
    row = Trouble.objects.get(code="database_writes")
    assert row.message == READ_ONLY
    assert row.ended_at
    assert row.since <= row.ended_at
    assert troubles_now() == []
    watch()
    deliver()
    assert told(service)[1:] == [
        f"What kept Herald from working is over: “{READ_ONLY}”"
    ]
    clock.tick()
    assert Trouble.objects.count() == 1


def test_workers_go_on_where_they_were(approved, sandbox):
    clock = Ticker()
    with read_only():
        clock.tick()
    clock.tick()
    drive()
    assert not Upload.objects.exclude(status="success").exists()
    for site in ("red", "ops"):
        assert len(sandbox.uploads(site)) == 1


def test_a_moment_or_another_trouble_is_nothing_to_tell(target, service, monkeypatch):
    monkeypatch.setattr(outage, "LASTING_SECONDS", 60.0)
    found = Outage()
    for _ in range(3):
        found.seen(OperationalError("attempt to write a readonly database"))
    found.over()
    monkeypatch.setattr(outage, "LASTING_SECONDS", 0.0)
    for _ in range(3):
        found.seen(OperationalError("database is locked"))
    found.over()
    assert told(service) == []
    assert not Trouble.objects.exists()


def test_a_service_that_is_away_as_well_ends_nothing(target, httpserver, caplog):
    target.address = {"url": "json://127.0.0.1:9/hook"}
    target.save()
    found = Outage()
    for _ in range(3):
        found.seen(OperationalError("database or disk is full"))
    assert caplog.text.count("could not be told") == 1
    found.over()
    assert Trouble.objects.get().ended_at
