"""Made-up uploads of a release: as far as its state says, with attempts and events."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db.models import Model

from trackers.types import Likeness, Severity, Strength
from uploads.load.attempts import Try, tries_make
from uploads.load.surroundings import Surroundings
from uploads.load.writing import Row
from uploads.models import (
    Approval,
    DuplicateSearch,
    Upload,
    UploadAttempt,
    UploadEvent,
)

DAYS = 730
RECENT = timedelta(days=2)
TEXT = "A made-up description, as long as most of them are. " * 14


@dataclass(kw_only=True)
class UploadStory:
    """Tells so many uploads and attempts; `ids` are the next free ones.

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
    rows: dict[type[Model], list[Row]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(self, model: type[Model], **columns: Any) -> int:
        """Tell of one more row; gives its id."""
        pk = self.ids[model]
        self.ids[model] = pk + 1
        self.made[model] += 1
        self.rows[model].append({"id": pk, **columns})
        return pk

    def uploads_tell(
        self,
        number: int,
        release: int,
        torrent: int,
        kind: str,
        state: str,
        at: datetime,
    ) -> None:
        """The uploads of the release that is the `number`-th of all, and its approval."""
        due = self.uploads * (number + 1) // self.releases - self.made[Upload]
        trackers = self.random.sample(self.around.trackers, due)
        person = self.random.choice(self.around.people).pk
        approved = at + timedelta(hours=self.random.expovariate(1 / 6))
        digests: dict[str, str] = {}
        for tracker in trackers:
            status = self._status(state, at)
            common = {
                "tracker_id": tracker.pk,
                "kind": kind,
                "template_version_id": self._version(tracker.pk, kind, at),
                "credential_id": self.around.credentials[tracker.pk].pk,
            }
            own = {"release_id": release, "torrent_id": torrent, "status": status}
            digest = self._upload(own, common, at, approved, person)
            if status not in ("draft", "cancelled"):
                digests[str(self.ids[Upload] - 1)] = digest
        if digests or state == "rejected":
            self.add(
                Approval,
                release_id=release,
                actor_id=person,
                decision="approved" if digests else "rejected",
                note="",
                digests=digests,
                decided_at=approved,
            )

    def _version(self, tracker: int, kind: str, at: datetime) -> int:
        """The one that was the newest then."""
        versions = self.around.versions[tracker, kind]
        age = (at - self.now).days + DAYS
        return versions[min(age * len(versions) // DAYS, len(versions) - 1)].pk

    def _upload(
        self,
        own: Mapping[str, Any],
        common: Mapping[str, Any],
        at: datetime,
        approved: datetime,
        person: int,
    ) -> str:
        """One upload with all that hangs on it; gives its digest."""
        upload, status = self.ids[Upload], own["status"]
        digest = hashlib.sha256(f"upload {upload}".encode()).hexdigest()
        columns = {
            **common,
            **own,
            "payload": {"form": [["title", digest]], "description": TEXT},
            "digest": digest,
            "release_revision": 1,
            "infohash": digest[:40],
            "created_at": at,
            "updated_at": at,
        }
        is_sent = status not in ("draft", "cancelled")
        if status == "draft":
            columns |= _problems(upload)
        if is_sent:
            approval = {"approved_by_id": person, "approved_at": approved}
            columns |= {"approved_digest": digest, **approval}
            columns |= self._sent(upload, status, approved, common, person)
        self.add(Upload, **columns)
        self._search(upload, common["tracker_id"], at)
        self._event(upload, "", "draft", at)
        if status == "cancelled":
            self._event(upload, "draft", status, approved, person)
        return digest

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
            self.add(
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

    def _search(self, upload: int, tracker: int, at: datetime) -> None:
        """What the tracker had of it; something alike for every twentieth."""
        there = {
            "remote_id": str(upload),
            "url": f"http://127.0.0.1:9/torrents.php?torrentid={upload}",
            "title": "A made-up torrent",
            "strength": Strength.LIKELY,
            "why": Likeness.NAME_AND_FORMAT,
            "format": "MP3",
            "encoding": "320",
            "size": 1_000_000,
        }
        found = [there] if upload % 20 == 0 else []
        self.add(
            DuplicateSearch,
            upload_id=upload,
            tracker_id=tracker,
            key=f"{upload:064}",
            found=found,
            warned=len(found),
            checked_at=at,
        )

    def _event(
        self, upload: int, old: str, new: str, at: datetime, actor: int | None = None
    ) -> None:
        self.add(
            UploadEvent,
            upload_id=upload,
            old=old,
            new=new,
            reason="Made up.",
            actor_id=actor,
            created_at=at,
        )


def _problems(upload: int) -> dict[str, Any]:
    """Every ninth draft has an error, every fourth a warning; by number, not by luck."""
    found = [
        {"field": "year", "code": "missing", "severity": severity, "remedy": "None."}
        for severity, every in ((Severity.ERROR, 9), (Severity.WARNING, 4))
        if upload % every == 0
    ]
    counts = Counter(one["severity"] for one in found)
    return {
        "problems": [
            {**one, "message": f"A made-up {one['severity']}."} for one in found
        ],
        "errors": counts[Severity.ERROR],
        "warnings": counts[Severity.WARNING],
    }
