"""Preparation: read, enrich, merge, hash, draft. Safe to stop and to start again."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from common import clock
from common.database import is_passing, only_cause, patiently
from common.errors import AppError
from common.worker import is_leaving
from releases.errors import ReleaseError
from releases.models import Release, ReleaseAct
from releases.services.acts import act_note
from releases.services.claims import release_claim, release_let_go, releases_recover
from releases.services.enrich import release_enrich
from releases.services.ingest import files_store, release_scan
from releases.services.nudges import is_fulfilled, prepare_nudge
from releases.services.reading import release_read
from releases.services.remerge import release_merge
from releases.services.torrents import torrent_ensure, torrent_reuse
from releases.signals import release_prepared, release_ready
from releases.states import ReleaseState
from releases.torrents.errors import HashingCancelled

logger = logging.getLogger(__name__)

NO_PLACE = "Other releases are being prepared; this one follows by itself."
INTERRUPTED = "The preparation starts again by itself."
STOPPED = "The worker was stopped; the next one starts again."


class Cancelled(AppError):
    """A person asked to stop; not a failure of the release."""

    code = "prepare_cancelled"


def release_prepare(release_id: int, *, since: int | None = None) -> bool:
    """Prepare a release from its files to its drafts; False when it is not free.

    `since` is what a nudge carries (releases/services/nudges.py): False as well when
    what it asks for has been done meanwhile.
    Never raises for what is wrong, with the release or with Herald: that ends in
    state failed, with the sentence in `error`.
    """
    if is_leaving() or (since is not None and is_fulfilled(release_id, since)):
        return False
    if not release_claim(release_id):
        return False
    release = Release.objects.select_related("library").get(pk=release_id)
    try:
        _steps(release)
    except (Cancelled, HashingCancelled):
        if is_leaving():
            release_let_go(release_id, ReleaseState.NEW, reason=STOPPED, progress={})
        else:
            _failed(release_id, Cancelled.code, "Preparation was cancelled.")
    except AppError as exc:
        _failed(release_id, exc.code, exc.message)
    except SystemExit:
        # How a worker tells its task that the time is over.
        _failed(
            release_id,
            "prepare_timeout",
            f"Preparation took longer than {settings.PREPARE_TIMEOUT_SECONDS} "
            "seconds. Raise HERALD_PREPARE_TIMEOUT for a release of this size, then prepare again.",
        )
        raise
    except Exception as exc:
        logger.exception("Preparation of release %s failed", release_id)
        _broke_off(release_id, exc)
    else:
        patiently(
            release_let_go,
            release_id,
            ReleaseState.READY,
            reason="Prepared.",
            progress={},
            prepared_at=clock.now(),
        )
        release_ready.send_robust(sender=Release, release_id=release_id)
    return True


def _broke_off(release_id: int, exc: Exception) -> None:
    """End what nobody foresaw: begun anew where only the database or a disk is to blame."""
    if is_passing(exc):
        patiently(
            release_let_go,
            release_id,
            ReleaseState.NEW,
            reason=f"{only_cause(exc)} {INTERRUPTED}",
            progress={},
        )
        return
    _failed(
        release_id,
        "internal",
        "Preparation failed because of an error inside Herald. "
        "The worker's log has the details; prepare again to retry.",
    )


def _failed(release_id: int, code: str, message: str) -> None:
    patiently(
        release_let_go,
        release_id,
        ReleaseState.FAILED,
        reason=message,
        progress={},
        error={"code": code, "message": message},
    )


def _steps(release: Release) -> None:
    report = Progress(release.pk)
    report.phase("scan")
    files_store(release, release_scan(release, on_folder=report.check))
    report.phase("read", total=release.file_count)
    release_read(release, on_file=report.count)
    report.phase("enrich")
    release_enrich(release, on_request=report.check)
    release_merge(release)
    report.phase("hash", total=release.total_size)
    unfit = torrent_reuse(release, cancelled=report.cancelled)
    if unfit:
        notice = {"code": "torrent_unfit", "message": unfit, "path": ""}
        release.notices = [*release.notices, notice]
        release.save(update_fields=["notices", "updated_at"])
    torrent_ensure(release, on_progress=report.hashing, cancelled=report.cancelled)
    report.phase("draft")
    Release.objects.filter(pk=release.pk).update(revision=release.revision + 1)
    release_prepared.send(sender=Release, release_id=release.pk)


class Progress:
    """Writes how far preparation is, at most twice a second, and hears "cancel"."""

    def __init__(self, release_id: int, clock: Callable[[], float] = time.monotonic):
        self._release_id = release_id
        self._clock = clock
        self._written = 0.0
        self._asked = 0.0
        self._stop = False
        self._state: dict[str, object] = {}

    def phase(self, name: str, *, total: int = 0) -> None:
        """Begin a phase. Raises Cancelled when a person asked to stop."""
        self._state = {"phase": name, "done": 0, "total": total}
        self._write()
        self.check()

    def count(self, done: int) -> None:
        """Say how many of the phase's things are done. Raises Cancelled."""
        self._state["done"] = done
        self._write_sometimes()
        self.check()

    def check(self) -> None:
        """Raise Cancelled when a person, or the worker's end, asked to stop."""
        if self._heard():
            raise Cancelled("Preparation was cancelled.")

    def hashing(self, done: int, total: int, rate: float, eta: float | None) -> None:
        """Say how many bytes are hashed; `rate` in bytes a second, `eta` in seconds."""
        self._state.update(done=done, total=total, rate=rate, eta=eta)
        self._write_sometimes()

    def cancelled(self) -> bool:
        """Whether a person asked to stop; asks the database every half second."""
        return self._heard()

    def _heard(self) -> bool:
        now = self._clock()
        if is_leaving():
            return True
        if not self._stop and now - self._asked >= 0.5:
            self._asked = now
            self._stop = Release.objects.filter(
                pk=self._release_id, cancel_requested=True
            ).exists()
        return self._stop

    def _write_sometimes(self) -> None:
        if self._clock() - self._written >= 0.5:
            self._write()

    def _write(self) -> None:
        self._written = self._clock()
        # The time shows other hosts that this preparation is alive.
        Release.objects.filter(pk=self._release_id).update(
            progress=self._state, claimed_at=clock.now()
        )


def prepare_request(release_id: int, *, actor_id: int | None = None) -> None:
    """Queue a preparation. Raises ReleaseError when the release is not free for one."""
    state = Release.objects.values_list("state", flat=True).get(pk=release_id)
    if state in (ReleaseState.APPROVED, ReleaseState.PUBLISHED):
        raise ReleaseError(
            _(
                "This release is approved. Reopen it first; its approval ends with that."
            ),
            code="release_approved",
        )
    if state == ReleaseState.PREPARING:
        raise ReleaseError(
            _("This release is being prepared already. Wait, or cancel it."),
            code="release_preparing",
        )
    if actor_id is not None:
        act_note(release_id, ReleaseAct.What.PREPARE, actor_id=actor_id)
    prepare_nudge(release_id)


def prepare_later(release_id: int, *, since: int | None = None) -> None:
    """Leave a release to the sweep, which prepares what is new, once a place is free."""
    waits = Release.objects.filter(pk=release_id, state=ReleaseState.NEW).exists()
    if waits or (since is not None and is_fulfilled(release_id, since)):
        return
    if release_claim(release_id):
        release_let_go(release_id, ReleaseState.NEW, reason=NO_PLACE)


def prepare_cancel(release_id: int, *, actor_id: int | None = None) -> None:
    """Ask a running preparation to stop. Raises ReleaseError when none runs."""
    if not Release.objects.filter(pk=release_id, state=ReleaseState.PREPARING).update(
        cancel_requested=True
    ):
        raise ReleaseError(
            _("Nothing is being prepared here, so there is nothing to cancel."),
            code="release_not_preparing",
        )
    act_note(release_id, ReleaseAct.What.CANCEL, actor_id=actor_id)


def releases_sweep() -> int:
    """Queue what should be prepared and is not; gives how many nudges were sent."""
    releases_recover()
    waiting = Release.objects.filter(
        state=ReleaseState.NEW,
        updated_at__lt=clock.now() - timedelta(seconds=10),
    ).values_list("pk", flat=True)[:20]
    for pk in waiting:
        prepare_nudge(pk)
    return len(waiting)
