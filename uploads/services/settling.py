"""An upload nobody knows about: ask the tracker, and decide by its answer."""

import logging
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from common import clock
from common.database import patiently
from common.worker import worker_id
from trackers.models import Credential
from trackers.registry import get_adapter_class
from trackers.services.budgets import BudgetSpent
from trackers.services.choosing import credential_for
from trackers.services.pacing import Answer as Told
from trackers.types import Existing
from uploads.models import Upload
from uploads.retry import BLIND_LOOKS, MAX_TRIES, backoff, misses_within, next_look
from uploads.services.looking import Answer, look_for, looks_at
from uploads.services.moves import upload_move, upload_note
from uploads.services.success import upload_succeeded
from uploads.states import Outcome, UploadStatus

logger = logging.getLogger(__name__)

# A look that takes longer keeps no other one at its tracker from beginning.
LONGEST_LOOK = 120.0
QUESTION = (
    "Look on the tracker whether the upload is there, and answer on this upload's page: "
    "“It is there”, or “It is not: send again”."
)


def upload_settle(upload_id: int) -> None:
    """Ask the tracker whether an unknown upload is there, and decide by its answer."""
    if not _settle_claim(upload_id):
        return
    upload = Upload.objects.select_related(
        "tracker", "release", "credential__tracker"
    ).get(pk=upload_id)
    credential = credential_for(
        upload.tracker, upload.credential, upload.approved_by_id
    )
    told = _told_so_far(upload, credential)
    try:
        answer = look_for(upload, credential, told)
    except BudgetSpent as exc:
        patiently(_wait, upload, exc.wait, credential, told)
        return
    except Exception as exc:
        logger.exception("Looking for upload %s failed inside Herald", upload_id)
        answer = Answer(problem=f"an error inside Herald ({type(exc).__name__}).")
    patiently(_conclude, upload, answer)


def _conclude(upload: Upload, answer: Answer[Existing]) -> None:
    if answer.found is not None:
        upload_succeeded(
            upload,
            remote_id=answer.found.remote_id,
            url=answer.found.url,
            infohash=answer.found.infohash,
            old=UploadStatus.UNKNOWN,
            why="Asked the tracker: it is there.",
            evidence=answer.evidence,
        )
    elif upload.said_absent:
        _as_said(upload, answer)
    elif answer.problem:
        _cannot_tell(upload, answer)
    else:
        _absent(upload, answer)


def _settle_claim(upload_id: int) -> bool:
    """One process looks at a time; the claim lapses by itself if it dies.

    Nor does another look at the same tracker: one that takes its time to answer keeps
    one worker, never all of them.
    """
    now = clock.now()
    at_tracker = Upload.objects.filter(
        tracker=OuterRef("tracker"),
        status=UploadStatus.UNKNOWN,
        claimed_at__gt=now - timedelta(seconds=LONGEST_LOOK),
    ).exclude(claimed_by="")
    return bool(
        Upload.objects.filter(pk=upload_id, status=UploadStatus.UNKNOWN)
        .filter(Q(not_before=None) | Q(not_before__lte=now))
        .exclude(Exists(at_tracker.exclude(pk=OuterRef("pk"))))
        .update(
            not_before=now + timedelta(seconds=settings.CLAIM_LEASE_SECONDS),
            claimed_by=worker_id(),
            claimed_at=now,
        )
    )


def _told_so_far(upload: Upload, credential: Credential | None) -> list[Told]:
    """What the tracker told this account before the look had to wait for its budget."""
    kept = upload.look_answers
    if credential is None or kept is None or not kept.readable:
        return []
    return list(kept["answers"]) if kept["credential"] == credential.pk else []


def _absent(upload: Upload, answer: Answer[Existing]) -> None:
    looks = upload.looks + 1
    wait = next_look(looks, looks_at(upload))
    if wait is not None:
        why = f"Not on the tracker yet (look {looks})."
        if upload.ask_first:
            why = f"Asked since a backup was brought back: {why[0].lower()}{why[1:]}"
        _look_again(upload, wait, why, looks, answer)
        return
    if upload.tries >= MAX_TRIES:
        why = (
            f"Sent {upload.tries} times without a clear answer, and {upload.tracker} "
            "has it still not."
        )
        _end(
            upload,
            UploadStatus.FAILED,
            why=why,
            evidence=answer.evidence,
            finished_at=clock.now(),
            reason={"code": "sent_in_vain", "message": why, "remedy": QUESTION},
        )
        return
    why = f"Asked the tracker {looks} times: it is not there, so it is sent again."
    _send_again(upload, why, answer)


def _as_said(upload: Upload, answer: Answer[Existing]) -> None:
    """A person did not find it, and neither does Herald, or it cannot look."""
    saw = (
        f"The tracker could not be asked ({answer.problem})"
        if answer.problem
        else "The tracker does not have it"
    )
    why = f"{saw}, and a person did not find it there, so it is sent again."
    _send_again(upload, why, answer)


def _send_again(upload: Upload, why: str, answer: Answer[Existing]) -> None:
    _end(
        upload,
        UploadStatus.PENDING,
        why=why,
        evidence=answer.evidence,
        ask_first=False,
        # What was never sent, such as after a restore, is sent at once.
        not_before=clock.now() + timedelta(seconds=backoff(upload.tries))
        if upload.tries
        else None,
        reason={"code": "settled_absent", "message": why},
    )


def _cannot_tell(upload: Upload, answer: Answer[Existing]) -> None:
    """Ask later: for as long as patience lasts where nobody answers, else a few times."""
    if answer.away:
        vain, most = upload.misses + 1, misses_within(settings.TRACKER_PATIENCE_SECONDS)
    else:
        vain = _looks_noted(upload) - upload.looks - upload.misses + 1
        most = BLIND_LOOKS
    # What cannot be asked at all will not be known later either.
    askable = bool(get_adapter_class(upload.tracker.family).ways)
    if askable and vain < most:
        why = f"Could not ask the tracker: {answer.problem}"
        _look_again(upload, backoff(vain), why, upload.looks, answer)
        return
    _end(
        upload,
        UploadStatus.FAILED,
        why=f"Could not find out in {vain} look{'s' if vain > 1 else ''}: "
        f"{answer.problem}",
        evidence=answer.evidence,
        finished_at=clock.now(),
        reason={
            "code": "outcome_unsettled",
            "message": f"Nobody knows whether {upload.tracker} has it: "
            f"{answer.problem}",
            "remedy": QUESTION,
        },
    )


def _looks_noted(upload: Upload) -> int:
    """How many looks were written down since the outcome became unknown this time."""
    events = upload.events.filter(new=UploadStatus.UNKNOWN, actor=None)
    since = events.exclude(old=UploadStatus.UNKNOWN).order_by("-pk").first()
    looks = events.filter(old=UploadStatus.UNKNOWN)
    return looks.filter(pk__gt=since.pk if since else 0).count()


def _mine(upload: Upload) -> QuerySet[Upload]:
    """The row for as long as this process is the one that looks."""
    return Upload.objects.filter(
        pk=upload.pk, status=UploadStatus.UNKNOWN, claimed_by=worker_id()
    )


def _end(upload: Upload, status: UploadStatus, *, why: str, **changes: Any) -> None:
    upload_move(
        upload.pk,
        UploadStatus.UNKNOWN,
        status,
        why=why,
        only_if={"claimed_by": worker_id()},
        misses=0,
        **{
            "claimed_by": "",
            "claimed_at": None,
            "not_before": None,
            "said_absent": False,
            "look_answers": None,
            **changes,
        },
    )


def _wait(
    upload: Upload, seconds: float, credential: Credential | None, told: list[Told]
) -> None:
    """The budget has no room: that is no look yet, and nothing to tell.

    What was answered is kept, so that even one request at a time ends a look.
    """
    kept = {"credential": credential.pk, "answers": told} if credential else None
    _mine(upload).update(
        claimed_by="",
        claimed_at=None,
        look_answers=kept,
        not_before=clock.now() + timedelta(seconds=seconds),
    )


def _look_again(
    upload: Upload, seconds: float, why: str, looks: int, answer: Answer[Existing]
) -> None:
    code = Outcome.UNAVAILABLE if answer.away else Outcome.UNKNOWN
    with transaction.atomic():
        noted = _mine(upload).update(
            looks=looks,
            misses=upload.misses + answer.away,
            look_answers=None,
            claimed_by="",
            claimed_at=None,
            not_before=clock.now() + timedelta(seconds=seconds),
            reason={"code": code.value, "message": why},
        )
        if noted:
            upload_note(
                upload.pk,
                UploadStatus.UNKNOWN,
                UploadStatus.UNKNOWN,
                why=why,
                evidence=answer.evidence,
            )
