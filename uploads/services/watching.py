"""Once a day: does what was proven to seed still seed?

Nothing is added or started here. A person may have taken a torrent out of the client on
purpose, so what is gone is said, and comes back only when somebody asks for it.
"""

import random
from datetime import datetime, timedelta

from django.db import transaction

from common import clock
from common.errors import AppError
from common.redact import redact
from releases.clients.errors import ClientBusy, ClientError
from releases.clients.types import SeedPhase, SeedStatus
from releases.services.client_turns import client_free, client_turn
from releases.services.clients import client_for, client_status
from releases.torrents.metainfo import infohash
from trackers.errors import TrackerError
from uploads.models import Upload
from uploads.services.moves import upload_note
from uploads.services.seeded import seeding_torrent
from uploads.services.seeding import (
    WATCH_SECONDS,
    seeding_verdict,
)
from uploads.states import Seeding, UploadStatus

# A client that starts, or a tracker that is away, looks like trouble for a while.
DOUBT_SECONDS = 900.0
DOUBTS = 2
BLIND_SECONDS = 3600.0
CLAIM_SECONDS = 60.0
GONE = (
    "It stopped seeding: the client no longer has the torrent. Check seeding adds it "
    "again; if it was taken out on purpose, nothing has to be done."
)


def seeding_watch(upload_id: int) -> None:
    """Look whether a confirmed upload still seeds, and say when to look next."""
    if not _claim(upload_id):
        return
    upload = Upload.objects.select_related(
        "release__library__torrent_client", "tracker", "credential"
    ).get(pk=upload_id)
    client = client_for(upload.release)
    if client is None:
        _later(upload, watch_time())
        return
    try:
        client_free(client)
        content = seeding_torrent(upload)
        with client_turn(client):
            status = client_status(
                client, torrent_file=content, infohash=infohash(content)
            )
    except ClientBusy as exc:
        _later(upload, exc.until)
    except (ClientError, AppError, TrackerError):
        # Nothing is known: the client itself is the trouble, and is told as one.
        _later(upload, clock.now() + timedelta(seconds=BLIND_SECONDS))
    else:
        _judge(upload, status)


def watch_time() -> datetime:
    """When a confirmed upload is looked at again; spread, so that clients have rest."""
    spread = random.uniform(0.9, 1.1)  # noqa: S311 - spreads load, hides nothing
    return clock.now() + timedelta(seconds=WATCH_SECONDS * spread)


def _claim(upload_id: int) -> bool:
    now = clock.now()
    return bool(
        Upload.objects.filter(
            pk=upload_id,
            status=UploadStatus.SUCCESS,
            seeding=Seeding.CONFIRMED,
            seeding_due_at__lte=now,
        ).update(seeding_due_at=now + timedelta(seconds=CLAIM_SECONDS))
    )


def _judge(upload: Upload, status: SeedStatus) -> None:
    if status.confirmed:
        _later(upload, watch_time())
    elif upload.seeding_looks < DOUBTS:
        due = clock.now() + timedelta(seconds=DOUBT_SECONDS)
        _later(upload, due, doubts=upload.seeding_looks + 1)
    elif status.phase is SeedPhase.MISSING:
        _stopped(upload, Seeding.LOST, GONE, due=None)
    else:
        state, sentence = seeding_verdict(upload, status)
        if state is Seeding.PROBLEM:
            _stopped(upload, state, f"It stopped seeding. {sentence}", clock.now())
        else:
            _later(upload, clock.now() + timedelta(seconds=BLIND_SECONDS))


def _later(upload: Upload, due: datetime, *, doubts: int = 0) -> None:
    Upload.objects.filter(pk=upload.pk, seeding=Seeding.CONFIRMED).update(
        seeding_due_at=due, seeding_looks=doubts
    )


def _stopped(
    upload: Upload, state: Seeding, sentence: str, due: datetime | None
) -> None:
    done = UploadStatus.SUCCESS
    with transaction.atomic():
        changed = Upload.objects.filter(pk=upload.pk, seeding=Seeding.CONFIRMED).update(
            seeding=state,
            seeding_message=redact(sentence)[:500],
            seeding_looks=0,
            seeding_due_at=due,
        )
        if changed:
            upload_note(upload.pk, done, done, why=sentence)
