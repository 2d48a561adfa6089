"""After the approval: every change of the uploads, until all is done."""

import time
from collections.abc import Sequence

from uploads.cli.desk import Desk
from uploads.cli.output import Output, Row
from uploads.cli.views import NOT_SEEDING, ReleaseView, UploadView
from uploads.cli.wish import Exit
from uploads.states import UploadStatus

POLL_SECONDS = 0.5


def follow(
    releases: Sequence[ReleaseView], wait: float, desk: Desk, out: Output
) -> Exit:
    """Report each change until all uploads have ended, or `wait` seconds are over.

    While no worker is about, this process does the work.
    """
    deadline = time.monotonic() + wait
    seen: dict[int, tuple[str, ...]] = {}
    open_ones = list(releases)
    ended: dict[int, list[UploadView]] = {}
    try:
        with desk.following() as following:
            while True:
                following.step()
                for release in open_ones:
                    uploads = _sent(release, desk)
                    for upload in uploads:
                        _report(upload, seen, out)
                    if all(upload.has_ended for upload in uploads):
                        ended[release.id] = uploads
                open_ones = [one for one in open_ones if one.id not in ended]
                if not open_ones:
                    return _finish([u for one in releases for u in ended[one.id]], out)
                if time.monotonic() > deadline:
                    break
                time.sleep(POLL_SECONDS)
    except KeyboardInterrupt:
        out.say("Stopped looking.", event="interrupted")
    return _unfinished(open_ones, desk, out)


def _sent(release: ReleaseView, desk: Desk) -> list[UploadView]:
    uploads = desk.uploads(release.id)
    return [one for one in uploads if one.status != UploadStatus.DRAFT]


def _report(upload: UploadView, seen: dict[int, tuple[str, ...]], out: Output) -> None:
    now = (upload.status, upload.seeding, upload.why)
    if seen.get(upload.id) == now:
        return
    seen[upload.id] = now
    words = [f"{upload.tracker}: {upload.status}"]
    if upload.status == UploadStatus.SUCCESS:
        words.append(upload.url)
        words.append(f"seeding: {upload.seeding_words.lower()}")
    words.append(upload.why)
    out.track(upload, " · ".join(word for word in words if word))


def _finish(uploads: Sequence[UploadView], out: Output) -> Exit:
    failed = any(one.status != UploadStatus.SUCCESS for one in uploads)
    unproven = any(one.seeding in NOT_SEEDING for one in uploads)
    many = len({one.release for one in uploads}) > 1
    columns = ["Tracker", "Status", "Seeding", "Link or reason"]
    rows = [
        Row(
            [
                *([one.release_title] if many else []),
                one.tracker,
                one.status_words,
                one.seeding_words,
                one.url or one.why,
            ],
            {"event": "outcome", **one.facts},
        )
        for one in uploads
    ]
    out.table("Result", ["Release", *columns] if many else columns, rows)
    if failed:
        return Exit.FAILED
    return Exit.NEEDS_PERSON if unproven else Exit.DONE


def _unfinished(releases: Sequence[ReleaseView], desk: Desk, out: Output) -> Exit:
    later = (
        "It goes on in the background"
        if desk.is_served()
        else "It goes on when a worker runs (manage.py worker), or with the same command"
    )
    for release in releases:
        out.say(
            f"Release {release.id} is not finished. {later}; see manage.py upload "
            "--status.",
            event="unfinished",
            id=release.id,
        )
    return Exit.STILL_RUNNING
