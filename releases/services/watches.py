"""Looking into the watch folders: what has settled becomes a release.

Nothing is taken by one look. A candidate's time of quiet is added up from look to look,
each step counted for LONGEST_STEP_S at most: neither a clock that jumps nor a worker
that was away makes anything look settled.
"""

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from common import clock
from common.errors import AppError
from common.queue import enqueue
from common.worker import is_abandoned, is_leaving, worker_id
from releases.errors import ReleaseError
from releases.ingest.candidates import PASSING, children, look
from releases.ingest.errors import IngestError
from releases.ingest.jail import resolve_inside
from releases.models import Candidate, Release, WatchFolder
from releases.services.ingest import release_create
from releases.services.locating import LONGEST_PATH

WATCH_TASK = "releases.tasks.watch"
# One look at a folder goes on for this long; what is left comes first the next time.
BUDGET_S = 10.0
# Counts as quiet at most, between two looks.
LONGEST_STEP_S = 30.0
# A look that lasts longer hangs on its disk, and others need not wait for it.
HANGING_S = 120
CHUNK = 500
State = Candidate.State
DONE = (State.TAKEN, State.KNOWN)


def watches_sweep() -> int:
    """Queue a look into the folder that is due for the longest; gives how many.

    One at a time, on all hosts together.
    """
    now = clock.now()
    every = timedelta(seconds=settings.WATCH_SECONDS)
    watches_recover()
    if _looking(now).exists():
        return 0
    # A time that lies too far ahead was written by a clock that was wrong.
    due = Q(next_at=None) | Q(next_at__lte=now) | Q(next_at__gt=now + 2 * every)
    rows = WatchFolder.objects.filter(due, is_active=True, claimed_by="")
    pk = (
        rows.order_by(F("next_at").asc(nulls_first=True), "pk")
        .values_list("pk", flat=True)
        .first()
    )
    # Who moves the time is the one who nudges.
    if pk is None or not rows.filter(pk=pk).update(next_at=now + every):
        return 0
    enqueue(WATCH_TASK, watch_id=pk)
    return 1


def watches_recover() -> None:
    """Free the folders whose looking process has died."""
    rows = WatchFolder.objects.exclude(claimed_by="")
    for pk, worker, at in rows.values_list("pk", "claimed_by", "claimed_at"):
        if is_abandoned(worker, at):
            rows.filter(pk=pk, claimed_by=worker).update(claimed_by="", claimed_at=None)


def _looking(now: datetime) -> QuerySet[WatchFolder]:
    since = now - timedelta(seconds=HANGING_S)
    return WatchFolder.objects.filter(claimed_at__gt=since).exclude(claimed_by="")


def watch_scan(watch_id: int) -> bool:
    """Look into one folder and take what has settled; False when it is not free.

    Never raises for what is wrong with a folder: that stands in its `problem`, or in
    the candidate's sentence.
    """
    now = clock.now()
    if is_leaving() or _looking(now).exists():
        return False
    free = WatchFolder.objects.filter(pk=watch_id, is_active=True, claimed_by="")
    if not free.update(claimed_by=worker_id(), claimed_at=now):
        return False
    problem = "The look was interrupted by an error inside Herald; its log has more."
    try:
        problem = _scan(WatchFolder.objects.select_related("library").get(pk=watch_id))
    finally:
        mine = WatchFolder.objects.filter(pk=watch_id, claimed_by=worker_id())
        mine.update(
            claimed_by="",
            claimed_at=None,
            scanned_at=clock.now(),
            next_at=clock.now() + timedelta(seconds=settings.WATCH_SECONDS),
            problem=problem[:500],
        )
    return True


def candidate_reset(candidate_id: int) -> None:
    """Look at a candidate as if it were new. Raises ReleaseError while it is a release."""
    again = Candidate.objects.filter(pk=candidate_id, release=None).update(
        state=State.WAITING,
        code="",
        message="It is looked at again.",
        signature="",
        quiet_seconds=0.0,
        looked_at=None,
    )
    if not again:
        raise ReleaseError(
            _("It is a release already. Open that one, and prepare it again there."),
            code="candidate_taken",
        )


def _scan(watch: WatchFolder) -> str:
    """Look into a folder; gives what keeps something in it from being seen, or ""."""
    until = time.monotonic() + BUDGET_S
    folder, root = Path(watch.folder), Path(watch.library.path)
    try:
        if resolve_inside(folder, root) is None:
            raise IngestError(
                f"The folder {folder} is not there, or leads out of its library. It is "
                "looked for again by itself.",
                code="path_gone",
            )
        found = list(children(folder, watch.depth))
    except IngestError as exc:
        return exc.message
    problem = _note(watch, found)
    _note_releases(watch)
    rows = watch.candidates.exclude(state__in=DONE)
    # That which was not looked at for the longest comes first.
    for candidate in rows.order_by(F("looked_at").asc(nulls_first=True), "pk"):
        if time.monotonic() > until or is_leaving():
            break
        _look(watch, candidate)
    return problem


def _note(watch: WatchFolder, found: Iterable[str]) -> str:
    """Rows for what is new, none for what has gone; a sentence about bad names."""
    paths = list(found)
    good = {path for path in paths if _is_storable(path)}
    known = dict(watch.candidates.values_list("path", "pk"))
    new = [Candidate(watch=watch, path=path) for path in sorted(good - known.keys())]
    Candidate.objects.bulk_create(new, batch_size=CHUNK, ignore_conflicts=True)
    gone = [pk for path, pk in known.items() if path not in good]
    # What a person deleted as a release is not taken again when its disk comes back.
    for pks in _chunks(gone):
        watch.candidates.filter(pk__in=pks).exclude(
            state__in=DONE, release=None
        ).delete()
    bad = [path for path in paths if path not in good]
    if not bad:
        return ""
    name = ascii(os.fsencode(bad[0])[:200])
    return (
        f"{name} has a name that is too long or not valid UTF-8, which torrents need. "
        "Rename it."
    )


def _is_storable(path: str) -> bool:
    try:
        return len(path.encode()) <= LONGEST_PATH
    except UnicodeEncodeError:
        return False


def _note_releases(watch: WatchFolder) -> None:
    """Mark what is a release by now, whoever made it."""
    rows = watch.candidates.exclude(state__in=DONE)
    inside = {_inside(watch, path): pk for path, pk in rows.values_list("path", "pk")}
    for paths in _chunks(list(inside)):
        releases = Release.objects.filter(
            library_id=watch.library_id, source_path__in=paths
        )
        for path, pk in releases.values_list("source_path", "pk"):
            rows.filter(pk=inside[path]).update(
                state=State.KNOWN, release_id=pk, code="", message=""
            )


def _chunks(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]


def _look(watch: WatchFolder, candidate: Candidate) -> None:
    """Look at one candidate, and take it once it has settled."""
    path = Path(watch.folder) / candidate.path
    seen = look(path, Path(watch.library.path), watch.kind)
    now = clock.now()
    same = bool(seen.signature) and seen.signature == candidate.signature
    step = _step(candidate.looked_at, now)
    candidate.quiet_seconds = candidate.quiet_seconds + step if same else 0.0
    candidate.signature = seen.signature
    candidate.file_count, candidate.total_size = seen.files, seen.size
    candidate.looked_at = now
    if seen.code:
        state = State.WAITING if seen.code in PASSING else State.SKIPPED
        _say(candidate, state, seen.code, seen.message)
    elif candidate.quiet_seconds < watch.settle_seconds:
        message = (
            "Still changing, or seen for too short a time: unchanged for "
            f"{int(candidate.quiet_seconds)} of {watch.settle_seconds} seconds."
        )
        _say(candidate, State.WAITING, "still_changing", message)
    else:
        _take(watch, candidate)
    candidate.save()


def _step(before: datetime | None, now: datetime) -> float:
    if before is None:
        return 0.0
    return min(max((now - before).total_seconds(), 0.0), LONGEST_STEP_S)


def _say(candidate: Candidate, state: str, code: str, message: str) -> None:
    candidate.state, candidate.code = state, code
    candidate.message = message[:500]


def _take(watch: WatchFolder, candidate: Candidate) -> None:
    held = _held_release(watch, candidate)
    if held is not None:
        message = (
            f"It holds release {held} already. Add what else is in it by hand, or let "
            "the watch folder look further down."
        )
        _say(candidate, State.SKIPPED, "holds_release", message)
        return
    try:
        candidate.release = release_create(
            path=str(Path(watch.folder) / candidate.path),
            kind=watch.kind,
            targets=watch.targets,
            actor_id=watch.owner_id,
            reason=f"Found in the watch folder {watch}.",
        )
    except AppError as exc:
        if exc.code == "release_exists":  # by a link, or of a library inside this one
            candidate.release_id = exc.extra["release"]
            _say(candidate, State.KNOWN, "", "")
        else:
            _say(candidate, State.SKIPPED, exc.code, exc.message)
    else:
        _say(candidate, State.TAKEN, "", "")


def _inside(watch: WatchFolder, path: str) -> str:
    """The path of a candidate inside the library."""
    return f"{watch.path}/{path}" if watch.path else path


def _held_release(watch: WatchFolder, candidate: Candidate) -> int | None:
    rows = Release.objects.filter(
        library_id=watch.library_id,
        source_path__startswith=f"{_inside(watch, candidate.path)}/",
    )
    return rows.order_by("pk").values_list("pk", flat=True).first()
