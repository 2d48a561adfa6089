"""Why talking to a tracker failed. The class decides what happens next.

TrackerError                 code, message for people, detail (redacted)
├─ TrackerConfigError        a wrong option or credential field → a person, no retry
├─ TrackerAuthError          key, cookie or passkey refused → pause the credential
├─ TrackerUnavailable        nothing was accepted → retry with backoff
│  ├─ TrackerRateLimited     429 or its text → retry at `retry_after`
│  └─ QuestionRefused        a question was read and refused → a person, after a while
├─ UnsupportedByTracker      cannot be expressed there → a person
├─ UploadRejected            the site refused; `field_errors` → a person
│  └─ DuplicateUpload        already there; `existing` → success, linked
└─ OutcomeUnknown            sent, but no usable answer → look, then decide
   └─ UnreadableResponse     2xx that cannot be parsed → same
"""

from collections.abc import Mapping

from trackers.types import Existing


class TrackerError(Exception):
    """Base. `message` is for people, `detail` redacted and bounded, for a look.

    `http_status` is the answer's status (None: no answer), `retry_after` seconds. What
    a site says may hold NUL, which no database stores: it is left out.
    """

    code = "tracker_error"

    def __init__(
        self,
        message: str,
        *,
        tracker: str = "",
        detail: str = "",
        http_status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        self.message = message.replace("\x00", "")
        super().__init__(self.message)
        self.tracker = tracker
        self.detail = detail.replace("\x00", "")
        self.http_status = http_status
        self.retry_after = retry_after

    def __str__(self) -> str:
        return self.message


class TrackerConfigError(TrackerError):
    """A tracker option or credential field is missing or wrong."""

    code = "tracker_config"


class TrackerAuthError(TrackerError):
    """The site refused the key, cookie or passkey."""

    code = "tracker_auth"


class TrackerUnavailable(TrackerError):
    """The site took nothing: no connection, maintenance."""

    code = "tracker_unavailable"


class TrackerRateLimited(TrackerUnavailable):
    """The site asks to wait; nothing was done."""

    code = "tracker_rate_limited"


class QuestionRefused(TrackerUnavailable):
    """The site read a question and says no: asking again will hardly help."""


class UnsupportedByTracker(TrackerError):
    """The payload, or the action, cannot be expressed on this site."""

    code = "tracker_unsupported"


class UploadRejected(TrackerError):
    """The site refused the upload. `field_errors` maps a form field to its words."""

    code = "upload_rejected"

    def __init__(
        self,
        message: str,
        *,
        field_errors: Mapping[str, str] | None = None,
        tracker: str = "",
        detail: str = "",
        http_status: int | None = None,
    ) -> None:
        super().__init__(
            message, tracker=tracker, detail=detail, http_status=http_status
        )
        self.field_errors = dict(field_errors or {})


class DuplicateUpload(UploadRejected):
    """The site already has this torrent: `existing`, when it said which."""

    code = "upload_duplicate"

    def __init__(
        self,
        message: str,
        *,
        existing: Existing | None = None,
        tracker: str = "",
        detail: str = "",
        http_status: int | None = None,
    ) -> None:
        super().__init__(
            message, tracker=tracker, detail=detail, http_status=http_status
        )
        self.existing = existing


class OutcomeUnknown(TrackerError):
    """The request left, and no usable answer came: it may have been stored."""

    code = "outcome_unknown"


class UnreadableResponse(OutcomeUnknown):
    """The site answered, but not in words we can read."""

    code = "unreadable_response"
