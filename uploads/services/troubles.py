"""What keeps Herald from working: found again and again, told once, ended by itself."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q

from common import clock
from common.figures import size_text
from common.redact import redact
from common.texts import gettext_noop
from releases.models import TorrentClient, WatchFolder
from trackers.models import Credential, Tracker
from trackers.services.choosing import accounts_without, credential_choose
from uploads.models import Trouble, Upload
from uploads.services.heartbeat import heartbeat_is_late
from uploads.services.lanes import accounts_missing, stranded
from uploads.services.noticing import notices_queue, trouble_notice
from uploads.states import Outcome, UploadStatus

# Rows keep these sentences; the dashboard says them in the person's language.
DISK_LOW = gettext_noop("Only %(free)s are free in the data folder.")
MAKE_ROOM = gettext_noop("Make room; covers and the database cannot grow.")
WORKERS_LATE = gettext_noop("The workers start nothing of what is queued.")
LOOK_AT_WORKER = gettext_noop(
    "Look into the worker's log; it starts them anew by itself."
)
WATCH_FOLDER = gettext_noop("The watch folder %(folder)s: %(problem)s")
BRING_FOLDER_BACK = gettext_noop("Bring the folder back, or switch its watching off.")
CLIENT_SILENT = gettext_noop("%(client)s gives no answer.")
START_CLIENT = gettext_noop(
    "Start it, or correct its page. Seeding is proven when it is back."
)
ONE_WAITS = gettext_noop("%(tracker)s cannot be reached; 1 upload waits for it.")
SEVERAL_WAIT = gettext_noop(
    "%(tracker)s cannot be reached; %(count)s uploads wait for it."
)
THEY_GO_ON = gettext_noop("Nothing: they go on by themselves.")
PAUSED = gettext_noop("%(account)s is paused: %(reason)s Nothing is sent there.")
PAUSED_ONE = gettext_noop(
    "%(account)s is paused: %(reason)s Nothing is sent there; 1 upload waits for it."
)
PAUSED_WAIT = gettext_noop(
    "%(account)s is paused: %(reason)s Nothing is sent there; %(count)s uploads wait "
    "for it."
)
PAUSED_WAITS = {0: PAUSED, 1: PAUSED_ONE}
NO_ACCOUNT_ONE = gettext_noop(
    "%(tracker)s has no account to send by; 1 upload waits for it."
)
NO_ACCOUNT = gettext_noop(
    "%(tracker)s has no account to send by; %(count)s uploads wait for it."
)
ADD_ACCOUNT = gettext_noop(
    "Add a credential, or switch one on. They go on by themselves."
)
PAUSED_OTHER = gettext_noop(
    "%(account)s is paused: %(reason)s %(other)s is used instead."
)
PRESS_RESUME = gettext_noop("Press Resume on its page to use it again.")
ENTER_KEY = gettext_noop("Enter a working key and test it.")
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
            message=DISK_LOW % {"free": size_text(free)},
            remedy=MAKE_ROOM,
        )


def _workers() -> Iterator[Finding]:
    if heartbeat_is_late():
        yield Finding(
            code="workers_late",
            message=WORKERS_LATE,
            remedy=LOOK_AT_WORKER,
        )


def _watch_folders() -> Iterator[Finding]:
    rows = WatchFolder.objects.filter(is_active=True).exclude(problem="")
    for watch in rows.select_related("library"):
        yield Finding(
            code="watch_folder",
            subject=str(watch),
            message=WATCH_FOLDER % {"folder": watch, "problem": watch.problem},
            remedy=BRING_FOLDER_BACK,
        )


def _clients() -> Iterator[Finding]:
    refused, silent = Q(check_ok=False), Q(failures__gte=MANY_FAILURES)
    for client in TorrentClient.objects.filter(refused | silent, is_active=True):
        said = f"{client.name}: {client.check_message}"
        if client.check_ok is not False:
            said = CLIENT_SILENT % {"client": client.name}
        yield Finding(
            code="client_down",
            subject=client.name,
            message=said,
            remedy=START_CLIENT,
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
        tracker, count = row["tracker__name"], row["count"]
        text = ONE_WAITS if count == 1 else SEVERAL_WAIT
        yield Finding(
            code="tracker_down",
            subject=tracker,
            message=text % {"tracker": tracker, "count": count},
            remedy=THEY_GO_ON,
        )


def _credentials() -> Iterator[Finding]:
    rows = Credential.objects.filter(is_active=True, paused_at__isnull=False)
    for row in rows.select_related("tracker", "owner").defer("values"):
        used = credential_choose(row.tracker, row.owner_id)
        count = 0 if used else _stranded(row)
        text = PAUSED_OTHER if used else PAUSED_WAITS.get(count, PAUSED_WAIT)
        yield Finding(
            code="credential_paused",
            subject=f"{row} ({row.owner})" if row.owner else str(row),
            message=text
            % {
                "account": row,
                "reason": row.paused_reason,
                "other": used.label if used else "",
                "count": count,
            },
            remedy=PRESS_RESUME if row.paused_by_hand else ENTER_KEY,
        )


def _stranded(paused: Credential) -> int:
    """How many uploads a paused account keeps from being sent."""
    accounts = accounts_without(paused.tracker_id)
    return stranded(paused.tracker_id, accounts)[paused.owner_id]


def _no_accounts() -> Iterator[Finding]:
    missing = accounts_missing()
    for tracker in Tracker.objects.filter(pk__in=missing):
        count = missing[tracker.pk]
        yield Finding(
            code="account_missing",
            subject=tracker.name,
            message=(NO_ACCOUNT_ONE if count == 1 else NO_ACCOUNT)
            % {"tracker": tracker, "count": count},
            remedy=ADD_ACCOUNT,
        )
