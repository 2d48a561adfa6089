"""From a path to a prepared release, with its progress."""

import time

from django.contrib.auth.models import User

from common.errors import AppError
from common.worker import leave
from releases.errors import ReleaseError
from releases.models import Release
from releases.services.amending import release_amend
from releases.services.claims import releases_recover
from releases.services.ingest import release_create
from releases.services.prepare import prepare_request, release_prepare
from releases.states import ReleaseState
from uploads.cli.background import BackgroundCall
from uploads.cli.output import Output
from uploads.cli.wish import Wish
from uploads.states import UploadStatus

POLL_SECONDS = 0.2
UNFINISHED = (ReleaseState.NEW, ReleaseState.PREPARING)
DECIDED = (ReleaseState.APPROVED, ReleaseState.PUBLISHED)


def prepare(wish: Wish, user: User, out: Output) -> Release:
    """The release of the wished path, prepared anew unless it is approved already.

    Raises AppError for a path or a wish that is wrong or comes too late; a preparation that failed is
    the release's own state.
    """
    release = _release(wish, user)
    if release.state in DECIDED:
        _check_decided(release, wish)
        out.say(
            f"Release {release.pk}, {release}, was approved before; here is how its "
            "uploads go.",
            event="release",
            id=release.pk,
            state=release.state,
        )
        return release
    out.say(
        f"Release {release.pk}: {release.name}",
        event="release",
        id=release.pk,
        state=release.state,
    )
    _prepare_here(release, out)
    return release


def _release(wish: Wish, user: User) -> Release:
    try:
        return release_create(
            path=wish.path,
            kind=wish.kind,
            asin=wish.asin,
            targets=wish.trackers,
            torrent_file=wish.torrent_file,
            actor_id=user.pk,
        )
    except ReleaseError as exc:
        if exc.code != "release_exists":
            raise
        pk = int(exc.extra["release"])
    # Whoever prepared it before may have died over it.
    releases_recover()
    release = Release.objects.get(pk=pk)
    if release.state in DECIDED:
        return release
    release_amend(
        release_id=pk,
        kind=wish.kind,
        asin=wish.asin,
        targets=wish.trackers or None,
        torrent_file=wish.torrent_file,
    )
    if release.state != ReleaseState.PREPARING:
        prepare_request(pk)
    release.refresh_from_db()
    return release


def _check_decided(release: Release, wish: Wish) -> None:
    """Raise AppError for a wish that an approved release cannot take any more."""
    sent = release.uploads.exclude(status=UploadStatus.CANCELLED)
    there = set(sent.values_list("tracker__slug", flat=True))
    missing = [slug for slug in wish.trackers if slug not in there]
    if not missing and wish.kind in ("", release.kind):
        return
    what = (
        f"for {' and '.join(missing)}"
        if missing
        else f"as a release of kind {wish.kind}"
    )
    raise AppError(
        f"Release {release.pk}, {release}, is approved already, but not {what}. Reopen "
        "it first, on its page or by the API, then give this command again.",
        code="release_approved",
    )


def _prepare_here(release: Release, out: Output) -> None:
    """Prepare in this process, or follow the worker that was quicker."""
    call = BackgroundCall(lambda: release_prepare(release.pk))
    call.start()
    try:
        while True:
            is_over = call.is_over()
            release.refresh_from_db()
            out.progress(release.progress)
            if is_over and release.state not in UNFINISHED:
                return
            if call.failed:
                raise AppError(
                    "Preparation cannot go on because of an error inside Herald. The "
                    "log has the details; look at the database first.",
                    code="internal",
                )
            if is_over and (releases_recover() or release.state == ReleaseState.NEW):
                call = BackgroundCall(lambda: release_prepare(release.pk))
                call.start()
            time.sleep(POLL_SECONDS)
    except KeyboardInterrupt:
        # It goes back to new; a worker, or the next call, begins again.
        leave()
        call.wait()
        raise
