"""Pages in the time zone and language of whoever looks."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from config.people.models import Preferences
from releases.models import ReleaseEvent
from tests import factories

pytestmark = pytest.mark.django_db
MOMENT = datetime(2026, 1, 31, 23, 30, tzinfo=ZoneInfo("UTC"))


@pytest.fixture
def page(client, people):
    """The history of a release in which something happened at MOMENT, as seen."""
    client.force_login(people["viewer"])
    release = factories.ReleaseFactory()
    event = release.events.create(new="ready")
    ReleaseEvent.objects.filter(pk=event.pk).update(created_at=MOMENT)

    def see(**preferences):
        Preferences.objects.update_or_create(
            user=people["viewer"], defaults=preferences
        )
        url = reverse("admin:releases_release_history", args=[release.pk])
        return client.get(url).content.decode()

    return see


def test_without_a_wish_times_are_heralds_own(page):
    assert "31 Jan 2026, 23:30:00 UTC" in page()


def test_times_are_in_the_persons_zone_and_say_so(page):
    assert "1 Feb 2026, 00:30:00 CET" in page(time_zone="Europe/Vienna")


def test_a_zone_that_is_no_more_falls_back(page):
    assert "23:30:00 UTC" in page(time_zone="Nowhere/Gone")


def test_one_persons_zone_does_not_reach_the_next(page, client, people):
    page(time_zone="Asia/Tokyo")
    client.force_login(people["admin"])
    entry = LogEntry.objects.create(
        user=people["admin"], action_flag=1, object_repr="x"
    )
    LogEntry.objects.filter(pk=entry.pk).update(action_time=MOMENT)
    url = reverse("admin:auth_user_history", args=[people["admin"].pk])
    assert "23:30:00 UTC" in client.get(url).content.decode()


def test_the_api_answers_in_utc_whatever_the_zone(page, client):
    page(time_zone="Asia/Tokyo")
    row = client.get("/api/releases/").json()["results"][0]
    assert row["created_at"].endswith("Z")
