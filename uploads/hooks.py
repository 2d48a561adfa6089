"""What programs are told of, in which shape, and how it is signed. Pure."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop

from uploads.states import Seeding, UploadStatus, is_question

# The names are stored with each webhook and never change.
HOOK_EVENTS: dict[str, str] = {
    "approved": gettext_noop("An upload was approved"),
    "uploaded": gettext_noop("A tracker took an upload"),
    "failed": gettext_noop("An upload failed"),
    "question": gettext_noop("Nobody knows whether an upload arrived"),
    "seeding": gettext_noop("An upload is seeding"),
}
PING = "ping"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One event of an upload, as programs are told."""

    event: str
    at: datetime
    upload: int
    release: int
    tracker: str
    status: str
    seeding: str
    release_state: str
    upload_path: str
    release_path: str


def hook_event(old: str, new: str, *, reason: dict[str, Any], seeding: str) -> str:
    """Which event a move of an upload is; "" for none that programs hear of."""
    if (old, new) == (UploadStatus.DRAFT, UploadStatus.PENDING):
        return "approved"
    if new == UploadStatus.FAILED and old != new:
        return "question" if is_question(new, reason) else "failed"
    if new == UploadStatus.SUCCESS:
        if old != new:
            return "uploaded"
        return "seeding" if seeding == Seeding.CONFIRMED else ""
    return ""


def hook_body(happening: Happening, *, number: str, base: str) -> str:
    """The JSON that is delivered: ids, states and links, and nothing secret.

    `base` is this Herald's address; without one the links are paths.
    """
    one = happening
    root = base.rstrip("/")
    return json.dumps(
        {
            "id": number,
            "event": one.event,
            "at": one.at.isoformat(),
            "release": {
                "id": one.release,
                "state": one.release_state,
                "link": f"{root}{one.release_path}",
            },
            "upload": {
                "id": one.upload,
                "tracker": one.tracker,
                "status": one.status,
                "seeding": one.seeding,
                "link": f"{root}{one.upload_path}",
            },
        }
    )


def ping_body(*, number: str, at: datetime) -> str:
    """What a test delivers."""
    return json.dumps({"id": number, "event": PING, "at": at.isoformat()})


def signature(secret: str, body: str, *, at: int) -> str:
    """The value of `Herald-Signature`; `at` is seconds since 1970."""
    told = f"{at}.{body}".encode()
    digest = hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"
