"""The question of an upload: is it on the tracker? With all that is known about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.figures import size_text
from trackers.registry import get_adapter_class
from trackers.services.adapters import adapter_open
from trackers.services.choosing import credential_choose
from trackers.types import Way
from uploads.models import Upload, UploadAttempt, UploadEvent
from uploads.states import UploadStatus, is_question

NEWEST_LOOKS = 10
WAYS: Mapping[str, Promise] = {
    Way.INFOHASH.value: _("Infohash"),
    Way.TITLE.value: _("Title"),
    Way.FILE_NAME.value: _("Largest file and size"),
    Way.OWN_UPLOADS.value: _("Own uploads"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One time that the tracker was asked, or could not be."""

    event: UploadEvent
    rows: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a person needs to answer it. `earlier` looks are in the history only."""

    sent: Sequence[UploadAttempt]
    looks: Sequence[Look]
    earlier: int
    search_url: str
    example: str


def question(upload: Upload) -> Question | None:
    """The upload's question; None when nothing is asked about it."""
    if not is_question(upload.status, upload.reason):
        return None
    events = upload.events.filter(old=UploadStatus.UNKNOWN).order_by("-pk")
    looks = [
        Look(event=event, rows=evidence_rows(event)) for event in events[:NEWEST_LOOKS]
    ]
    with adapter_open(upload.tracker, None) as adapter:
        search = adapter.search_page(str(upload.payload.get("title", "")))
        example = adapter.page_of("123")
    return Question(
        sent=list(upload.attempts.exclude(sending_at=None).order_by("-number")),
        looks=looks,
        earlier=max(events.count() - len(looks), 0),
        search_url=search if search.startswith(("http://", "https://")) else "",
        example=example,
    )


def evidence_rows(event: UploadEvent) -> list[tuple[str, str, str]]:
    """What was asked for this event: in which way, for what, and what came back."""
    return [
        (str(WAYS.get(one["way"], one["way"])), one["asked"], one["found"])
        for one in event.evidence
    ]


def what_is_sent(upload: Upload) -> dict[str, Any]:
    """What another send consists of, for the page that confirms it."""
    torrent = upload.payload.get("torrent", {})
    account = credential_choose(upload.tracker, upload.approved_by_id)
    return {
        "title": upload.payload.get("title", ""),
        "torrent": torrent.get("name", ""),
        "size": size_text(torrent.get("size", 0)),
        "files": len(torrent.get("files", [])),
        "account": str(account) if account else "",
        "refuses_twice": Way.REPEAT in get_adapter_class(upload.tracker.family).ways,
    }
