"""Doing what workers do, in the test's own process, with time that is moved.

Rows say when something is due; instead of waiting, `pass_time` moves all of these
times back.
"""

from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from releases.models import TorrentClient
from trackers.models import RequestBudget
from uploads.models import DuplicateSearch, Upload
from uploads.services.claiming import claim_next
from uploads.services.recovery import uploads_sweep
from uploads.services.running import uploads_work
from uploads.services.settling import upload_settle

TIMES = ("not_before", "claimed_at", "seeding_due_at")
SEARCH_TIMES = ("due_at", "claimed_at")
CLIENT_TIMES = ("not_before", "busy_until")
LIVE = ("pending", "uploading", "unknown")


def pass_time(seconds):
    """Let everything that waits have waited for so many seconds."""
    by = timedelta(seconds=seconds)
    for name in TIMES:
        rows = Upload.objects.filter(**{f"{name}__isnull": False})
        rows.update(**{name: F(name) - by})
    for name in SEARCH_TIMES:
        searches = DuplicateSearch.objects.filter(**{f"{name}__isnull": False})
        searches.update(**{name: F(name) - by})
    for name in CLIENT_TIMES:
        clients = TorrentClient.objects.filter(**{f"{name}__isnull": False})
        clients.update(**{name: F(name) - by})
    RequestBudget.objects.exclude(blocked_until=None).update(
        blocked_until=F("blocked_until") - by
    )
    for budget in RequestBudget.objects.all():
        budget.spent = [at - seconds for at in budget.spent]
        budget.save()


def work():
    """One round of a worker: send what is due, look for what is unknown, sweep."""
    uploads_work()
    due = Q(not_before=None) | Q(not_before__lte=timezone.now())
    unknown = Upload.objects.filter(due, status="unknown")
    for pk in list(unknown.values_list("pk", flat=True)):
        upload_settle(pk)
    uploads_sweep()


def drive(*, rounds=60, seconds=600.0):
    """Work and pass time until no upload is under way; fails when that never comes."""
    for _ in range(rounds):
        work()
        if not Upload.objects.filter(status__in=LIVE).exists():
            return
        pass_time(seconds)
    stuck = Upload.objects.filter(status__in=LIVE)
    raise AssertionError(list(stuck.values("tracker__slug", "status", "reason")))


def drive_until(check, *, rounds=60, seconds=600.0):
    """Work and pass time until `check()` is true."""
    for _ in range(rounds):
        work()
        if check():
            return
        pass_time(seconds)
    raise AssertionError("It never came true.")


def moves(upload):
    """The statuses an upload went through, oldest first, without notes."""
    pairs = upload.events.values_list("old", "new")
    return [new for old, new in pairs if old != new]


def claim() -> Upload:
    """The next upload, taken as a worker takes it."""
    upload = claim_next()
    assert upload is not None, "nothing is due"
    return upload
