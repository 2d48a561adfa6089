"""Whatever several hosts compare is told by the database's clock."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from common import clock
from common.worker import is_abandoned
from tests.factories import CredentialFactory, UploadFactory
from trackers.models import RequestBudget
from trackers.services.budgets import budget_block, budget_take
from trackers.types import Action
from uploads.models import Heartbeat, Upload
from uploads.services.heartbeat import heartbeat_is_late, heartbeat_write
from uploads.services.lanes import due_uploads
from uploads.services.recovery import claims_recover

ROOT = Path(__file__).resolve().parents[3]
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite's file is used on one machine"
)


@pytest.fixture(params=[-1, 1], ids=["an hour behind", "an hour ahead"])
def elsewhere(request, monkeypatch):
    """From here on this process is a host whose clock differs by an hour."""
    right = timezone.now

    def move():
        monkeypatch.setattr(timezone, "now", lambda: right() + request.param * HOUR)

    return move


def test_it_is_aware_and_goes_on():
    first, second = clock.now(), clock.now()
    assert first.tzinfo is not None
    assert first <= second
    assert abs(second - timezone.now()) < timedelta(seconds=60)


@on_postgresql
def test_it_is_not_this_hosts_clock(elsewhere):
    before = clock.now()
    elsewhere()
    assert abs(clock.now() - before) < timedelta(seconds=60)


@on_postgresql
def test_budgets_hold_between_hosts_whose_clocks_differ(elsewhere):
    account = CredentialFactory(tracker__budget_requests=2, tracker__budget_seconds=600)
    assert budget_take(account, Action.SEARCH) == 0
    elsewhere()
    assert budget_take(account, Action.SEARCH) == 0
    assert 590 < budget_take(account, Action.SEARCH) <= 600.1
    RequestBudget.objects.update(spent=[])
    budget_block(account, 60)
    assert 50 < budget_take(account, Action.SEARCH) <= 60


@on_postgresql
def test_nobody_steals_a_claim_by_a_wrong_clock(elsewhere):
    claimed = UploadFactory(
        status="uploading", claimed_by="other:x.1:5:7", claimed_at=clock.now()
    )
    elsewhere()
    assert not is_abandoned("other:x.1:5:7", claimed.claimed_at)
    assert claims_recover() == 0
    assert Upload.objects.get().status == "uploading"


@on_postgresql
def test_what_is_due_is_due_everywhere(elsewhere):
    UploadFactory(status="pending", not_before=clock.now() + HOUR / 2)
    elsewhere()
    assert not due_uploads().exists()
    Upload.objects.update(not_before=clock.now() - timedelta(seconds=1))
    assert due_uploads().exists()


@on_postgresql
def test_signs_of_life_have_the_same_clock(elsewhere):
    elsewhere()
    heartbeat_write()
    assert not heartbeat_is_late()
    now = clock.now()
    assert abs(now - Heartbeat.objects.get().seen_at) < timedelta(seconds=60)


def test_no_upload_asks_its_own_host_for_the_time():
    asked = re.compile(r"timezone\.now|datetime\.now|utcnow|time\.time\(")
    found = [
        path.name
        for path in (ROOT / "uploads" / "services").glob("*.py")
        if asked.search(path.read_text(encoding="utf-8"))
    ]
    # A leap is one of this host's own clock.
    assert found == ["clock.py"]
