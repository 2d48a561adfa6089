"""One's own API tokens in the browser: made, shown once, revoked."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from knox.models import AuthToken

from config.access import token_issue
from config.models import TokenLabel
from config.people.models import Preferences
from tests.unit.api.test_tokens import with_token

pytestmark = pytest.mark.django_db
ACCOUNT = "/admin/account/"
TOKENS = "/admin/account/tokens/"
REVOKE = "/admin/account/tokens/revoke/"


@pytest.fixture
def approver(client, people):
    client.force_login(people["approver"])
    return people["approver"]


def make(client, **wanted):
    given = {"name": "nightly", "scope": "viewer", "days": "30", **wanted}
    return client.post(TOKENS, given)


def test_a_token_is_shown_once_and_opens_what_its_scope_may(client, approver):
    answer = make(client)
    token = answer.context["token"]
    assert f">{token}<" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    label = TokenLabel.objects.get()
    assert (label.name, label.scope) == ("nightly", "viewer")
    left = label.token.expiry - timezone.now()
    assert timedelta(days=29, hours=23) < left <= timedelta(days=30)
    program = with_token(token)
    assert program.get("/api/uploads/").status_code == 200
    assert program.post("/api/releases/", {}, "json").status_code == 403
    for page in (ACCOUNT, TOKENS):
        assert token not in client.get(page).content.decode()
    assert approver.account_events.get(kind="token_given").detail == "nightly"


def test_the_form_offers_ninety_days_and_all_that_one_may(client, approver):
    page = client.get(TOKENS).content.decode()
    assert 'value="90"' in page
    assert "365 days at most" in page
    token = make(client, scope="").context["token"]
    answer = with_token(token).post("/api/releases/", {}, "json")
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "wish",
    [
        *({"name": ""}, {"name": "x" * 101}, {"scope": "root"}),
        *({"days": "0"}, {"days": "366"}, {"days": ""}),
    ],
)
def test_odd_wishes_are_refused(client, approver, wish):
    answer = make(client, **wish)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == set(wish)
    assert not AuthToken.objects.exists()


def test_the_account_lists_what_is_known_of_each(client, approver, people):
    Preferences.objects.create(user=approver, time_zone="Asia/Tokyo")
    label, token = token_issue(approver, name="backup", scope="viewer")
    token_issue(approver)
    token_issue(people["viewer"], name="not mine")
    ended, _secret = token_issue(approver, name="bygone")
    AuthToken.objects.filter(pk=ended.token_id).update(expiry=timezone.now())
    at = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    TokenLabel.objects.filter(pk=label.pk).update(last_used_at=at)
    page = client.get(ACCOUNT).content.decode()
    assert "last used 2 Mar 2026, 08:30" in page
    assert "not used yet" in page
    assert "Without a name" in page
    assert ("not mine" in page, "bygone" in page) == (False, False)
    assert token not in page
    assert label.token.digest not in page


def test_a_revoked_token_opens_nothing(client, approver):
    label, token = token_issue(approver, name="backup")
    answer = client.post(REVOKE, {"token": label.pk}, follow=True)
    assert "backup is revoked." in answer.content.decode()
    assert with_token(token).get("/api/uploads/").status_code == 401


def test_one_without_a_name_is_revoked_as_well(client, approver):
    label, _secret = token_issue(approver)
    answer = client.post(REVOKE, {"token": label.pk}, follow=True)
    assert "The token is revoked." in answer.content.decode()


@pytest.mark.parametrize("given", ["", "x", "9" * 30, "theirs"])
def test_those_of_others_stay(client, people, given):
    label, _secret = token_issue(people["viewer"], name="theirs")
    client.force_login(people["admin"])
    wanted = label.pk if given == "theirs" else given
    answer = client.post(REVOKE, {"token": wanted}, follow=True)
    assert "no such token of yours" in answer.content.decode()
    assert TokenLabel.objects.exists()


def test_admins_revoke_those_of_others_in_their_list(client, people):
    label, token = token_issue(people["viewer"], name="theirs", scope="viewer")
    client.force_login(people["admin"])
    listed = client.get(reverse("admin:knox_authtoken_changelist")).content.decode()
    assert "theirs" in listed
    assert people["viewer"].username in listed
    url = reverse("admin:knox_authtoken_delete", args=[label.token_id])
    client.post(url, {"post": "yes"})
    assert with_token(token).get("/api/uploads/").status_code == 401


@pytest.mark.parametrize("path", [TOKENS, REVOKE])
def test_it_is_for_people_who_are_logged_in(client, path):
    assert client.post(path, {}).url.startswith("/admin/login/")


def test_revoking_by_a_link_does_nothing(client, approver):
    label, _secret = token_issue(approver)
    assert client.get(f"{REVOKE}?token={label.pk}").status_code == 405
    assert TokenLabel.objects.exists()
