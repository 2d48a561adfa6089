"""After the approval: every change of the uploads, until all is done."""

import time

from releases.models import Release
from uploads.cli.background import LocalWorker, somebody_works
from uploads.cli.output import Output, Row
from uploads.cli.wish import Exit
from uploads.models import Upload
from uploads.states import Seeding, UploadStatus

POLL_SECONDS = 0.5
NOT_SEEDING = (Seeding.PROBLEM, Seeding.LOST)
SEEDING_ENDS = (Seeding.CONFIRMED, Seeding.NO_CLIENT, *NOT_SEEDING)


def follow(release: Release, wait: float, out: Output) -> Exit:
    """Report each change until all uploads have ended, or `wait` seconds are over.

    While no worker is about, this process does the work.
    """
    deadline = time.monotonic() + wait
    seen: dict[int, tuple[str, ...]] = {}
    try:
        with LocalWorker() as worker:
            while True:
                if not worker.works and not somebody_works():
                    worker.start()
                uploads = _uploads(release)
                for upload in uploads:
                    _report(upload, seen, out)
                if all(_has_ended(upload) for upload in uploads):
                    return _finish(uploads, out)
                if time.monotonic() > deadline:
                    break
                time.sleep(POLL_SECONDS)
    except KeyboardInterrupt:
        out.say("Stopped looking.", event="interrupted")
    return _unfinished(release, out)


def _uploads(release: Release) -> list[Upload]:
    rows = release.uploads.exclude(
        status__in=(UploadStatus.CANCELLED, UploadStatus.DRAFT)
    )
    return list(
        rows.select_related("tracker")
        .defer("torrent_file", "site_torrent", "payload")
        .order_by("pk")
    )


def _facts(upload: Upload) -> dict[str, object]:
    return {
        "id": upload.pk,
        "tracker": upload.tracker.slug,
        "status": upload.status,
        "seeding": upload.seeding,
        "url": upload.remote_url,
        "reason": _why(upload),
    }


def _why(upload: Upload) -> str:
    if upload.status == UploadStatus.SUCCESS:
        return "" if upload.seeding == Seeding.CONFIRMED else upload.seeding_message
    message = str(upload.reason.get("message", ""))
    return f"{message} {upload.reason.get('remedy', '')}".strip()


def _report(upload: Upload, seen: dict[int, tuple[str, ...]], out: Output) -> None:
    now = (upload.status, upload.seeding, _why(upload))
    if seen.get(upload.pk) == now:
        return
    seen[upload.pk] = now
    words = [f"{upload.tracker.slug}: {upload.get_status_display().lower()}"]
    if upload.status == UploadStatus.SUCCESS:
        words.append(upload.remote_url)
        words.append(f"seeding: {upload.get_seeding_display().lower()}")
    words.append(_why(upload))
    out.say(
        " · ".join(word for word in words if word), event="upload", **_facts(upload)
    )


def _has_ended(upload: Upload) -> bool:
    if upload.status == UploadStatus.SUCCESS:
        return upload.seeding in SEEDING_ENDS
    return upload.status == UploadStatus.FAILED


def _finish(uploads: list[Upload], out: Output) -> Exit:
    failed = [u.tracker.slug for u in uploads if u.status != UploadStatus.SUCCESS]
    unproven = [u.tracker.slug for u in uploads if u.seeding in NOT_SEEDING]
    rows = [
        Row(
            [
                upload.tracker.slug,
                upload.get_status_display(),
                upload.get_seeding_display() if upload.seeding else "",
                upload.remote_url or _why(upload),
            ],
            {"event": "outcome", **_facts(upload)},
        )
        for upload in uploads
    ]
    out.table("Result", ["Tracker", "Status", "Seeding", "Link or reason"], rows)
    if failed:
        return Exit.FAILED
    return Exit.NEEDS_PERSON if unproven else Exit.DONE


def _unfinished(release: Release, out: Output) -> Exit:
    later = (
        "It goes on in the background"
        if somebody_works()
        else "It goes on when a worker runs (manage.py worker), or with the same command"
    )
    out.say(
        f"Release {release.pk} is not finished. {later}; see manage.py upload --status.",
        event="unfinished",
        id=release.pk,
    )
    return Exit.STILL_RUNNING
