"""Done means seeding: follow a successful upload until the client proves it."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from common import clock
from common.errors import AppError
from common.redact import redact
from releases.clients.errors import ClientBusy, ClientError
from releases.clients.types import SeedPhase, SeedStatus
from releases.models import TorrentClient
from releases.services.client_turns import client_free, client_hold_end, client_turn
from releases.services.clients import client_for, client_seed
from releases.services.ingest import files_changed
from releases.torrents.metainfo import infohash
from trackers.errors import TrackerError
from uploads.models import Upload
from uploads.services.moves import upload_note
from uploads.services.seeded import is_hashed_by_us, seeding_torrent
from uploads.states import Seeding, UploadStatus
from uploads.verdict import CONFIRMED, NO_CLIENT, NOTED, OUR_MISTAKE, verdict

logger = logging.getLogger(__name__)

FOLLOWED = (Seeding.WAITING, Seeding.ADDED, Seeding.PROBLEM)
LOOK_DELAYS = (1.0, 2.0, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0, 120.0)
LONGEST_DELAY = 300.0
# Looks at which the client announces once more. When several torrents are added at the
# same moment, qBittorrent 5.1 misses about one tracker's answer in a hundred and then
# says "updating" until its next announce, half an hour later.
ASK_AGAIN_AT = frozenset({3, 5, 7})
CLAIM_SECONDS = 60.0
BEHIND_SECONDS = 3.0
# What is proven is looked at again once a day (uploads/services/watching.py).
WATCH_SECONDS = 86_400.0


def seeding_follow(upload_id: int) -> None:
    """Take one step towards the proof, and say when to take the next."""
    if not _claim(upload_id):
        return
    upload = Upload.objects.select_related(
        "release__library__torrent_client", "tracker", "credential", "torrent"
    ).get(pk=upload_id)
    client = client_for(upload.release)
    if client is None:
        _write(
            upload,
            Seeding.NO_CLIENT,
            NO_CLIENT,
            due=False,
        )
        return
    try:
        client_free(client)
        content = seeding_torrent(upload)
        verified = is_hashed_by_us(upload, content)
        with client_turn(client):
            status = client_seed(
                client,
                upload.release,
                torrent_file=content,
                infohash=infohash(content),
                tag=upload.tracker.slug,
                files_verified=verified,
                ask_again=upload.seeding_looks in ASK_AGAIN_AT,
            )
    except ClientBusy as exc:
        _put_off(upload, exc.until)
    except ClientError as exc:
        state = Seeding.WAITING if exc.temporary else Seeding.PROBLEM
        _write(upload, state, exc.message, after=client.not_before)
        if exc.temporary and client.not_before:
            _all_wait(client, exc.message)
    except (AppError, TrackerError) as exc:
        _write(upload, Seeding.PROBLEM, str(exc))
    except Exception as exc:
        logger.exception("Following upload %s failed inside Herald", upload_id)
        _write(
            upload,
            Seeding.PROBLEM,
            OUR_MISTAKE % {"what": type(exc).__name__},
        )
    else:
        _judge(upload, status)


def _claim(upload_id: int) -> bool:
    """One process takes a step at a time; the claim lapses if it dies."""
    now = clock.now()
    return bool(
        _followed()
        .filter(pk=upload_id, seeding_due_at__lte=now)
        .update(seeding_due_at=now + timedelta(seconds=CLAIM_SECONDS))
    )


def _put_off(upload: Upload, until: datetime) -> None:
    """Look later. Nothing was asked, so nothing else is written."""
    _followed().filter(pk=upload.pk).update(seeding_due_at=until)


def _all_wait(client: TorrentClient, message: str) -> None:
    """Let everything due at a client wait, in one statement, and say why."""
    _followed().filter(
        release__library__torrent_client=client, seeding_due_at__lt=client.not_before
    ).update(
        seeding=Seeding.WAITING,
        seeding_message=redact(message)[:500],
        seeding_due_at=client.not_before,
    )


def _followed() -> QuerySet[Upload]:
    return Upload.objects.filter(status=UploadStatus.SUCCESS, seeding__in=FOLLOWED)


def _judge(upload: Upload, status: SeedStatus) -> None:
    if status.confirmed:
        _confirm(upload)
    else:
        _write(upload, *seeding_verdict(upload, status))


def seeding_verdict(upload: Upload, status: SeedStatus) -> tuple[Seeding, str]:
    """What the client's word means for an upload, in one sentence."""
    lacks = status.phase is SeedPhase.MISSING_FILES
    return verdict(status, files_there=lacks and not files_changed(upload.release))


def _confirm(upload: Upload) -> None:
    now = clock.now()
    with transaction.atomic():
        confirmed = (
            _followed()
            .filter(pk=upload.pk)
            .update(
                seeding=Seeding.CONFIRMED,
                seeding_confirmed_at=Coalesce("seeding_confirmed_at", now),
                seeding_looks=0,
                seeding_due_at=now + timedelta(seconds=WATCH_SECONDS),
                seeding_message=CONFIRMED,
            )
        )
        if confirmed:
            upload_note(
                upload.pk,
                UploadStatus.SUCCESS,
                UploadStatus.SUCCESS,
                why=NOTED,
            )


def _write(
    upload: Upload,
    state: Seeding,
    message: str,
    *,
    due: bool = True,
    after: datetime | None = None,
) -> None:
    looks = upload.seeding_looks + 1
    delay = LOOK_DELAYS[looks - 1] if looks <= len(LOOK_DELAYS) else LONGEST_DELAY
    due_at = clock.now() + timedelta(seconds=delay)
    if after is not None:
        # Behind those that wait as well: what breaks may be this torrent's own.
        due_at = max(due_at, after + timedelta(seconds=BEHIND_SECONDS))
    changes: dict[str, Any] = {
        "seeding": state,
        "seeding_message": redact(message)[:500],
        "seeding_looks": looks,
        "seeding_due_at": due_at if due else None,
    }
    news = (
        state is Seeding.PROBLEM
        and upload.seeding_message != changes["seeding_message"]
    )
    with transaction.atomic():
        written = (
            Upload.objects.filter(pk=upload.pk, status=UploadStatus.SUCCESS)
            .exclude(seeding=Seeding.CONFIRMED)  # by another worker meanwhile
            .update(**changes)
        )
        if written and news:
            upload_note(
                upload.pk, UploadStatus.SUCCESS, UploadStatus.SUCCESS, why=message
            )


def clients_return() -> None:
    """Follow uploads again whose library was given a torrent client."""
    Upload.objects.filter(
        status=UploadStatus.SUCCESS,
        seeding=Seeding.NO_CLIENT,
        release__library__torrent_client__is_active=True,
    ).update(seeding=Seeding.WAITING, seeding_looks=0, seeding_due_at=clock.now())


def client_looks(client_id: int) -> None:
    """Make all followed uploads of a client due: it answers again."""
    _followed().filter(release__library__torrent_client=client_id).update(
        seeding_looks=0, seeding_due_at=clock.now()
    )


def seeding_restart(upload_id: int, *, actor_id: int | None = None) -> bool:
    """Look again from the start, at once; False when the upload did not succeed."""
    client_hold_end(libraries__releases__uploads=upload_id)
    done = UploadStatus.SUCCESS
    again = Upload.objects.filter(pk=upload_id, status=done).update(
        seeding=Seeding.WAITING,
        seeding_looks=0,
        seeding_due_at=clock.now(),
        seeding_confirmed_at=None,
    )
    if again and actor_id is not None:
        upload_note(upload_id, done, done, why="Looked at anew.", actor_id=actor_id)
    return bool(again)
