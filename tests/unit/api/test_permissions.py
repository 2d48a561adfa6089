"""Every call by every role: who may do what, and that the others change nothing."""

import pytest
from django.apps import apps
from django.forms.models import model_to_dict

from tests.unit.api.calls import calls

pytestmark = pytest.mark.django_db

RANKS = ["stranger", "viewer", "preparer", "approver", "admin"]
# The least role that may make each call; a call that is not listed fails a test.
LEAST = {
    "figures": "viewer",
    "approve": "approver",
    "reject": "approver",
    "reopen": "approver",
    "cancel": "approver",
    "retry": "approver",
    "prioritise": "approver",
    "settle": "approver",
    "check_seeding": "approver",
    "prepare": "preparer",
    "cancel_preparation": "preparer",
    "edit_metadata": "preparer",
    "list": "viewer",
    "retrieve": "viewer",
    "approvals": "viewer",
    "attempts": "viewer",
    "files": "viewer",
    "metadata": "viewer",
    "progress": "viewer",
    "versions": "viewer",
    "preview": "viewer",
    "create": "admin",
    "update": "admin",
    "partial_update": "admin",
    "destroy": "admin",
    "test": "admin",
    "resume": "admin",
    "add_version": "admin",
    "validate": "admin",
    "preview_unsaved": "admin",
    "releases.create": "preparer",
    "credentials.create": "preparer",
    "releases.partial_update": "preparer",
    "logout": "stranger",
}
SPECIAL = {".api-root": "stranger", "auth.logout": "stranger"}
CALLS = [call for call in calls() if call.name not in SPECIAL]


def least(call):
    action = call.name.rpartition(".")[2]
    return LEAST.get(call.name) or LEAST[action]


def send(client, call, rows):
    row = rows.get(call.kind)
    return client.generic(
        call.method,
        call.url(row.pk if row else 0),
        data=b"{}",
        content_type="application/json",
    )


def everything():
    """All rows of our own apps, to see whether anything changed."""
    return [
        (model._meta.label, row.pk, str(model_to_dict(row)))
        for label in ("releases", "trackers", "uploads", "auth")
        for model in apps.get_app_config(label).get_models()
        for row in model._default_manager.order_by("pk")
    ]


def test_the_patterns_name_the_calls_we_know():
    found = {str(call) for call in CALLS}
    assert len(found) >= 60
    assert {
        "POST releases/",
        "POST releases/{pk}/approve/",
        "PATCH releases/{pk}/metadata/",
        "GET uploads/{pk}/attempts/",
        "DELETE credentials/{pk}/",
        "POST templates/{pk}/preview/",
        "GET analytics/trackers/",
    } <= found


def test_every_call_has_its_least_role():
    for call in CALLS:
        assert least(call) in RANKS, call


def test_nobody_gets_in_without_a_login(api, rows):
    for call in CALLS:
        answer = send(api(), call, rows)
        assert answer.status_code == 401, call
        assert answer.json()["code"] == "not_authenticated"
        assert answer["WWW-Authenticate"] == "Token"


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_a_role_below_is_refused_and_changes_nothing(call, api, rows):
    before = everything()
    for role in RANKS[: RANKS.index(least(call))]:
        answer = send(api(role), call, rows)
        assert answer.status_code == 403, f"{call} as {role}: {answer.content}"
        assert answer.json()["code"] in ("forbidden", "permission_denied")
        assert answer.json()["message"].endswith("Ask an admin of this Herald.")
    assert everything() == before


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_a_role_that_may_is_not_refused(call, api, rows):
    for role in RANKS[RANKS.index(least(call)) :]:
        answer = send(api(role), call, rows)
        assert answer.status_code not in (401, 403, 405, 500), f"{call} as {role}"
        if call.method == "DELETE":
            break


def test_a_viewer_changes_nothing(api, rows):
    before = everything()
    for call in CALLS:
        answer = send(api("viewer"), call, rows)
        assert answer.status_code == 403 or call.method == "GET", call
    assert everything() == before


def test_somebody_who_was_shut_out_is_refused(api, people, client):
    people["admin"].is_active = False
    people["admin"].save()
    from knox.models import get_token_model

    _, token = get_token_model().objects.create(people["admin"])
    answer = client.get("/api/trackers/", headers={"Authorization": f"Token {token}"})
    assert answer.status_code == 401
