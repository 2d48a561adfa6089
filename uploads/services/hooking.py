"""Webhooks: made, tested, and told of what happened, each delivery until it is taken."""

import re
import secrets
import time
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import requests
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from common import clock
from common.addresses import check_web_address, has_login
from common.http import transport_failure
from common.outside import InsideAddress, build_outside_session
from common.redact import redact, redact_url, remember_secret
from common.texts import gettext_noop
from common.vault import VaultError
from uploads.hooks import PING, Happening, hook_body, hook_event, ping_body, signature
from uploads.models import Delivery, UploadEvent, Webhook

# Waits after each try that failed: eight tries in a day.
GAPS = (30.0, 120.0, 600.0, 1800.0, 7200.0, 21_600.0, 54_000.0)
MAX_TRIES = len(GAPS) + 1
CLAIM_SECONDS = 60.0
KEPT = timedelta(days=30)
BATCH = 20
LONGEST_ANSWER = 1000
# Rows keep these; pages look them up (`common.spoken`).
NO_SECRET = gettext_noop("Its signing secret cannot be read. Make a new one.")
LEADS_ELSEWHERE = gettext_noop(
    "It answered %(status)s, which leads elsewhere; that is not followed. Enter the "
    "address where it leads."
)
NOT_TAKEN = gettext_noop("It answered %(status)s; 200 to 299 would be right.")
LEADS_INSIDE = gettext_noop(
    "The address leads into this machine or its own network, which is not allowed. "
    "HERALD_WEBHOOK_PRIVATE allows it."
)
NOT_REACHED = gettext_noop(
    "It cannot be reached. Look at the address, and whether it runs."
)
ODD_ANSWER = gettext_noop("It did not answer as it should (%(what)s).")


def check_hook_address(url: str) -> None:
    """Raise ValidationError unless something can be posted there."""
    if has_login(url):
        raise ValidationError(
            _(
                "An address holds no login. Leave it out: Herald-Signature proves who "
                "speaks."
            )
        )
    check_web_address(url.partition("?")[0])
    if "#" in url or not re.fullmatch(r"[!-~]+", url):
        raise ValidationError(_("Leave out what begins with #, and blanks."))
    if redact_url(url) != url:
        raise ValidationError(
            _(
                "There is a key in this address, which is stored in plain text. Leave "
                "it out: Herald-Signature proves who speaks."
            )
        )


def webhook_secret(webhook: Webhook) -> str:
    """Give a webhook a new signing secret, and hand it out this once."""
    secret = f"whsec_{secrets.token_urlsafe(32)}"
    remember_secret(secret)
    webhook.signing = {"secret": secret}
    webhook.save(update_fields=["signing"])
    return secret


# --- What is queued ------------------------------------------------------------------


def happenings(pks: Sequence[int]) -> Iterable[Happening]:
    """What the events of uploads with these numbers mean for programs."""
    rows = UploadEvent.objects.news(pks).select_related(
        "upload__release", "upload__tracker"
    )
    heavy = ("payload", "torrent_file", "site_torrent", "problems", "duplicates")
    own = ("metadata", "overrides", "given_torrent", "notices")
    rows = rows.defer(
        *(f"upload__{name}" for name in heavy),
        *(f"upload__release__{name}" for name in own),
    )
    for row in rows.order_by("pk"):
        upload = row.upload
        event = hook_event(
            row.old, row.new, reason=upload.reason, seeding=upload.seeding
        )
        if event:
            yield Happening(
                event=event,
                at=row.created_at,
                upload=upload.pk,
                release=upload.release_id,
                tracker=upload.tracker.slug,
                status=row.new,
                seeding=upload.seeding,
                release_state=upload.release.state,
                upload_path=reverse("admin:uploads_upload_change", args=[upload.pk]),
                release_path=reverse(
                    "admin:releases_release_change", args=[upload.release_id]
                ),
            )


def deliveries_queue(pks: Sequence[int]) -> int:
    """Queue a delivery for each webhook and event it wants to hear of."""
    hooks = list(Webhook.objects.filter(is_active=True).defer("signing"))
    if not hooks:
        return 0
    rows = []
    for one in happenings(pks):
        for hook in hooks:
            if one.event in hook.events:
                number = _number()
                body = hook_body(one, number=number, base=settings.HERALD_URL)
                rows.append(
                    Delivery(webhook=hook, event=one.event, number=number, body=body)
                )
    return len(Delivery.objects.bulk_create(rows))


def deliveries_due() -> list[int]:
    """What is to be delivered now, oldest first."""
    return list(_open().order_by("pk").values_list("pk", flat=True)[:BATCH])


def deliveries_clean() -> None:
    """Forget deliveries of a month ago."""
    Delivery.objects.filter(created_at__lt=clock.now() - KEPT).delete()


def _open() -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        Q(not_before=None) | Q(not_before__lte=clock.now()),
        delivered_at=None,
        given_up_at=None,
        webhook__is_active=True,
    )


# --- What is sent --------------------------------------------------------------------


def delivery_send(delivery_id: int) -> bool:
    """Try one delivery; True when the program took it. Never raises for a refusal.

    A worker that dies before the answer is written sends it again, under the same
    number: whoever listens tells by it.
    """
    now = clock.now()
    claimed = (
        _open()
        .filter(pk=delivery_id)
        .update(not_before=now + timedelta(seconds=CLAIM_SECONDS), tries=F("tries") + 1)
    )
    if not claimed:
        return False
    row = Delivery.objects.select_related("webhook").get(pk=delivery_id)
    return _try(row)


def delivery_again(delivery: Delivery) -> None:
    """Deliver once more, at once and with all its tries; also what was taken."""
    Delivery.objects.filter(pk=delivery.pk).update(
        tries=0, not_before=None, delivered_at=None, given_up_at=None
    )


def webhook_test(webhook: Webhook) -> Delivery:
    """Deliver a `ping` now; the row says how it went. It is not tried again."""
    number = _number()
    row = Delivery.objects.create(
        webhook=webhook,
        event=PING,
        number=number,
        body=ping_body(number=number, at=clock.now()),
        tries=1,
        not_before=clock.now() + timedelta(seconds=CLAIM_SECONDS),
    )
    _try(row)
    row.refresh_from_db()
    return row


def _try(row: Delivery) -> bool:
    began = time.monotonic()
    outcome = _post(row)
    now = clock.now()
    taken = not outcome["error"]
    is_last = row.event == PING or row.tries >= MAX_TRIES
    given_up = is_last and not taken
    Delivery.objects.filter(pk=row.pk).update(
        **outcome,
        duration_ms=int((time.monotonic() - began) * 1000),
        tried_at=now,
        delivered_at=now if taken else None,
        given_up_at=now if given_up else None,
        not_before=None if taken or given_up else _later(now, row.tries),
    )
    told: dict[str, Any] = {"last_error": outcome["error"]}
    if taken:
        told["last_delivered_at"] = now
    Webhook.objects.filter(pk=row.webhook_id).update(**told)
    return taken


def _later(now: datetime, tries: int) -> datetime:
    return now + timedelta(seconds=GAPS[min(tries, len(GAPS)) - 1])


def _post(row: Delivery) -> dict[str, Any]:
    """One request: status, answer and error, the last "" when it was taken."""
    at = int(clock.now().timestamp())
    try:
        secret = row.webhook.signing["secret"]
    except (VaultError, KeyError):
        return {"status": None, "answer": "", "error": NO_SECRET}
    remember_secret(secret)
    session = build_outside_session(inside_too=settings.WEBHOOK_PRIVATE)
    try:
        with session:
            response = session.post(
                row.webhook.url,
                data=row.body.encode(),
                headers={
                    "Content-Type": "application/json",
                    "Herald-Event": row.event,
                    "Herald-Delivery": row.number,
                    "Herald-Signature": signature(secret, row.body, at=at),
                },
                allow_redirects=False,
            )
    except requests.RequestException as exc:
        return {"status": None, "answer": "", "error": _why(exc)}
    answer = redact(response.text.replace("\x00", ""))[:LONGEST_ANSWER]
    error = "" if response.ok and not response.is_redirect else _refused(response)
    return {"status": response.status_code, "answer": answer, "error": error}


def _refused(response: requests.Response) -> str:
    if 300 <= response.status_code < 400:
        return LEADS_ELSEWHERE % {"status": response.status_code}
    return NOT_TAKEN % {"status": response.status_code}


def _why(exc: requests.RequestException) -> str:
    reason: Any = exc.args[0] if exc.args else None
    if isinstance(getattr(reason, "reason", reason), InsideAddress):
        return LEADS_INSIDE
    if transport_failure(exc) == "not_sent":
        return NOT_REACHED
    return redact(ODD_ANSWER % {"what": type(exc).__name__})[:300]


def _number() -> str:
    return f"evt_{uuid.uuid4().hex}"
