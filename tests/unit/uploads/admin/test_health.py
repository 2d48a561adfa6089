"""How trackers and the machine stand, on the first page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories
from trackers.models import RequestBudget
from trackers.services.budgets import budget_take
from trackers.types import Action
from uploads.models import Heartbeat, Trouble
from uploads.services.heartbeat import heartbeat_write

pytestmark = pytest.mark.django_db


def page(client):
    return client.get(reverse("admin:index"))


def trackers(answer):
    shown = answer.context["dashboard"].trackers
    return {one.tracker.name: one for one in shown}


def test_each_tracker_says_how_it_stands(client, people):
    now = timezone.now()
    names = ("Fine", "Away", "Paused", "Half", "Held", "Nobody")
    rows = {name: factories.TrackerFactory(name=name) for name in names}
    factories.TrackerFactory(name="Off", is_active=False)
    fine = factories.CredentialFactory(tracker=rows["Fine"])
    factories.CredentialFactory(tracker=rows["Away"])
    factories.CredentialFactory(tracker=rows["Paused"], paused_at=now)
    factories.CredentialFactory(tracker=rows["Half"])
    factories.CredentialFactory(tracker=rows["Half"], paused_at=now)
    held = factories.CredentialFactory(tracker=rows["Held"])
    later = now + timedelta(minutes=1)
    RequestBudget.objects.create(credential=held, blocked_until=later)
    budget_take(fine, Action.CHECK)
    Trouble.objects.create(code="tracker_down", subject="Away", message="Away.")
    factories.UploadFactory(tracker=rows["Fine"], status="success", finished_at=now)

    client.force_login(people["viewer"])
    answer = page(client)
    found = trackers(answer)

    assert {name: one.state for name, one in found.items()} == {
        "Fine": "healthy",
        "Away": "away",
        "Paused": "paused key",
        "Half": "an account is paused",
        "Held": "asked us to wait",
        "Nobody": "no account",
    }
    assert (found["Fine"].used, found["Fine"].share) == (1, 2)
    assert found["Fine"].last_success == now
    assert found["Away"].away_since is not None
    assert "1 of 50 in 1 s" in answer.content.decode()


def test_the_machine_s_state_is_told(client, people, tmp_path):
    heartbeat_write()
    Heartbeat.objects.create(worker="odd", seen_at=timezone.now())
    factories.LibraryFactory(name="Here", path=str(tmp_path))
    factories.LibraryFactory(name="Gone", path="/proc/nowhere")
    hour = timezone.now() - timedelta(hours=1)
    factories.UploadFactory(status="pending", approved_at=hour)
    client.force_login(people["viewer"])
    answer = page(client)
    told = answer.context["dashboard"].machine
    disks = {disk.name: bool(disk.free) for disk in told.disks}
    assert disks.items() >= {"Data": True, "Here": True, "Gone": False}.items()
    assert (told.due, told.oldest_due) == (1, hour)
    assert len(told.workers) == 2
    text = answer.content.decode()
    for words in ("cannot be read", "1 upload", "odd: "):
        assert words in text
