"""Every call by every role: who may do what, and that the others change nothing."""

import pytest
from django.apps import apps
from django.forms.models import model_to_dict
from rest_framework.test import APIClient

from config.access import token_issue
from tests.unit.api.calls import calls, open_calls
from tests.unit.api.roles import RANKS, least_roles

pytestmark = pytest.mark.django_db

LEAST = least_roles()
ROLES = RANKS[2:]
# Ends the very token that asks; looked at in test_tokens.py.
CALLS = [call for call in calls() if str(call) != "POST auth/logout/"]
SHARED = [call for call in CALLS if LEAST.get(str(call)) in ROLES]


def below(call):
    """Roles that may not; "stranger" has logged in and has none."""
    return ["stranger", *ROLES[: ROLES.index(LEAST[str(call)])]]


def above(call):
    return ROLES[ROLES.index(LEAST[str(call)]) :]


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


def test_every_call_has_its_line_in_the_table_and_every_line_its_call():
    found = {str(call) for call in (*calls(), *open_calls())}
    assert found - set(LEAST) == set(), (
        "calls without a line in tests/unit/api/roles.py"
    )
    assert set(LEAST) - found == set(), "lines without a call"
    assert len(found) > 70


def test_what_is_open_to_nobody_is_open_on_purpose():
    assert {name for name, role in LEAST.items() if role == "nobody"} == {
        "POST auth/login/",
        "GET schema/",
        "GET docs/",
    }


def test_nobody_gets_in_without_a_login(api, rows):
    for call in CALLS:
        answer = send(api(), call, rows)
        assert answer.status_code == 401, call
        assert answer.json()["code"] == "not_authenticated"
        assert answer["WWW-Authenticate"] == "Token"


@pytest.mark.parametrize("call", SHARED, ids=str)
def test_a_role_below_is_refused_and_changes_nothing(call, api, rows):
    before = everything()
    for role in below(call):
        answer = send(api(role), call, rows)
        assert answer.status_code == 403, f"{call} as {role}: {answer.content}"
        assert answer.json()["code"] in ("forbidden", "permission_denied")
        assert answer.json()["message"].endswith("Ask an admin of this Herald.")
    assert everything() == before


@pytest.mark.parametrize("call", SHARED, ids=str)
def test_a_role_that_may_is_not_refused(call, api, rows):
    for role in above(call):
        answer = send(api(role), call, rows)
        assert answer.status_code not in (401, 403, 405, 500), f"{call} as {role}"
        if call.method == "DELETE":
            break


@pytest.mark.parametrize("call", SHARED, ids=str)
def test_a_tokens_scope_counts_as_the_role(call, people, rows):
    """The owner may everything, and the token what its scope says."""
    for scope in below(call)[1:]:
        answer = send(with_scope(people["root"], scope), call, rows)
        assert answer.status_code == 403, f"{call} with {scope}: {answer.content}"
    answer = send(with_scope(people["root"], LEAST[str(call)]), call, rows)
    assert answer.status_code not in (401, 403, 405, 500), call


@pytest.mark.parametrize("owner", ["viewer", "admin", "root"])
def test_a_viewers_token_changes_nothing(owner, people, rows):
    client = with_scope(people[owner], "viewer")
    before = everything()
    for call in CALLS:
        answer = send(client, call, rows)
        refused = answer.status_code == 403
        assert refused or call.method == "GET" or call.kind == "auth", call
    assert everything() == before


def with_scope(person, scope):
    client = APIClient()
    token = token_issue(person, scope=scope)[1]
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


def test_somebody_who_was_shut_out_is_refused(api, people, client):
    people["admin"].is_active = False
    people["admin"].save()
    from knox.models import get_token_model

    _, token = get_token_model().objects.create(people["admin"])
    answer = client.get("/api/trackers/", headers={"Authorization": f"Token {token}"})
    assert answer.status_code == 401
