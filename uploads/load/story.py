"""Made-up releases with all that hangs on them, in the order of time."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

from django.db.models import Model

from releases.models import (
    MetadataRecord,
    Release,
    ReleaseEvent,
    ReleaseFile,
    Torrent,
)
from uploads.load.attempts import Try, tries_make
from uploads.load.surroundings import KINDS, Surroundings
from uploads.load.writing import Row
from uploads.models import Approval, Upload, UploadAttempt, UploadEvent

DAYS = 730
RECENT = timedelta(days=2)
ADJECTIVES = ("Quiet", "Long", "Hidden", "Seventh", "Burning", "Last", "Paper", "Blue")
NOUNS = ("River", "Winter", "Garden", "Empire", "Letters", "Machine", "Sea", "House")
AUTHORS = ("Ida Marsh", "Jon Vale", "Kay Ober", "Lou Penn", "Mia Roth", "Ned Sands")
KIND_WEIGHTS = (70, 18, 5, 5, 2)
STATES = ("published", "ready", "rejected", "failed", "approved")
STATE_WEIGHTS = (88, 4, 3, 2, 3)
MODELS: tuple[type[Model], ...] = (
    *(Release, ReleaseFile, MetadataRecord, Torrent, ReleaseEvent),
    *(Upload, UploadAttempt, UploadEvent, Approval),
)
TEXT = "A made-up description, as long as most of them are. " * 14


@dataclass(kw_only=True)
class Story:
    """Tells so many releases, uploads and attempts; `ids` are the next free ones.

    Releases and uploads are exact. Attempts are met as nearly as uploads allow that
    were sent at all.
    """

    random: Random
    around: Surroundings
    now: datetime
    ids: dict[type[Model], int]
    releases: int
    uploads: int
    attempts: int
    made: dict[type[Model], int] = field(default_factory=lambda: defaultdict(int))
    _rows: dict[type[Model], list[Row]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def chunks(self, size: int) -> Iterator[Mapping[type[Model], list[Row]]]:
        """The rows of so many releases at a time, by model, in the order to write."""
        for number in range(self.releases):
            self._release(number)
            if (number + 1) % size == 0 or number + 1 == self.releases:
                yield {model: self._rows[model] for model in MODELS}
                self._rows.clear()

    def _add(self, model: type[Model], **columns: Any) -> int:
        pk = self.ids[model]
        self.ids[model] = pk + 1
        self.made[model] += 1
        self._rows[model].append({"id": pk, **columns})
        return pk

    # --- A release -------------------------------------------------------------------
    def _release(self, number: int) -> None:
        random = self.random
        share = (number + random.random()) / self.releases
        at = self.now - timedelta(days=DAYS) * (1 - share)
        state = random.choices(STATES, STATE_WEIGHTS)[0]
        kind = random.choices(KINDS, KIND_WEIGHTS)[0]
        person = random.choice(self.around.people)
        title = f"The {random.choice(ADJECTIVES)} {random.choice(NOUNS)} {number}"
        author = random.choice(AUTHORS)
        name = f"{author} - {title}"
        size = random.randrange(50_000_000, 900_000_000)
        print_ = hashlib.sha256(name.encode()).hexdigest()
        release = self._add(
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
            created_by_id=person.pk,
            created_at=at,
            updated_at=at,
            prepared_at=at + timedelta(minutes=1),
        )
        self._beside(release, name, size, print_, at, state)
        torrent = self._add(
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
        self._uploads(number, release, torrent, kind, state, at)

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
            self._add(
                ReleaseFile,
                release_id=release,
                path=path,
                size=bytes_,
                mtime_ns=0,
                kind=kind,
                position=position,
            )
        self._add(
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
            self._add(
                ReleaseEvent,
                release_id=release,
                old=old,
                new=new,
                reason="Made up.",
                created_at=at,
            )

    # --- Its uploads -----------------------------------------------------------------
    def _uploads(
        self,
        number: int,
        release: int,
        torrent: int,
        kind: str,
        state: str,
        at: datetime,
    ) -> None:
        due = self.uploads * (number + 1) // self.releases - self.made[Upload]
        trackers = self.random.sample(self.around.trackers, due)
        person = self.random.choice(self.around.people)
        approved = at + timedelta(hours=self.random.expovariate(1 / 6))
        digests: dict[str, str] = {}
        for tracker in trackers:
            digest = hashlib.sha256(f"{release} {tracker.pk}".encode()).hexdigest()
            versions = self.around.versions[tracker.pk, kind]
            age = (at - self.now).days + DAYS
            common = {
                "tracker_id": tracker.pk,
                "kind": kind,
                "template_version_id": versions[
                    min(age * len(versions) // DAYS, len(versions) - 1)
                ].pk,
                "credential_id": self.around.credentials[tracker.pk].pk,
            }
            status = self._status(state, at)
            is_sent = status not in ("draft", "cancelled")
            columns = {
                **common,
                "release_id": release,
                "status": status,
                "payload": {"form": [["title", digest]], "description": TEXT},
                "digest": digest,
                "release_revision": 1,
                "torrent_id": torrent,
                "infohash": digest[:40],
                "created_at": at,
                "updated_at": at,
            }
            upload = self.ids[Upload]
            if is_sent:
                digests[str(upload)] = digest
                approval = {"approved_by_id": person.pk, "approved_at": approved}
                columns |= {"approved_digest": digest, **approval}
                columns |= self._sent(upload, status, approved, common, person.pk)
            self._add(Upload, **columns)
            self._event(upload, "", "draft", at)
            if not is_sent and status != "draft":
                self._event(upload, "draft", status, approved, person.pk)
        if digests or state == "rejected":
            self._add(
                Approval,
                release_id=release,
                actor_id=person.pk,
                decision="approved" if digests else "rejected",
                note="",
                digests=digests,
                decided_at=approved,
            )

    def _status(self, state: str, at: datetime) -> str:
        if state == "published":
            return "success"
        if state == "approved":
            recent = self.now - at < RECENT
            last = ("pending", "unknown") if recent else ("failed", "failed")
            return self.random.choice(("success", "failed", *last))
        return "cancelled" if state == "rejected" else "draft"

    def _sent(
        self,
        upload: int,
        status: str,
        approved: datetime,
        common: Mapping[str, Any],
        person: int,
    ) -> dict[str, Any]:
        """The attempts of an upload with their events; the columns that follow."""
        owed = self.attempts * (self.made[Upload] + 1) // self.uploads
        owed -= self.made[UploadAttempt]
        count = max(1, owed + self.random.choice((-1, -1, 0, 0, 1, 1)))
        speed = 1.5 + common["tracker_id"] % 5
        good = status == "success"
        tries = tries_make(self.random, count, approved, ends_well=good, speed=speed)
        self._event(upload, "draft", "pending", approved, person)
        for number, one in enumerate(tries, 1):
            self._add(
                UploadAttempt,
                upload_id=upload,
                approver_id=person,
                **{**common, **one.columns},
            )
            self._moves(upload, one, status if number == count else "pending")
        over = tries[-1].over
        if not good:
            code = tries[-1].columns["error_code"]
            reason = {"code": code, "message": f"Made up: {code}."}
            ended = over if status == "failed" else None
            tomorrow = self.now + timedelta(days=1)
            later = None if ended else tomorrow
            return {"reason": reason, "finished_at": ended, "not_before": later}
        proof = over + timedelta(seconds=self.random.lognormvariate(4, 1))
        seeds = self.random.random() < 0.97
        return {
            "reason": {"code": "success", "message": "The tracker took it."},
            "remote_id": str(upload),
            "remote_url": f"http://127.0.0.1:9/torrents.php?torrentid={upload}",
            "finished_at": over,
            "seeding": "confirmed" if seeds else "lost",
            "seeding_confirmed_at": proof if seeds else None,
            "seeding_due_at": proof + timedelta(days=9999) if seeds else None,
        }

    def _moves(self, upload: int, one: Try, end: str) -> None:
        self._event(upload, "pending", "uploading", one.columns["started_at"])
        if one.columns["outcome"] != "unknown" or end == "unknown":
            self._event(upload, "uploading", end, one.over)
            return
        self._event(upload, "uploading", "unknown", one.over)
        settled = one.over + timedelta(seconds=8)
        self._event(upload, "unknown", end, settled)

    def _event(
        self, upload: int, old: str, new: str, at: datetime, actor: int | None = None
    ) -> None:
        self._add(
            UploadEvent,
            upload_id=upload,
            old=old,
            new=new,
            reason="Made up.",
            actor_id=actor,
            created_at=at,
        )
