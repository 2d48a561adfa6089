"""The request of an upload as people may see it: every field, and no secret."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from common.errors import AppError
from common.figures import size_text
from common.http import build_session
from common.redact import redact
from trackers.errors import TrackerError
from trackers.registry import get_adapter_class
from uploads.models import Approval, Upload, UploadAttempt
from uploads.payloads import payload_load

# Stands for every value of the account. A key may have to be letters and digits.
HIDDEN = "0hidden0by0herald0"
SHOWN = "••••••"
LONGEST = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SentRequest:
    """Method, address, and names with values; files with their sizes."""

    method: str
    url: str
    headers: Sequence[tuple[str, str]]
    fields: Sequence[tuple[str, str]]
    files: Sequence[tuple[str, str, str]]


def request_of(upload: Upload, attempt: UploadAttempt) -> SentRequest | str:
    """What an attempt sent, or why that cannot be shown."""
    if attempt.sending_at is None:
        return _("Nothing left this machine in this attempt.")
    if not (upload.payload and _is_same(upload, attempt)):
        return _(
            "What is sent has changed since this attempt, and only the newest is kept. "
            "The approvals name the digest of what was sent then."
        )
    try:
        return _build(upload)
    except (AppError, TrackerError) as exc:
        return _("The request cannot be shown: %(why)s") % {"why": exc.message}


def _is_same(upload: Upload, attempt: UploadAttempt) -> bool:
    """Whether what was approved before the attempt is what is stored now."""
    approvals = Approval.objects.filter(
        release=upload.release_id,
        decision=Approval.Decision.APPROVED,
        decided_at__lte=attempt.started_at,
    ).order_by("-pk")
    for digests in approvals.values_list("digests", flat=True):
        if digest := digests.get(str(upload.pk)):
            return bool(digest == upload.digest)
    return True


def _build(upload: Upload) -> SentRequest:
    """Build it again, as the adapter would, with an account that says nothing."""
    family = get_adapter_class(upload.tracker.family)
    values = {field.name: HIDDEN for field in family.credential_fields}
    payload = payload_load(upload.payload, bytes(upload.torrent_file or b""))
    with family(upload.tracker.site, values, build_session()) as adapter:
        request = adapter.build_request(payload)
    prepared = request.prepare()
    # As it is sent, with its parameters; its body is shown field by field.
    return SentRequest(
        method=str(prepared.method),
        url=_masked(str(prepared.url)),
        headers=[
            (name, _masked(str(v))) for name, v in (request.headers or {}).items()
        ],
        fields=[(name, _masked(value)) for name, value in _pairs(request)],
        files=[
            (name, _masked(file), size_text(size))
            for name, file, size in _files(request.files or {})
        ],
    )


def _pairs(request: Any) -> Iterable[tuple[str, str]]:
    given = request.data or request.json or {}
    if not isinstance(given, Mapping | list | tuple):
        return [("", str(given))]
    pairs = given.items() if isinstance(given, Mapping) else given
    return [(str(name), str(value)) for name, value in pairs]


def _files(given: Any) -> Iterable[tuple[str, str, int]]:
    pairs = given.items() if isinstance(given, Mapping) else given
    for name, value in pairs:
        file, content = value[:2] if isinstance(value, tuple) else (name, value)
        yield str(name), str(file or ""), len(content)


def _masked(text: str) -> str:
    return redact(text.replace(HIDDEN, SHOWN))[:LONGEST]
