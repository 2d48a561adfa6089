"""Webhooks by the API: an admin's, and the secret is seen once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from uploads.models import Delivery, Webhook

pytestmark = pytest.mark.django_db

HOOKS = "/api/webhooks/"


def wanted(**changes):
    return {
        "name": "ci",
        "url": "https://ci.example/hook",
        "events": ["failed", "seeding", "failed"],
        **changes,
    }


def test_the_secret_is_shown_when_it_is_made_and_never_again(api, people):
    client = api("admin")
    made = client.post(HOOKS, wanted(), "json")
    assert made.status_code == 201, made.content
    body = made.json()
    secret = body["secret"]
    assert secret.startswith("whsec_") and len(secret) > 40
    assert made["Cache-Control"] == "no-store"
    assert body["events"] == ["failed", "seeding"]
    assert body["owner"] == people["admin"].username
    place = f"{HOOKS}{body['id']}/"
    for answer in (
        client.get(place),
        client.get(HOOKS),
        client.patch(place, {}, "json"),
    ):
        assert secret not in answer.content.decode()
    row = Webhook.objects.get()
    assert row.signing["secret"] == secret
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM uploads_webhook")
        assert secret not in str(cursor.fetchall())


def test_a_new_secret_takes_the_place_of_the_old_one(api):
    client = api("admin")
    made = client.post(HOOKS, wanted(), "json").json()
    again = client.post(f"{HOOKS}{made['id']}/rotate/").json()
    assert again["secret"] != made["secret"]
    assert Webhook.objects.get().signing["secret"] == again["secret"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "ftp://host/"),
        ("url", "http://user:pw@host/"),
        ("events", []),
        ("events", ["nonsense"]),
        ("name", ""),
    ],
)
def test_what_cannot_be_is_refused(api, field, value):
    answer = api("admin").post(HOOKS, wanted(**{field: value}), "json")
    assert answer.status_code == 400
    assert set(answer.json()["extra"]["fields"]) == {field}
    assert not Webhook.objects.exists()


def test_one_name_once(api):
    api("admin").post(HOOKS, wanted(), "json")
    answer = api("admin").post(HOOKS, wanted(), "json")
    assert answer.status_code == 400


def test_it_is_changed_and_deleted(api, rows):
    place = f"{HOOKS}{rows['webhooks'].pk}/"
    client = api("admin")
    changed = client.patch(place, {"is_active": False, "events": ["question"]}, "json")
    assert changed.json()["events"] == ["question"]
    assert client.delete(place).status_code == 204
    assert not Delivery.objects.exists()


def test_a_test_and_the_log_of_deliveries(api, rows, httpserver, settings):
    settings.WEBHOOK_PRIVATE = True
    httpserver.expect_request("/hook").respond_with_data("thanks")
    Webhook.objects.update(url=httpserver.url_for("/hook"))
    client = api("admin")
    answer = client.post(f"{HOOKS}{rows['webhooks'].pk}/test/")
    assert answer.status_code == 200
    assert (answer.json()["event"], answer.json()["status"]) == ("ping", 200)

    def found(query):
        return [
            row["event"]
            for row in client.get(f"/api/deliveries/?{query}").json()["results"]
        ]

    assert found("") == ["ping", "failed"]
    assert found("taken=true") == ["ping"]
    assert found("taken=false") == ["failed"]
    assert found("given_up=true") == []
    assert found(f"webhook={rows['webhooks'].pk}&event=ping") == ["ping"]
    assert found("search=evt_1") == ["failed"]


def test_it_is_delivered_again_when_asked(api, rows):
    Delivery.objects.update(tries=8, given_up_at="2026-01-01T00:00:00Z")
    answer = api("admin").post(f"/api/deliveries/{rows['deliveries'].pk}/redeliver/")
    assert answer.status_code == 202
    assert (answer.json()["tries"], answer.json()["given_up_at"]) == (0, None)


@pytest.mark.parametrize("path", ["webhooks", "deliveries"])
def test_more_rows_cost_no_more_queries(api, people, path):
    def fill(start):
        for number in range(start, start + 4):
            hook = Webhook.objects.create(
                name=f"hook{number}", url="http://h/", owner=people["admin"]
            )
            hook.deliveries.create(number=f"evt_{number}", event="failed", body="{}")

    def cost():
        with CaptureQueriesContext(connection) as seen:
            assert api("admin").get(f"/api/{path}/").status_code == 200
        return [query["sql"] for query in seen]

    fill(0)
    cost()
    few = cost()
    assert not [sql for sql in few if '"signing"' in sql]
    fill(4)
    assert len(cost()) == len(few)
