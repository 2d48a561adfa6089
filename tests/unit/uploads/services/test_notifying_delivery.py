"""Messages to people on their way: refused, tried again, tested, and forgotten."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from common.redact import forget_secrets, redact
from tests.hunting import database, leaks
from tests.notified import TOKEN
from uploads.errors import UploadError
from uploads.models import (
    Notification,
    NotificationTarget,
)
from uploads.notices import Notice
from uploads.services import noticing
from uploads.services.noticing import notices_queue
from uploads.services.notifying import (
    MAX_TRIES,
    check_address,
    notification_deliver,
    notifications_clean,
    notifications_due,
    target_test,
)
from uploads.tasks import notify

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    """Events count as settled at once."""
    monkeypatch.setattr(noticing, "SETTLED", timedelta(seconds=-5))


def deliver():
    for pk in notifications_due():
        notify(notification_id=pk)


def titles():
    return list(Notification.objects.order_by("pk").values_list("title", flat=True))


def test_a_service_that_refuses_is_tried_again_and_given_up(target, httpserver):
    target.address = {"url": f"json://{httpserver.host}:{httpserver.port}/no/{TOKEN}"}
    target.save()
    notices_queue([Notice(event="question", subject="x")])
    row = Notification.objects.get()
    for tried in range(1, MAX_TRIES + 1):
        assert not notification_deliver(row.pk)
        row.refresh_from_db()
        assert row.tries == tried
        assert not notification_deliver(row.pk), "not before its time"
        Notification.objects.update(not_before=None)
    assert row.given_up_at
    assert notifications_due() == []
    target.refresh_from_db()
    assert target.last_error.startswith("The service did not take it.")
    assert TOKEN not in target.last_error
    assert len(httpserver.log) == MAX_TRIES


def test_a_test_says_what_is_wrong(target, service, settings):
    assert target_test(target) == ""
    assert service()[0]["title"] == "Herald can reach you"
    target.address = {"url": f"nosuch://{TOKEN}"}
    target.save()
    assert "No service is known" in target_test(target)
    target.address = {}
    target.save()
    assert target_test(target) == "There is no address to send to. Enter it again."
    target.address = {"url": f"json://127.0.0.1:9/{TOKEN}"}
    target.save()
    assert "did not take it" in target_test(target)
    settings.HERALD_KEYS = {"text": "other:" + "B" * 43 + "="}
    cache.clear()
    stored = NotificationTarget.objects.get()
    assert "key" in target_test(stored)
    stored.refresh_from_db()
    assert "key" in stored.last_error


def test_a_modules_own_failure_is_said(target, monkeypatch):
    import apprise

    def broken(*_, **__):
        raise RuntimeError(TOKEN)

    monkeypatch.setattr(apprise.Apprise, "notify", broken)
    assert target_test(target) == "The service's module failed (RuntimeError)."


def test_unknown_services_are_refused():
    check_address("ntfy://example.org/topic")
    with pytest.raises(UploadError, match="No service is known"):
        check_address("nosuch://host")
    with pytest.raises(UploadError, match="No service is known"):
        check_address("just words")


def test_no_part_of_an_address_is_ever_shown(target, service):
    forget_secrets()
    url = f"json://someone:very-secret-word@127.0.0.1:9/path/{TOKEN}?auth=other-secret"
    target.address = {"url": url}
    target.save()
    error = target_test(target)
    target.refresh_from_db()
    for secret in (TOKEN, "very-secret-word", "other-secret"):
        assert secret not in error + target.last_error
        assert secret not in redact(f"{secret} was refused")
    assert leaks({"the address": url, "the token": TOKEN}, database()) == []


@pytest.mark.parametrize("who", ["address", "person"])
def test_who_was_switched_off_hears_nothing_more(who, target, service):
    notices_queue([Notice(event="published", subject="A Book")])
    if who == "address":
        NotificationTarget.objects.update(is_active=False)
    else:
        type(target.user).objects.update(is_active=False)
    deliver()
    (row,) = Notification.objects.all()
    assert not notification_deliver(row.pk)
    assert service() == []


def test_old_messages_are_forgotten(target):
    notices_queue([Notice(event="question", subject="x")])
    notifications_clean()
    assert Notification.objects.exists()
    Notification.objects.update(created_at="2020-01-01T00:00:00Z")
    notifications_clean()
    assert not Notification.objects.exists()
