"""What keeps Herald from working: found again and again, told once, ended by itself."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q

from common import clock
from common.redact import redact
from releases.models import TorrentClient, WatchFolder
from trackers.models import Credential, Tracker
from trackers.services.choosing import accounts_without, credential_choose
from uploads.models import Trouble, Upload
from uploads.services.heartbeat import heartbeat_is_late
from uploads.services.lanes import accounts_missing, stranded
from uploads.services.noticing import notices_queue, trouble_notice
from uploads.states import Outcome, UploadStatus

MANY_MISSES = 2
MANY_FAILURES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong now."""

    code: str
    message: str
    remedy: str
    subject: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from all others."""
        return self.code, self.subject[:150]


def troubles_watch() -> None:
    """Look at everything, write down what is new, and end what is over."""
    now = {one.key: one for one in _findings()}
    present = {
        (row.code, row.subject): row for row in Trouble.objects.filter(ended_at=None)
    }
    Trouble.objects.bulk_create(
        [
            Trouble(
                code=one.code,
                subject=one.key[1],
                message=redact(one.message)[:500],
                remedy=redact(one.remedy)[:300],
            )
            for key, one in now.items()
            if key not in present
        ],
        ignore_conflicts=True,  # another host saw it at the same moment
    )
    for key, row in present.items():
        if key not in now:
            _end(row)
        elif row.message != (message := redact(now[key].message)[:500]):
            # The same trouble, by other figures: it was told of already.
            Trouble.objects.filter(pk=row.pk).update(message=message)


def troubles_now() -> list[Trouble]:
    """What is wrong at present, the newest first."""
    return list(Trouble.objects.filter(ended_at=None))


def _end(row: Trouble) -> None:
    with transaction.atomic():
        if Trouble.objects.filter(pk=row.pk, ended_at=None).update(
            ended_at=clock.now()
        ):
            notices_queue([trouble_notice(row, "trouble_over")])


def _findings() -> Iterator[Finding]:
    yield from _disk()
    yield from _workers()
    yield from _watch_folders()
    yield from _clients()
    yield from _trackers()
    yield from _credentials()
    yield from _no_accounts()


def _disk() -> Iterator[Finding]:
    free = shutil.disk_usage(settings.DATA_DIR).free
    if free < settings.DISK_LOW_BYTES:
        yield Finding(
            code="disk_low",
            message=f"Only {free // 2**20} MiB are free in the data folder.",
            remedy="Make room; covers and the database cannot grow.",
        )


def _workers() -> Iterator[Finding]:
    if heartbeat_is_late():
        yield Finding(
            code="workers_late",
            message="The workers start nothing of what is queued.",
            remedy="Look into the worker's log; it starts them anew by itself.",
        )


def _watch_folders() -> Iterator[Finding]:
    rows = WatchFolder.objects.filter(is_active=True).exclude(problem="")
    for watch in rows.select_related("library"):
        yield Finding(
            code="watch_folder",
            subject=str(watch),
            message=f"The watch folder {watch}: {watch.problem}",
            remedy="Bring the folder back, or switch its watching off.",
        )


def _clients() -> Iterator[Finding]:
    refused, silent = Q(check_ok=False), Q(failures__gte=MANY_FAILURES)
    for client in TorrentClient.objects.filter(refused | silent, is_active=True):
        said = f": {client.check_message}"
        if client.check_ok is not False:
            said = " gives no answer."
        yield Finding(
            code="client_down",
            subject=client.name,
            message=f"{client.name}{said}",
            remedy="Start it, or correct its page. Seeding is proven when it is back.",
        )


def _trackers() -> Iterator[Finding]:
    rows = (
        Upload.objects.filter(
            # Also while one is being tried: the trouble is not over by that.
            Q(status__in=(UploadStatus.PENDING, UploadStatus.UPLOADING))
            | Q(status=UploadStatus.UNKNOWN, reason__code=Outcome.UNAVAILABLE),
            misses__gte=MANY_MISSES,
        )
        .values("tracker__name")
        .annotate(count=Count("pk"))
        .order_by("tracker__name")
    )
    for row in rows:
        yield Finding(
            code="tracker_down",
            subject=row["tracker__name"],
            message=f"{row['tracker__name']} cannot be reached; "
            f"{_waits(row['count'])}.",
            remedy="Nothing: they go on by themselves.",
        )


def _credentials() -> Iterator[Finding]:
    rows = Credential.objects.filter(is_active=True, paused_at__isnull=False)
    for row in rows.select_related("tracker", "owner").defer("values"):
        used = credential_choose(row.tracker, row.owner_id)
        then = f"{used.label} is used instead." if used else _nothing_sent(row)
        yield Finding(
            code="credential_paused",
            subject=f"{row} ({row.owner})" if row.owner else str(row),
            message=f"{row} is paused: {row.paused_reason} {then}",
            remedy="Press Resume on its page to use it again."
            if row.paused_by_hand
            else "Enter a working key and test it.",
        )


def _nothing_sent(paused: Credential) -> str:
    """What a paused account keeps from being sent."""
    accounts = accounts_without(paused.tracker_id)
    count = stranded(paused.tracker_id, accounts)[paused.owner_id]
    then = f"; {_waits(count)}" if count else ""
    return f"Nothing is sent there{then}."


def _no_accounts() -> Iterator[Finding]:
    missing = accounts_missing()
    for tracker in Tracker.objects.filter(pk__in=missing):
        yield Finding(
            code="account_missing",
            subject=tracker.name,
            message=f"{tracker} has no account to send by; "
            f"{_waits(missing[tracker.pk])}.",
            remedy="Add a credential, or switch one on. They go on by themselves.",
        )


def _waits(count: int) -> str:
    return "1 upload waits for it" if count == 1 else f"{count} uploads wait for it"
