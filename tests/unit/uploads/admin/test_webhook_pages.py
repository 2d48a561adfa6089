"""Webhooks and their deliveries in the admin."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from uploads.models import Delivery, Webhook
from uploads.services.hooking import webhook_secret

pytestmark = pytest.mark.django_db
LIST = "/admin/uploads/webhook/"
LOG = "/admin/uploads/delivery/"


@pytest.fixture
def admin(client, people):
    client.force_login(people["admin"])
    return client


@pytest.fixture
def hook(httpserver, settings):
    settings.WEBHOOK_PRIVATE = True
    httpserver.expect_request("/hook").respond_with_data("thanks <b>you</b>")
    row = Webhook.objects.create(
        name="ci", url=httpserver.url_for("/hook"), events=["failed"]
    )
    webhook_secret(row)
    return row


def posted(**changes):
    return {
        "name": "ci",
        "url": "https://ci.example/hook",
        "events": ["failed", "seeding"],
        "is_active": "on",
        **changes,
    }


def test_making_one_shows_its_secret_once(admin, people):
    page = admin.post(f"{LIST}add/", posted())
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    row = Webhook.objects.get()
    secret = row.signing["secret"]
    assert secret in page.content.decode()
    assert row.owner == people["admin"]
    assert row.events == ["failed", "seeding"]
    for place in (LIST, f"{LIST}{row.pk}/change/", f"{LIST}{row.pk}/history/", LOG):
        answer = admin.get(place)
        assert answer.status_code == 200
        assert secret not in answer.content.decode(), place


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("url", "ftp://x/", "This is no web address."),
        ("url", "http://a:b@x/", "An address holds no login. Leave it out:"),
        ("events", [], "Choose at least one thing to be told of."),
    ],
)
def test_what_cannot_be_is_said(admin, field, value, sentence):
    page = admin.post(f"{LIST}add/", posted(**{field: value}))
    assert sentence in page.content.decode()
    assert not Webhook.objects.exists()


def test_changing_keeps_the_secret(admin, hook):
    secret = hook.signing["secret"]
    admin.post(f"{LIST}{hook.pk}/change/", posted(name="renamed"))
    hook.refresh_from_db()
    assert (hook.name, hook.signing["secret"]) == ("renamed", secret)


def test_the_test_button_says_how_it_went(admin, hook):
    page = admin.post(f"{LIST}{hook.pk}/test/", follow=True).content.decode()
    assert "taken, with status 200" in page
    Webhook.objects.update(url="http://127.0.0.1:9/")
    page = admin.post(f"{LIST}{hook.pk}/test/", follow=True).content.decode()
    assert "It cannot be reached." in page
    assert "The last delivery was not taken." in page


def test_a_new_secret_is_shown_once(admin, hook):
    secret = hook.signing["secret"]
    page = admin.post(f"{LIST}{hook.pk}/rotate/")
    hook.refresh_from_db()
    assert hook.signing["secret"] != secret
    assert hook.signing["secret"] in page.content.decode()


def test_the_list_says_how_each_is(admin, hook):
    assert "Not tested" in admin.get(LIST).content.decode()
    Webhook.objects.update(last_error="It answered 500.")
    assert "It answered 500." in admin.get(LIST).content.decode()
    Webhook.objects.update(last_error="", last_delivered_at="2026-01-01T00:00:00Z")
    assert "Works" in admin.get(LIST).content.decode()
    Webhook.objects.update(is_active=False)
    assert "Off" in admin.get(LIST).content.decode()


def test_events_are_told_in_words(admin, hook):
    page = admin.get(LIST).content.decode()
    assert "1 of 5" in page
    assert 'title="An upload failed"' in page
    hook.deliveries.create(number="evt_1", event="failed", body="{}")
    ping = hook.deliveries.create(number="evt_2", event="ping", body="{}")
    assert "An upload failed" in admin.get(LOG).content.decode()
    page = admin.get(f"{LOG}{ping.pk}/change/").content.decode()
    assert ">Test<" in page.replace("\n", "").replace(" ", "")


def test_a_delivery_can_be_looked_at_and_sent_again(admin, hook):
    row = hook.deliveries.create(
        number="evt_1",
        event="failed",
        body='{"id": "evt_1"}',
        answer="<script>x</script>",
        tries=8,
        error="It answered 500.",
        given_up_at="2026-01-01T00:00:00Z",
    )
    page = admin.get(f"{LOG}{row.pk}/change/").content.decode()
    assert "&lt;script&gt;x" in page and "<script>x" not in page
    assert "It was given up." in page
    admin.post(f"{LOG}{row.pk}/again/")
    row.refresh_from_db()
    assert (row.tries, row.given_up_at) == (0, None)
    assert (
        "It waits to be delivered."
        in admin.get(f"{LOG}{row.pk}/change/").content.decode()
    )
    for changes, words in (
        ({"tries": 1, "not_before": "2030-01-01T00:00:00Z"}, "It is tried again on"),
        ({"delivered_at": "2026-01-01T00:00:00Z"}, "It was taken."),
    ):
        Delivery.objects.update(**changes)
        assert words in admin.get(f"{LOG}{row.pk}/change/").content.decode()
        assert admin.get(LOG).status_code == 200


@pytest.mark.parametrize("role", ["viewer", "approver"])
def test_nobody_but_an_admin(client, people, hook, role):
    secret = hook.signing["secret"]
    row = hook.deliveries.create(number="evt_1", event="failed", body="{}")
    client.force_login(people[role])
    for place in (LIST, LOG, f"{LIST}{hook.pk}/change/", f"{LOG}{row.pk}/change/"):
        assert client.get(place).status_code == 403
    for place in (
        f"{LIST}{hook.pk}/test/",
        f"{LIST}{hook.pk}/rotate/",
        f"{LOG}{row.pk}/again/",
    ):
        assert client.post(place).status_code == 403
    hook.refresh_from_db()
    assert hook.signing["secret"] == secret
    assert Delivery.objects.count() == 1


def test_one_is_deleted_with_its_deliveries(admin, hook):
    hook.deliveries.create(event="failed", number="d-1")
    page = admin.get(f"{LIST}{hook.pk}/delete/")
    assert "Are you sure" in page.content.decode()
    admin.post(f"{LIST}{hook.pk}/delete/", {"post": "yes"})
    assert not Webhook.objects.exists()
    assert not Delivery.objects.exists()


def test_buttons_are_posted(admin, hook):
    assert admin.get(f"{LIST}{hook.pk}/test/").status_code == 405
    assert admin.get(f"{LIST}{hook.pk}/rotate/").status_code == 405


def test_more_deliveries_cost_no_more_queries(admin, hook):
    def fill(start):
        for number in range(start, start + 5):
            hook.deliveries.create(number=f"evt_{number}", event="failed", body="{}")

    def cost():
        with CaptureQueriesContext(connection) as seen:
            admin.get(LOG)
        return seen

    fill(0)
    cost()
    few = cost()
    assert not [query for query in few if '"body"' in query["sql"]]
    fill(5)
    assert len(cost()) == len(few)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (LIST, "Add a webhook"),
        (LOG, "It fills by itself once a webhook has something to tell."),
        ("/admin/uploads/approvalrule/", "Add a rule"),
        ("/admin/knox/authtoken/", "No API tokens"),
    ],
)
def test_an_empty_list_was_not_searched(admin, place, words):
    page = admin.get(place).content.decode()
    assert words in page
    assert "Nothing found" not in page
