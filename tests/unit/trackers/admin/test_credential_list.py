"""The list of accounts: their state, and its price."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import factories

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"admin:trackers_credential_{name}", args=args)


def test_the_list_filters_by_state(client, people):
    now = timezone.now()
    rows = {
        "usable": factories.CredentialFactory(label="can be used"),
        "paused": factories.CredentialFactory(label="is paused", paused_at=now),
        "off": factories.CredentialFactory(label="switched off", is_active=False),
    }
    client.force_login(people["viewer"])
    for state, row in rows.items():
        page = client.get(url("changelist"), {"state": state}).content.decode()
        found = [name for name, one in rows.items() if one.label in page]
        assert found == [state], row


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"is_active": False}, "Off"),
        ({"paused_at": timezone.now()}, "Paused"),
        ({}, "Not tested"),
        ({"check_ok": False}, "Test failed"),
        ({"check_ok": True}, "Works"),
    ],
)
def test_the_list_says_the_state(client, people, values, word):
    factories.CredentialFactory(**values)
    client.force_login(people["viewer"])
    assert f">{word}<" in client.get(url("changelist")).content.decode()


def test_the_list_asks_as_much_for_one_row_as_for_twenty(client, people):
    tracker = factories.TrackerFactory()
    client.force_login(people["admin"])
    client.get(url("changelist"))

    def queries(rows):
        factories.CredentialFactory.create_batch(rows, tracker=tracker)
        with CaptureQueriesContext(connection) as seen:
            client.get(url("changelist"))
        return len(seen)

    assert queries(1) == queries(19)
