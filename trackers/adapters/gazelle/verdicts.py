"""What an answer means: which error of the taxonomy, or none. Pure.

Ordered from what is certain to what is not: only an answer that surely refuses may
lead to another try; what is left in doubt is OutcomeUnknown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypedDict

from trackers.adapters.gazelle import parsing
from trackers.adapters.gazelle.links import torrent_url
from trackers.adapters.http import same_page
from trackers.errors import (
    DuplicateUpload,
    OutcomeUnknown,
    QuestionRefused,
    TrackerAuthError,
    TrackerConfigError,
    TrackerError,
    TrackerRateLimited,
    TrackerUnavailable,
    UnreadableResponse,
    UploadRejected,
)
from trackers.types import Existing, TrackerSite

SHORTEST_WAIT_S: Final = 10.0
LOOK_FIRST: Final = "Herald looks on the site before anything is sent again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer of a site, ready to be judged.

    `sentence` is the site's error as plain text without secrets, `detail` the
    bounded, redacted body; `now` is when it came.
    """

    site: TrackerSite
    status: int
    headers: Mapping[str, str]
    answer: parsing.Answer
    sentence: str
    detail: str
    now: datetime

    @property
    def facts(self) -> "Facts":
        """What every error carries."""
        return {
            "tracker": self.site.slug,
            "detail": self.detail,
            "http_status": self.status,
        }

    @property
    def wait(self) -> float | None:
        """Seconds the site asks us to wait; None when it does not say."""
        return parsing.wait_seconds(
            self.headers.get("Retry-After", ""), sent_at(self.headers, self.now)
        )


class Facts(TypedDict):
    """Keyword arguments that every TrackerError takes."""

    tracker: str
    detail: str
    http_status: int


def sent_at(headers: Mapping[str, str], now: datetime) -> datetime:
    """Return the site's own clock where it shows it, so that ours may be wrong."""
    return parsing.http_date(headers.get("Date", "")) or now


def verdict(reply: Reply) -> TrackerError | None:
    """Judge the answer to an upload; None when the site says that it succeeded."""
    return (
        _redirect(reply)
        or _rate_limit(reply)
        or _refused_account(reply)
        or _unexplained(reply)
        or _said(reply)
    )


def as_read_failure(failure: TrackerError) -> TrackerError:
    """Turn a verdict into what it means for a question, which changed nothing."""
    if isinstance(failure, TrackerAuthError | TrackerUnavailable | TrackerConfigError):
        return failure
    refused = isinstance(failure, UploadRejected)
    kind = QuestionRefused if refused else TrackerUnavailable
    return kind(
        "The answer to a question cannot be used: "
        + failure.message.removesuffix(LOOK_FIRST).rstrip(),
        tracker=failure.tracker,
        detail=failure.detail,
        http_status=failure.http_status,
        retry_after=failure.retry_after,
    )


def _redirect(reply: Reply) -> TrackerError | None:
    if not 300 <= reply.status < 400:
        return None
    target = reply.headers.get("Location", "")
    if same_page(target, "login.php"):
        return TrackerAuthError(
            f"{reply.site.name} asks to log in: it does not accept the API key. Make a "
            "new key there and store it under Credentials.",
            **reply.facts,
        )
    return OutcomeUnknown(
        f"{reply.site.name} redirects to another address instead of answering. Check "
        f"the tracker's base URL ({reply.site.base_url}). {LOOK_FIRST}",
        **reply.facts,
    )


def _rate_limit(reply: Reply) -> TrackerError | None:
    says_so = bool(parsing.RATE_LIMIT.search(reply.sentence))
    if reply.status != 429 and not says_so:
        return None
    wait = reply.wait
    if wait is None or says_so:
        wait = max(wait or 0.0, SHORTEST_WAIT_S)
    return TrackerRateLimited(
        f"{reply.site.name} asks for fewer requests; nothing was done there. Herald "
        f"goes on in {wait:.0f} s.",
        retry_after=wait,
        **reply.facts,
    )


def _refused_account(reply: Reply) -> TrackerError | None:
    told = bool(parsing.REFUSED_ACCOUNT.search(reply.sentence))
    in_json = reply.answer.readable
    if not (reply.status == 401 or (reply.status == 403 and in_json) or told):
        return None
    words = f": {reply.sentence}" if reply.sentence else ""
    return TrackerAuthError(
        f"{reply.site.name} refused the API key{words}. Check that the key is right "
        "and may upload (on sites with key scopes: Torrents), then press Test.",
        **reply.facts,
    )


def _unexplained(reply: Reply) -> TrackerError | None:
    """Judge what came without a readable envelope, or from a failing server."""
    name = reply.site.name
    if reply.status >= 500 and parsing.duplicate_ids(reply.answer.error) is None:
        return OutcomeUnknown(
            f"{name} failed while it answered (HTTP {reply.status}). {LOOK_FIRST}",
            retry_after=reply.wait,
            **reply.facts,
        )
    if reply.answer.readable:
        return None
    if reply.status < 300:
        what = "nothing" if not reply.detail.strip() else "something other than JSON"
        return UnreadableResponse(
            f"{name} answered {what} (HTTP {reply.status}). {LOOK_FIRST}", **reply.facts
        )
    if reply.status in {404, 405}:
        return TrackerConfigError(
            f"{name} has no API at {reply.site.base_url} (HTTP {reply.status}). Check "
            "the tracker's base URL.",
            **reply.facts,
        )
    if reply.status == 403:
        return TrackerUnavailable(
            f"{name} turned the request away before reading it (HTTP 403). If this "
            "goes on, open the site in a browser and see whether it works.",
            **reply.facts,
        )
    return UploadRejected(
        f"{name} refused the upload without a reason (HTTP {reply.status}).",
        **reply.facts,
    )


def _said(reply: Reply) -> TrackerError | None:
    """Judge a readable envelope."""
    answer, name = reply.answer, reply.site.name
    if answer.ok and reply.status < 300:
        return None
    if answer.status.startswith(parsing.DRY_RUN):
        return UploadRejected(
            f"{name} only rehearsed the upload; nothing was stored there.",
            **reply.facts,
        )
    if not answer.refused:
        return UnreadableResponse(
            f'{name} answered "{answer.status[:40]}" (HTTP {reply.status}), which says '
            f"neither yes nor no. {LOOK_FIRST}",
            **reply.facts,
        )
    known = parsing.duplicate_ids(answer.error)
    if known is not None:
        return _duplicate(reply, *known)
    sentence = reply.sentence or "it gave no reason"
    field = parsing.field_of(reply.sentence)
    return UploadRejected(
        f"{name} refused the upload: {sentence}",
        field_errors={field: sentence} if field else {},
        **reply.facts,
    )


def _duplicate(reply: Reply, torrent_id: str, group_id: str) -> DuplicateUpload:
    existing = None
    if torrent_id:
        existing = Existing(
            remote_id=torrent_id, url=torrent_url(reply.site, torrent_id, group_id)
        )
    return DuplicateUpload(
        f"This torrent is already on {reply.site.name}.",
        existing=existing,
        **reply.facts,
    )
