"""Delivers messages through apprise, each once, and never shows an address."""

import logging
from datetime import timedelta
from urllib.parse import unquote, urlsplit

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from common import clock
from common.redact import redact, remember_secret
from common.texts import gettext_noop
from common.vault import VaultError
from uploads.errors import UploadError
from uploads.models import Notification, NotificationTarget
from uploads.notices import TYPES

logger = logging.getLogger(__name__)

MAX_TRIES = 6
CLAIM_SECONDS = 60.0
FIRST_DELAY = 30.0
KEPT = timedelta(days=30)
BATCH = 20
SHORTEST = 4
# Rows keep these; pages look them up (`common.spoken`).
NO_ADDRESS = gettext_noop("There is no address to send to. Enter it again.")
NO_SERVICE = gettext_noop("No service is known for the stored address. Enter it again.")
MODULE_FAILED = gettext_noop("The service's module failed (%(what)s).")
NOT_TAKEN = gettext_noop("The service did not take it.")


def notifications_due() -> list[int]:
    """The messages to deliver now, oldest first."""
    rows = _open().order_by("pk").values_list("pk", flat=True)
    return list(rows[:BATCH])


def notification_deliver(notification_id: int) -> bool:
    """Send one message; True when the service took it. Never raises for a refusal.

    A worker that dies between the service's answer and the row sends it again: a
    message heard twice is better than one that is lost.
    """
    now = clock.now()
    claimed = (
        _open()
        .filter(pk=notification_id)
        .update(not_before=now + timedelta(seconds=CLAIM_SECONDS), tries=F("tries") + 1)
    )
    if not claimed:
        return False
    row = Notification.objects.select_related("target").get(pk=notification_id)
    error = send(row.target, row.title, row.body, event=row.event)
    target = NotificationTarget.objects.filter(pk=row.target_id)
    if not error:
        Notification.objects.filter(pk=row.pk).update(sent_at=clock.now())
        target.update(last_sent_at=clock.now(), last_error="")
        return True
    target.update(last_error=error)
    later = clock.now() + timedelta(seconds=FIRST_DELAY * 4 ** (row.tries - 1))
    given_up = clock.now() if row.tries >= MAX_TRIES else None
    Notification.objects.filter(pk=row.pk).update(
        not_before=later, given_up_at=given_up
    )
    return False


def target_test(target: NotificationTarget) -> str:
    """Send a test message now; gives what went wrong, "" when it arrived."""
    error = send(target, "Herald can reach you", "This is the test you asked for.")
    NotificationTarget.objects.filter(pk=target.pk).update(
        last_error=error,
        last_sent_at=target.last_sent_at if error else clock.now(),
    )
    return error


def check_address(url: str) -> None:
    """Raise UploadError unless apprise knows what to do with the address."""
    import apprise

    remember_address(url)
    if not apprise.Apprise().add(url):
        raise UploadError(
            _(
                "No service is known for this address. It begins with the service's "
                "name, such as ntfy://, tgram:// or mailto://; apprise's list of "
                "services says how each one is written."
            ),
            code="notification_address",
        )


def remember_address(url: str) -> None:
    """Keep an address, and each part of it that may be a token, out of all texts."""
    remember_secret(url)
    parts = urlsplit(url)
    pieces = [parts.username, parts.password, *parts.path.split("/")]
    pieces += [
        value for pair in parts.query.split("&") for value in pair.split("=")[1:]
    ]
    for piece in filter(None, pieces):
        if len(piece) >= SHORTEST:
            remember_secret(unquote(piece))


def notifications_clean() -> None:
    """Forget messages that were sent, or given up, a month ago."""
    Notification.objects.filter(created_at__lt=clock.now() - KEPT).delete()


def _open() -> QuerySet[Notification]:
    now = clock.now()
    return Notification.objects.filter(
        Q(not_before=None) | Q(not_before__lte=now),
        sent_at=None,
        given_up_at=None,
        target__is_active=True,
        target__user__is_active=True,
    )


def send(target: NotificationTarget, title: str, body: str, *, event: str = "") -> str:
    """Tell one of an event (of uploads/notices.py, or none).

    Gives what went wrong, in one sentence without the address; "" when it went."""
    import apprise

    try:
        url = target.address["url"]
    except VaultError as exc:
        return exc.message
    except KeyError:
        return NO_ADDRESS
    remember_address(url)
    service = apprise.Apprise()
    if not service.add(url):
        return NO_SERVICE
    try:
        with apprise.LogCapture(level=logging.WARNING) as said:  # type: ignore[no-untyped-call]
            kind = apprise.NotifyType(TYPES.get(event, "info"))
            if service.notify(redact(body), redact(title), kind):
                return ""
            lines = said.getvalue().strip().splitlines()
    except Exception as exc:  # noqa: BLE001 - whatever a service's module raises
        logger.warning("A notification failed: %s", type(exc).__name__)
        return MODULE_FAILED % {"what": type(exc).__name__}
    reason = redact(lines[-1].split(" - ")[-1])[:200] if lines else ""
    return f"{NOT_TAKEN} {reason}".strip()
