"""A clock that jumps an hour either way: rows seem older, or lie ahead."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from releases.models import ReleaseEvent
from tests import factories
from tests.driving import claim, drive, pass_time, work
from tests.interrupting import bury, dead_worker
from trackers.models import Credential, RequestBudget
from trackers.services.budgets import budget_block, budget_take
from trackers.types import Action
from uploads.models import EventCursor, Notification, Upload
from uploads.services.attempts import attempt_open, attempt_sending
from uploads.services.clock import Leap
from uploads.services.noticing import notices_collect
from uploads.services.recovery import claims_recover, uploads_sweep
from uploads.states import Seeding, UploadStatus

pytestmark = pytest.mark.django_db
HOUR = 3600
ELSEWHERE = "otherhost:boot.1:1:1"


class Watch(Leap):
    """A watch over a clock that a test sets."""

    def __init__(self, monkeypatch):
        self.wall = self.passed = 0.0
        real, monotonic = time.time, time.monotonic
        monkeypatch.setattr(time, "time", lambda: real() + self.wall)
        monkeypatch.setattr(time, "monotonic", lambda: monotonic() + self.passed)
        super().__init__()

    def jump(self, seconds):
        self.wall += seconds

    def let_pass(self, seconds):
        self.wall += seconds
        self.passed += seconds


@pytest.fixture
def leap(monkeypatch):
    return Watch(monkeypatch)


@pytest.mark.parametrize("by", [HOUR, -HOUR])
def test_a_jump_is_noticed_and_forgotten_after_a_lease(by, leap, settings):
    assert not leap.is_recent()
    leap.jump(by)
    assert leap.is_recent()
    leap.let_pass(settings.CLAIM_LEASE_SECONDS - 60)
    assert leap.is_recent()
    leap.let_pass(120)
    assert not leap.is_recent()


def test_time_that_passes_is_no_jump(leap):
    leap.let_pass(10 * HOUR)
    assert not leap.is_recent()


@pytest.mark.parametrize("worker", ["mine", "elsewhere"])
def test_an_hour_ahead_takes_nothing_from_the_living(worker, approved, upload):
    upload_there = claim()
    if worker == "elsewhere":
        Upload.objects.filter(pk=upload_there.pk).update(claimed_by=ELSEWHERE)
    pass_time(HOUR)
    assert claims_recover(leases=False) == 0
    assert claims_recover() == 1, "once a lease of real time has passed"


def test_an_hour_ahead_frees_the_dead_at_once(approved):
    claim()
    bury(dead_worker())
    pass_time(HOUR)
    assert claims_recover(leases=False) == 1


def test_who_sends_when_the_clock_jumps_sends_once(approved, upload, sandbox):
    first = claim()
    assert first.credential
    attempt_sending(attempt_open(first, first.credential))
    pass_time(HOUR)
    uploads_sweep(leases=False)
    first.refresh_from_db()
    assert first.status == UploadStatus.UPLOADING


def test_an_hour_back_lets_a_lost_claim_wait_for_its_lease_and_no_longer(
    approved, upload, settings
):
    held = claim()
    Upload.objects.filter(pk=held.pk).update(claimed_by=ELSEWHERE)
    pass_time(-HOUR)
    uploads_sweep()
    assert upload(held.tracker.slug).status == UploadStatus.UPLOADING
    pass_time(settings.CLAIM_LEASE_SECONDS + 1)
    uploads_sweep()
    assert upload(held.tracker.slug).status == UploadStatus.PENDING


@pytest.mark.parametrize("code", ["unavailable", "budget", "internal"])
def test_an_hour_back_holds_nothing_that_waits(code, approved, upload):
    soon = timezone.now() + timedelta(seconds=1800)
    Upload.objects.update(not_before=soon, reason={"code": code})
    uploads_sweep()
    assert upload("red").not_before == soon
    pass_time(-HOUR)
    uploads_sweep()
    assert upload("red").not_before <= timezone.now()
    drive()
    assert upload("red").status == UploadStatus.SUCCESS


def test_an_hour_back_shortens_no_pause_that_a_site_asked_for(approved, upload):
    late = timezone.now() + timedelta(hours=20)
    Upload.objects.update(not_before=late, reason={"code": "rate_limited"})
    uploads_sweep()
    assert upload("red").not_before == late


@pytest.fixture
def red(quick_desk):
    return Credential.objects.get(tracker__slug="red")


def test_a_wait_for_a_budget_of_a_day_is_no_jump(approved, upload, red, sandbox):
    red.tracker.action_budgets = {"upload": [1, 86_400]}
    red.tracker.save()
    assert budget_take(red, Action.UPLOAD) == 0
    work()
    held = upload("red").not_before
    assert held > timezone.now() + timedelta(hours=23)
    uploads_sweep()
    assert upload("red").not_before == held
    assert not sandbox.requests("red", "upload")


def test_who_waits_with_a_blocked_account_waits_for_no_jump(approved, upload, red):
    budget_block(red, 4 * HOUR)
    work()
    held = upload("red").not_before
    assert held > timezone.now() + timedelta(hours=3)
    uploads_sweep()
    assert upload("red").not_before == held


def test_looks_may_be_as_far_apart_as_the_settings_say(
    approved, upload, sandbox, settings
):
    settings.SETTLE_LOOKS = (3.0, 2.0 * HOUR)
    sandbox.fail("red", "upload", "drop-after")
    sandbox.fail("red", "*", "hide", times=0)
    work()
    pass_time(5)
    for _ in range(3):
        work()
    assert upload("red").looks == 1, "the site shows it late"
    sandbox.heal()
    drive()
    assert len(sandbox.requests("red", "upload")) == 1


def test_a_block_that_a_wrong_clock_wrote_holds_nobody(approved, upload, red):
    budget_block(red, 30 * 24 * HOUR)
    budget_block(red, 60)
    assert 59 < budget_take(red, Action.UPLOAD) <= 60, "what is asked for since counts"
    drive()
    assert upload("red").status == UploadStatus.SUCCESS


def test_an_hour_back_holds_nobody_who_looks(approved, upload, sandbox):
    sandbox.fail("red", "upload", "drop-after")
    work()
    assert upload("red").status == UploadStatus.UNKNOWN
    pass_time(-HOUR)
    uploads_sweep()
    work()
    drive()
    assert len(sandbox.requests("red", "upload")) == 1


def test_an_hour_back_holds_nobody_who_follows_seeding():
    due = timezone.now() + timedelta(seconds=300 + HOUR)
    one = factories.UploadFactory(
        status="success", seeding=Seeding.WAITING, seeding_due_at=due
    )
    uploads_sweep()
    one.refresh_from_db()
    assert one.seeding_due_at <= timezone.now()


@pytest.mark.parametrize("by", [HOUR, -HOUR])
def test_a_budget_of_another_time_blocks_nobody(by, approved, upload):
    work()
    for row in RequestBudget.objects.all():
        row.spent = [at - by for at in row.spent] * 100
        row.save()
    Upload.objects.filter(tracker__slug="red").update(
        status="pending", remote_id="", not_before=None
    )
    assert claim().tracker.slug == "red"


def test_events_from_an_hour_ahead_are_told_and_hide_no_other(target):
    notices_collect()
    release = factories.ReleaseFactory(title="A Book")
    made = {"release": release, "old": "preparing", "new": "failed"}
    for reason, at in (
        ("Ahead.", timedelta(hours=1)),
        ("Old.", timedelta(minutes=-1)),
        ("Young.", timedelta()),
        ("Old as well.", timedelta(minutes=-1)),
    ):
        event = ReleaseEvent.objects.create(**made, reason=reason)
        ReleaseEvent.objects.filter(pk=event.pk).update(created_at=timezone.now() + at)
    notices_collect()
    (message,) = Notification.objects.filter(event="release_failed")
    assert "Ahead." in message.body
    assert "Old." in message.body
    assert "Young" not in message.body, "one with a lower number may still come"
    young = ReleaseEvent.objects.get(reason="Young.")
    assert EventCursor.objects.get(name="releases").last == young.pk - 1
    ReleaseEvent.objects.filter(pk=young.pk).update(
        created_at=timezone.now() - timedelta(seconds=10)
    )
    notices_collect()
    assert "Old as well." in Notification.objects.order_by("-pk")[0].body
