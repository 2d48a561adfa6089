"""From a path to a prepared release, with its progress."""

import time

from common.errors import AppError
from uploads.cli.desk import Desk
from uploads.cli.output import Output
from uploads.cli.views import DECIDED, ReleaseView
from uploads.cli.wish import Wish

POLL_SECONDS = 0.2


class Interrupted(KeyboardInterrupt):
    """Ctrl-C during a preparation, and what it led to."""


def begin(wish: Wish, desk: Desk, out: Output) -> ReleaseView:
    """The release of the wished path, its preparation asked for.

    Raises AppError for a path or a wish that is wrong or comes too late.
    """
    release = desk.open(wish)
    if release.state in DECIDED:
        _check_decided(release, wish, desk)
        out.say(
            f"Release {release.id}, {release}, was approved before; here is how its "
            "uploads go.",
            event="release",
            id=release.id,
            state=release.state,
        )
        return release
    out.say(
        f"Release {release.id}: {release.name}",
        event="release",
        id=release.id,
        state=release.state,
    )
    return release


def finish(release: ReleaseView, desk: Desk, out: Output) -> ReleaseView:
    """Follow a preparation to its end. Raises Interrupted, AppError."""
    if release.state in DECIDED:
        return release
    said = ""
    try:
        with desk.preparing(release.id) as preparing:
            said = preparing.interrupted()
            while True:
                seen = preparing.look()
                out.progress(seen.progress)
                if preparing.is_over():
                    return seen
                time.sleep(POLL_SECONDS)
    except KeyboardInterrupt as exc:
        raise Interrupted(said) from exc


def _check_decided(release: ReleaseView, wish: Wish, desk: Desk) -> None:
    """Raise AppError for a wish that an approved release cannot take any more."""
    there = {upload.tracker for upload in desk.uploads(release.id)}
    missing = [slug for slug in wish.trackers if slug not in there]
    if not missing and wish.kind in ("", release.kind):
        return
    what = (
        f"for {' and '.join(missing)}"
        if missing
        else f"as a release of kind {wish.kind}"
    )
    raise AppError(
        f"Release {release.id}, {release}, is approved already, but not {what}. Reopen "
        "it first, on its page or by the API, then give this command again.",
        code="release_approved",
    )
