"""What travels between Herald and a torrent client. No Django import, no ORM."""

from dataclasses import dataclass
from enum import StrEnum


class SeedPhase(StrEnum):
    """What a torrent is doing in the client, in our words."""

    MISSING = "missing"
    CHECKING = "checking"
    DOWNLOADING = "downloading"
    SEEDING = "seeding"
    STOPPED = "stopped"
    QUEUED = "queued"
    MISSING_FILES = "missing_files"
    ERROR = "error"


class AnnounceStatus(StrEnum):
    """What the torrent's tracker said to the client last."""

    NONE = "none"
    NOT_CONTACTED = "not_contacted"
    UPDATING = "updating"
    WORKING = "working"
    NOT_WORKING = "not_working"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCheck:
    """The answer to "Test". `code` is the error's, empty when `ok`.

    `save_path` is the client's default folder, as the client names it; `warnings` are
    sentences about settings that will surprise.
    """

    ok: bool
    message: str
    version: str = ""
    save_path: str = ""
    code: str = ""
    can_browse: bool = False
    can_create: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A torrent is in the client: `already` before we came.

    `announces_added` counts announce URLs that the torrent there did not have yet.
    """

    already: bool
    announces_added: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedStatus:
    """How a torrent stands in the client.

    `state` is the client's own word, `progress` 0.0-1.0, paths are the client's.
    `tracker_message` is redacted. `seeds` is None while the tracker has not said. A
    torrent is `held` from seeding until the client has found its files right.
    """

    phase: SeedPhase
    state: str = ""
    progress: float = 0.0
    save_path: str = ""
    content_path: str = ""
    tracker_status: AnnounceStatus = AnnounceStatus.NONE
    tracker_message: str = ""
    seeds: int | None = None
    held: bool = False

    @property
    def complete(self) -> bool:
        """Whether the client has every byte."""
        return self.progress >= 1

    @property
    def confirmed(self) -> bool:
        """Whether it seeds and the tracker took the announce: the promise is kept."""
        return (
            self.phase is SeedPhase.SEEDING
            and self.complete
            and self.tracker_status is AnnounceStatus.WORKING
        )
