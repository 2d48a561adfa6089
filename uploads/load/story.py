"""Made-up releases with all that hangs on them, in the order of time."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.db.models import Model

from releases.models import (
    MetadataRecord,
    Release,
    ReleaseEvent,
    ReleaseFile,
    Torrent,
)
from uploads.load.surroundings import KINDS
from uploads.load.uploads import DAYS, UploadStory
from uploads.load.writing import Row
from uploads.models import (
    Approval,
    DuplicateSearch,
    Upload,
    UploadAttempt,
    UploadEvent,
)

ADJECTIVES = ("Quiet", "Long", "Hidden", "Seventh", "Burning", "Last", "Paper", "Blue")
NOUNS = ("River", "Winter", "Garden", "Empire", "Letters", "Machine", "Sea", "House")
AUTHORS = ("Ida Marsh", "Jon Vale", "Kay Ober", "Lou Penn", "Mia Roth", "Ned Sands")
KIND_WEIGHTS = (70, 18, 5, 5, 2)
STATES = ("published", "ready", "rejected", "failed", "approved")
STATE_WEIGHTS = (88, 4, 3, 2, 3)
MODELS: tuple[type[Model], ...] = (
    *(Release, ReleaseFile, MetadataRecord, Torrent, ReleaseEvent),
    *(Upload, DuplicateSearch, UploadAttempt, UploadEvent, Approval),
)


@dataclass(kw_only=True)
class Story(UploadStory):
    """The whole story, release by release."""

    def chunks(self, size: int) -> Iterator[Mapping[type[Model], list[Row]]]:
        """The rows of so many releases at a time, by model, in the order to write."""
        for number in range(self.releases):
            self._release(number)
            if (number + 1) % size == 0 or number + 1 == self.releases:
                yield {model: self.rows[model] for model in MODELS}
                self.rows.clear()

    def _release(self, number: int) -> None:
        random = self.random
        share = (number + random.random()) / self.releases
        at = self.now - timedelta(days=DAYS) * (1 - share)
        state = random.choices(STATES, STATE_WEIGHTS)[0]
        kind = random.choices(KINDS, KIND_WEIGHTS)[0]
        title = f"The {random.choice(ADJECTIVES)} {random.choice(NOUNS)} {number}"
        author = random.choice(AUTHORS)
        name = f"{author} - {title}"
        size = random.randrange(50_000_000, 900_000_000)
        print_ = hashlib.sha256(name.encode()).hexdigest()
        release = self.add(
            Release,
            library_id=self.around.library.pk,
            source_path=f"{name} [{self.ids[Release]}]",
            name=name,
            title=title,
            kind=kind,
            state=state,
            asin=f"B0{number:08d}"[:10],
            metadata={
                "title": {"value": title, "source": "tags"},
                "authors": {"value": [{"name": author}], "source": "tags"},
            },
            total_size=size,
            file_count=2,
            fingerprint=print_,
            revision=1,
            error={"code": "internal", "message": "Made up."}
            if state == "failed"
            else {},
            created_by_id=random.choice(self.around.people).pk,
            created_at=at,
            updated_at=at,
            prepared_at=at + timedelta(minutes=1),
        )
        self._beside(release, name, size, print_, at, state)
        torrent = self.add(
            Torrent,
            release_id=release,
            name=name,
            files=[["1.mp3", size]],
            total_size=size,
            piece_length=2**20,
            pieces=b"\x00" * 20,
            fingerprint=print_,
            engine="made up",
            duration_ms=900,
            created_at=at,
        )
        self.uploads_tell(number, release, torrent, kind, state, at)

    def _beside(
        self,
        release: int,
        name: str,
        size: int,
        print_: str,
        at: datetime,
        state: str,
    ) -> None:
        for position, (path, bytes_, kind) in enumerate(
            (("1.mp3", size, "audio"), ("cover.jpg", 90_000, "image"))
        ):
            self.add(
                ReleaseFile,
                release_id=release,
                path=path,
                size=bytes_,
                mtime_ns=0,
                kind=kind,
                position=position,
            )
        self.add(
            MetadataRecord,
            release_id=release,
            source="tags",
            fetched_at=at,
            raw={"title": name},
            fields={"title": name},
        )
        moves = ["new", "preparing", "failed" if state == "failed" else "ready"]
        if state not in moves:
            moves += ["approved", state] if state == "published" else [state]
        for old, new in pairwise(moves):
            self.add(
                ReleaseEvent,
                release_id=release,
                old=old,
                new=new,
                reason="Made up.",
                created_at=at,
            )
