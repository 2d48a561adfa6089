"""What an answer means: which error of the taxonomy, or none. Pure.

Ordered from what is certain to what is not: only an answer that surely refuses may
lead to another try; what is left in doubt is OutcomeUnknown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypedDict

from trackers.adapters import words
from trackers.adapters.gazelle import parsing
from trackers.adapters.gazelle.links import torrent_url
from trackers.adapters.http import same_page
from trackers.adapters.words import LOOK_FIRST
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
        words.UNUSABLE % {"why": failure.message.removesuffix(LOOK_FIRST).rstrip()},
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
            words.WANTS_LOGIN % {"site": reply.site.name},
            **reply.facts,
        )
    where = {"site": reply.site.name, "url": reply.site.base_url}
    return OutcomeUnknown(
        f"{words.REDIRECTS % where} {LOOK_FIRST}",
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
        words.SLOWER % {"site": reply.site.name, "seconds": f"{wait:.0f}"},
        retry_after=wait,
        **reply.facts,
    )


def _refused_account(reply: Reply) -> TrackerError | None:
    told = bool(parsing.REFUSED_ACCOUNT.search(reply.sentence))
    in_json = reply.answer.readable
    if not (reply.status == 401 or (reply.status == 403 and in_json) or told):
        return None
    text = words.REFUSED_KEY_BECAUSE if reply.sentence else words.REFUSED_KEY
    return TrackerAuthError(
        text % {"site": reply.site.name, "why": reply.sentence},
        **reply.facts,
    )


def _unexplained(reply: Reply) -> TrackerError | None:
    """Judge what came without a readable envelope, or from a failing server."""
    facts = {
        "site": reply.site.name,
        "url": reply.site.base_url,
        "status": reply.status,
    }
    if reply.status >= 500 and parsing.duplicate_ids(reply.answer.error) is None:
        return OutcomeUnknown(
            f"{words.FAILED % facts} {LOOK_FIRST}",
            retry_after=reply.wait,
            **reply.facts,
        )
    if reply.answer.readable:
        return None
    if reply.status < 300:
        text = words.NOT_JSON if reply.detail.strip() else words.NOTHING
        return UnreadableResponse(f"{text % facts} {LOOK_FIRST}", **reply.facts)
    if reply.status in {404, 405}:
        return TrackerConfigError(
            words.NO_API % facts,
            **reply.facts,
        )
    if reply.status == 403:
        return TrackerUnavailable(
            words.TURNED_AWAY % facts,
            **reply.facts,
        )
    return UploadRejected(
        words.NO_REASON % facts,
        **reply.facts,
    )


def _said(reply: Reply) -> TrackerError | None:
    """Judge a readable envelope."""
    answer = reply.answer
    if answer.ok and reply.status < 300:
        return None
    if answer.status.startswith(parsing.DRY_RUN):
        return UploadRejected(
            words.REHEARSED % {"site": reply.site.name},
            **reply.facts,
        )
    if not answer.refused:
        what = words.NEITHER % {
            "site": reply.site.name,
            "said": answer.status[:40],
            "status": reply.status,
        }
        return UnreadableResponse(f"{what} {LOOK_FIRST}", **reply.facts)
    known = parsing.duplicate_ids(answer.error)
    if known is not None:
        return _duplicate(reply, *known)
    sentence = reply.sentence or words.UNEXPLAINED
    field = parsing.field_of(reply.sentence)
    return UploadRejected(
        words.REFUSED % {"site": reply.site.name, "why": sentence},
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
        words.DUPLICATE % {"site": reply.site.name},
        existing=existing,
        **reply.facts,
    )
