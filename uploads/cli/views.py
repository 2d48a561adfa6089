"""Releases and uploads as the command line sees them, here or on a server. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from releases.states import ReleaseState
from uploads.states import SEEDING_WORDS, Seeding, UploadStatus

UNFINISHED = (ReleaseState.NEW, ReleaseState.PREPARING)
DECIDED = (ReleaseState.APPROVED, ReleaseState.PUBLISHED)
NOT_SEEDING = (Seeding.PROBLEM, Seeding.LOST)
SEEDING_ENDS = (Seeding.CONFIRMED, Seeding.NO_CLIENT, *NOT_SEEDING)
# How far an upload is, for its bar: waits, is sent, is there, is in the client, seeds.
STAGES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerView:
    """A tracker to choose; `kinds` are those it takes, empty for all."""

    slug: str
    name: str
    kinds: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseView:
    """A release, how its preparation goes, and when it last ended well."""

    id: int
    name: str
    title: str
    kind: str
    state: str
    progress: Mapping[str, Any] = field(default_factory=dict)
    error: Mapping[str, Any] = field(default_factory=dict)
    targets: Sequence[str] = ()
    prepared_at: str = ""

    def __str__(self) -> str:
        return self.title or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadView:
    """An upload; `title` is what it says, and only drafts bring it along."""

    id: int
    release: int
    release_title: str
    tracker: str
    status: str
    seeding: str
    seeding_message: str
    url: str
    reason: Mapping[str, Any]
    priority: int = 0
    digest: str = ""
    title: str = ""
    problems: Sequence[Mapping[str, Any]] = ()
    duplicates: Sequence[Mapping[str, Any]] = ()
    duplicates_checked_at: str | None = None
    duplicates_problem: str = ""

    @property
    def has_errors(self) -> bool:
        """Whether a problem stands in the way of approval."""
        return any(problem["severity"] == "error" for problem in self.problems)

    @property
    def status_words(self) -> str:
        """The status as people read it."""
        return self.status.capitalize()

    @property
    def seeding_words(self) -> str:
        """Where the proof of seeding stands; "" before that."""
        return SEEDING_WORDS[Seeding(self.seeding)] if self.seeding else ""

    @property
    def why(self) -> str:
        """The sentence behind where it stands, with what to do; "" when all is well."""
        if self.status == UploadStatus.SUCCESS:
            return "" if self.seeding == Seeding.CONFIRMED else self.seeding_message
        message = str(self.reason.get("message", ""))
        return f"{message} {self.reason.get('remedy', '')}".strip()

    @property
    def stage(self) -> int:
        """How far it is, from 0 to STAGES."""
        if self.status != UploadStatus.SUCCESS:
            return int(self.status in (UploadStatus.UPLOADING, UploadStatus.UNKNOWN))
        return {Seeding.ADDED: 3, Seeding.CONFIRMED: STAGES}.get(
            Seeding(self.seeding), 2
        )

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen by itself."""
        if self.status == UploadStatus.SUCCESS:
            return self.seeding in SEEDING_ENDS
        return self.status == UploadStatus.FAILED

    @property
    def facts(self) -> dict[str, object]:
        """What programs are told."""
        return {
            "id": self.id,
            "release": self.release,
            "tracker": self.tracker,
            "status": self.status,
            "seeding": self.seeding,
            "url": self.url,
            "reason": self.why,
        }
