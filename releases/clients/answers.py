"""qBittorrent's answers in our words. Pure."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from common.redact import redact
from releases.clients.paths import same_path
from releases.clients.types import AnnounceStatus, SeedPhase, SeedStatus

# Names of version 5 and, where they differ, of version 4.
PHASES = {
    "allocating": SeedPhase.CHECKING,
    "checkingDL": SeedPhase.CHECKING,
    "checkingResumeData": SeedPhase.CHECKING,
    "checkingUP": SeedPhase.CHECKING,
    "moving": SeedPhase.CHECKING,
    "downloading": SeedPhase.DOWNLOADING,
    "forcedDL": SeedPhase.DOWNLOADING,
    "forcedMetaDL": SeedPhase.DOWNLOADING,
    "metaDL": SeedPhase.DOWNLOADING,
    "stalledDL": SeedPhase.DOWNLOADING,
    "forcedUP": SeedPhase.SEEDING,
    "stalledUP": SeedPhase.SEEDING,
    "uploading": SeedPhase.SEEDING,
    "pausedDL": SeedPhase.STOPPED,
    "pausedUP": SeedPhase.STOPPED,
    "stoppedDL": SeedPhase.STOPPED,
    "stoppedUP": SeedPhase.STOPPED,
    "queuedDL": SeedPhase.QUEUED,
    "queuedUP": SeedPhase.QUEUED,
    "missingFiles": SeedPhase.MISSING_FILES,
}

# Numbers above 4 come from servers newer than 5.1: tracker error, unreachable.
ANNOUNCES = {
    1: AnnounceStatus.NOT_CONTACTED,
    2: AnnounceStatus.WORKING,
    3: AnnounceStatus.UPDATING,
    4: AnnounceStatus.NOT_WORKING,
    5: AnnounceStatus.NOT_WORKING,
    6: AnnounceStatus.NOT_WORKING,
}
_BEST_FIRST = (
    AnnounceStatus.WORKING,
    AnnounceStatus.UPDATING,
    AnnounceStatus.NOT_CONTACTED,
    AnnounceStatus.NOT_WORKING,
)
LONGEST_MESSAGE = 300
# On a torrent that stops once its files are checked, until they are found right. The
# client is the one who remembers it, and a person sees why it is stopped.
CHECK_TAG = "herald-check"


def web_api_version(text: str) -> tuple[int, ...]:
    """ "2.8.19" as (2, 8, 19), to be compared number by number."""
    parts = []
    for part in text.strip().lstrip("v").split("."):
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if not digits:
            break
        parts.append(int(digits))
    return tuple(parts)


def announce_urls(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """The torrent's own trackers, without the rows for DHT, PeX and LSD."""
    return [str(row["url"]) for row in _own(rows)]


def tags_of(info: Mapping[str, Any]) -> set[str]:
    """The torrent's tags."""
    return {part.strip() for part in str(info.get("tags", "")).split(",")} - {""}


def is_astray(info: Mapping[str, Any], save_path: str, tags: Iterable[str]) -> bool:
    """Whether a torrent that carries our `tags` lacks its files in another folder.

    It can be moved to `save_path` without loss: it seeds nothing where it is.
    """
    status = seed_status(info, ())
    stuck = status.phase in (SeedPhase.DOWNLOADING, SeedPhase.ERROR)
    held = status.phase is SeedPhase.STOPPED and status.held
    lacking = (stuck or held) and not status.complete
    wanted = set(tags)
    return (
        (lacking or status.phase is SeedPhase.MISSING_FILES)
        and bool(wanted)
        and wanted <= tags_of(info)
        and not same_path(status.save_path, save_path)
    )


def seed_status(
    info: Mapping[str, Any],
    trackers: Iterable[Mapping[str, Any]],
    announces: Collection[str] = (),
) -> SeedStatus:
    """One row of torrents/info with its rows of torrents/trackers.

    Only the answers to `announces` count, where there are any: what another account's
    announce URL is told proves nothing for ours.
    """
    state = str(info.get("state", ""))
    rows = [row for row in _own(trackers) if not announces or row["url"] in announces]
    announce, row = _announce(rows)
    seeds = int(row.get("num_seeds", -1)) if row else -1
    return SeedStatus(
        phase=PHASES.get(state, SeedPhase.ERROR),
        state=state,
        progress=float(info.get("progress", 0.0)),
        save_path=str(info.get("save_path", "")),
        content_path=str(info.get("content_path", "")),
        tracker_status=announce,
        tracker_message=redact(str(row.get("msg", "")) if row else "")[
            :LONGEST_MESSAGE
        ],
        seeds=seeds if seeds >= 0 else None,
        held=CHECK_TAG in tags_of(info),
    )


def _own(rows: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    return (row for row in rows if not str(row.get("url", "")).startswith("** ["))


def _announce(
    rows: list[Mapping[str, Any]],
) -> tuple[AnnounceStatus, Mapping[str, Any] | None]:
    known = [(ANNOUNCES.get(int(row.get("status", 0))), row) for row in rows]
    for wanted in _BEST_FIRST:
        for status, row in known:
            if status is wanted:
                return wanted, row
    return AnnounceStatus.NONE, None
