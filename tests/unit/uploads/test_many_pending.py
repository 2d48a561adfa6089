"""Ten thousand uploads that wait cost no more statements than a few, and no memory."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories
from tests.many import pending
from uploads.services.claiming import claim_next
from uploads.services.lanes import due_uploads
from uploads.services.recovery import uploads_sweep
from uploads.services.troubles import troubles_watch
from uploads.services.unreachable import unreachable_hold

pytestmark = pytest.mark.django_db
# Both more than a page of the list.
FEW, MANY = 60, 270
HEAVY = ("payload", "torrent_file", "site_torrent")


@pytest.fixture
def account(people, client):
    client.force_login(people["root"])
    return factories.CredentialFactory()


def statements(action):
    with CaptureQueriesContext(connection) as seen:
        action()
    return [query["sql"] for query in seen]


def is_heavy(sql):
    return any(f'"uploads_upload"."{name}"' in sql for name in HEAVY)


def claim():
    assert claim_next() is not None


def hold(account):
    unreachable_hold(account, seconds=-1, error="Away.")


ACTIONS = {
    "claim": lambda client, account: claim(),
    "sweep": lambda client, account: uploads_sweep(),
    "watch": lambda client, account: troubles_watch(),
    "hold": lambda client, account: hold(account),
    "dashboard": lambda client, account: client.get(reverse("admin:index")),
    "list": lambda client, account: client.get(
        reverse("admin:uploads_upload_changelist")
    ),
    "api": lambda client, account: client.get("/api/uploads/"),
}


@pytest.mark.parametrize("name", ACTIONS)
def test_more_that_waits_costs_no_more_statements(name, account, client):
    def act():
        return statements(lambda: ACTIONS[name](client, account))

    pending(FEW, tracker=account.tracker)
    act()  # what is asked for once
    few = act()
    pending(MANY, tracker=account.tracker)
    many = act()
    assert len(many) == len(few), [*few, "###", *many]
    assert len(few) < 40


@pytest.mark.parametrize("name", [name for name in ACTIONS if name != "claim"])
def test_what_would_be_sent_is_not_read(name, account, client):
    pending(FEW, tracker=account.tracker)
    found = statements(lambda: ACTIONS[name](client, account))
    assert [sql for sql in found if is_heavy(sql)] == []


def test_a_claim_reads_the_one_upload_it_takes(account):
    pending(FEW, tracker=account.tracker)
    first = due_uploads().values_list("pk", flat=True)[0]
    (read,) = [sql for sql in statements(claim) if is_heavy(sql)]
    assert f'"uploads_upload"."id" = {first}' in read


def test_a_sweep_nudges_once_for_all_that_can_be_sent(account):
    pending(FEW, tracker=account.tracker)
    assert uploads_sweep() == 1
