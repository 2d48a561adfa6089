"""A queue with something in it."""

from datetime import timedelta

from django.utils import timezone

from tests import factories
from trackers.models import Tracker
from uploads.models import Upload, UploadAttempt, UploadEvent


def queued(site: Tracker, *titles: str) -> list[Upload]:
    """Uploads that are due, one after the other."""
    now = timezone.now()
    return [
        factories.UploadFactory(
            tracker=site,
            status="pending",
            release__title=title,
            approved_at=now + timedelta(seconds=number),
        )
        for number, title in enumerate(titles)
    ]


def busy_queue(site: Tracker) -> Upload:
    """Something in each part of the queue; returns a failed one with three attempts."""
    now = timezone.now()
    account = factories.CredentialFactory(tracker=site, label="mine", check_ok=True)
    factories.CredentialFactory(tracker__name="Opsite", paused_at=now)
    sending = factories.UploadFactory(
        tracker=site,
        status="uploading",
        release__title="A Study in Scarlet",
        credential=account,
        claimed_at=now - timedelta(seconds=7),
    )
    UploadAttempt.objects.create(
        upload=sending, number=1, phase="sending", started_at=now, sending_at=now
    )
    queued(site, "The Time Machine", "A Tale of Two Cities", "Middlemarch")
    for title, minutes in (("Emma", 2), ("Persuasion", 9)):
        factories.UploadFactory(
            tracker=site,
            status="pending",
            release__title=title,
            approved_at=now,
            tries=2,
            not_before=now + timedelta(minutes=minutes),
            reason={
                "code": "unavailable",
                "message": "Redsite cannot be reached: no answer within 30 s.",
            },
        )
    factories.UploadFactory(
        tracker=site,
        status="unknown",
        release__title="Dracula",
        looks=2,
        not_before=now + timedelta(minutes=1),
        reason={"code": "unknown", "message": "The answer was lost."},
    )
    for code, title in (
        ("outcome_unsettled", "Walden"),
        ("rejected", "Ulysses"),
        ("rejected", "Dubliners"),
        ("auth", "Kim"),
    ):
        upload = factories.UploadFactory(
            tracker=site,
            status="failed",
            release__title=title,
            finished_at=now,
            reason={
                "code": code,
                "message": f"Redsite said that this one is {code}.",
                "remedy": "Mend it, then retry.",
            },
        )
    start = now - timedelta(minutes=5)
    for number, (length, outcome) in enumerate(
        ((31.0, "unavailable"), (4.2, "rate_limited"), (9.5, "auth")), start=1
    ):
        began = start + timedelta(minutes=number)
        UploadAttempt.objects.create(
            upload=upload,
            number=number,
            phase="answered",
            outcome=outcome,
            error_code=outcome,
            http_status=503,
            message="Redsite refused the API key: bad credentials.",
            decision="Tried again in 40 s.",
            answer='{"status": "failure"}',
            started_at=began,
            sending_at=began + timedelta(seconds=length / 5),
            answered_at=began + timedelta(seconds=length),
            finished_at=began + timedelta(seconds=length + 0.3),
            credential=account,
        )
        UploadEvent.objects.create(
            upload=upload,
            old="uploading",
            new="pending",
            reason="Waits for the site.",
        )
    for days in range(0, 60, 3):
        for status in ("success", "success", "failed"):
            factories.UploadFactory(
                tracker=site,
                status=status,
                release__title="Earlier",
                release__state="published",
                finished_at=now - timedelta(days=days),
            )
    return upload
