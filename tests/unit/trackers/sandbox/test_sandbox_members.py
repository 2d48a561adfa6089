"""Keys, tokens, cookies and rate limits."""

import pytest

from tests.unit.trackers.sandbox.gazelle_calls import SiteCalls
from trackers.sandbox import accounts
from trackers.sandbox.gazelle.envelope import RATE_LIMIT_SENTENCE
from trackers.sandbox.limits import FixedWindow, SharedCounter

OPS_INFO = {"source": "Orpheus", "version": 1}


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


def member(site, username="rehearsal"):
    return next(
        each
        for each in accounts.DEFAULTS
        if (each.site, each.username) == (site.slug, username)
    )


def test_red_says_401_to_an_unknown_key(sandbox):
    stranger = SiteCalls(sandbox, "red", "wrong")

    answer = stranger.get("index")

    assert answer.status_code == 401
    assert answer.json() == {"status": "failure", "error": "bad credentials"}


def test_ops_says_invalid_token_with_200_and_no_response(sandbox):
    answer = SiteCalls(sandbox, "ops", "wrong").get("index")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "failure",
        "error": "invalid token",
        "info": OPS_INFO,
    }


def test_ops_takes_a_bare_token_too(ops):
    assert ops.ask("index", headers={"Authorization": ops.key})["id"] == 80001


def test_ops_refuses_another_scheme(ops):
    error = ops.error("index", headers={"Authorization": f"Bearer {ops.key}"})

    assert error == 'invalid authorization type, must be "token"'


def test_red_does_not_know_the_word_token(red):
    answer = red.get("index", headers={"Authorization": f"token {red.key}"})

    assert answer.status_code == 401


def test_nobody_is_sent_to_the_login_page(site):
    answer = site.get("index", headers={})

    assert answer.status_code == 302
    assert answer.headers["Location"] == "login.php"
    page = site.session.get(f"{site.sandbox.url(site.slug)}/login.php", timeout=5)
    assert page.status_code == 200
    assert page.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("cookie", ["session=wrong", "session=", "other=1", "=; ;"])
def test_wrong_cookie_is_sent_to_the_login_page(site, cookie):
    assert site.get("index", headers={"Cookie": cookie}).status_code == 302


def test_cookie_reads_but_red_uploads_by_key_only(red):
    cookie = {"Cookie": f"session={member(red).session}"}
    assert red.ask("index", headers=cookie)["username"] == "rehearsal"

    answer = red.get("download", id=1, headers=cookie)

    assert answer.status_code == 401
    assert answer.json()["error"] == "This page is limited to API key usage only."


def test_ops_lets_a_cookie_upload_with_its_authkey(ops):
    account = member(ops)
    cookie = {"Cookie": f"session={account.session}"}
    assert ops.error("download", id=1, headers=cookie) == (
        "This page requires an api token"
    )
    by_cookie = SiteCalls(ops.sandbox, "ops", key="")
    by_cookie.session.headers.update(cookie)

    assert by_cookie.post(auth="wrong").json()["status"] == "failure"
    assert by_cookie.post(auth=account.authkey).json()["status"] == "success"


def test_fifth_use_of_a_revoked_token_bans_the_address(sandbox, ops):
    revoked = SiteCalls(sandbox, "ops", accounts.OPS_TOKEN_REVOKED)

    for _ in range(5):
        assert revoked.error("index") == "invalid token"

    assert ops.error("index") == "your ip address has been banned"
    assert "response" not in ops.get("index").json()
    sandbox.reset()
    assert ops.ask("index")


def test_revoked_key_is_an_unknown_one_on_red(sandbox):
    sandbox.add_account("red", "gone", key="gone-key", revoked=True)
    gone = SiteCalls(sandbox, "red", "gone-key")

    assert [gone.get("index").status_code for _ in range(6)] == [401] * 6


def test_red_allows_ten_calls_in_ten_seconds(red):
    codes = [red.get("index").status_code for _ in range(11)]
    refused = red.get("index")

    assert codes[:10] == [200] * 10
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 10
    assert refused.json() == {"status": "failure", "error": RATE_LIMIT_SENTENCE}


def test_red_counts_members_apart(sandbox, red):
    for _ in range(10):
        red.get("index")

    other = SiteCalls(sandbox, "red", accounts.RED_KEY_OTHER_MEMBER)
    assert other.get("index").status_code == 200


def test_red_allows_a_cookie_five_calls(red):
    cookie = {"Cookie": f"session={member(red).session}"}

    codes = [red.get("index", headers=cookie).status_code for _ in range(6)]

    assert codes == [200] * 5 + [429]


def test_upload_over_the_limit_stores_nothing(red):
    for _ in range(10):
        red.get("index")

    assert red.post().status_code == 429
    assert red.sandbox.uploads() == []


def test_ops_refuses_the_eighth_search_with_200(ops):
    for _ in range(7):
        ops.ask("browse")
    refused = ops.get("browse")

    assert refused.status_code == 200
    assert "Retry-After" not in refused.headers
    assert refused.json() == {
        "status": "failure",
        "error": RATE_LIMIT_SENTENCE,
        "response": [],
        "info": {"source": "Orpheus", "version": 2},
    }


def test_ops_does_not_limit_index_torrent_and_upload(ops):
    for _ in range(20):
        ops.ask("index")
    ops.upload()
    number = ops.sandbox.uploads("ops")[0]["id"]
    for _ in range(20):
        ops.ask("torrent", id=number)


def test_limits_can_be_lifted(red):
    red.sandbox.options(limits=False)

    assert {red.get("index").status_code for _ in range(15)} == {200}


def test_window_opens_again_when_it_has_passed():
    clock = Clock()
    window = FixedWindow(2, 10, clock)

    assert [window.call("me") for _ in range(3)] == [(1, 10), (0, 10), (-1, 10)]
    clock.now += 9.5
    assert window.call("me") == (-1, 1)
    clock.now += 0.5
    assert window.call("me") == (1, 10)


def test_counter_lives_as_long_as_the_action_that_made_it():
    clock = Clock()
    counter = SharedCounter(clock)

    assert counter.allows(1, "torrentgroup")
    assert all(counter.allows(1, "browse") for _ in range(6))
    assert not counter.allows(1, "browse")
    assert counter.allows(1, "torrentgroup")
    assert counter.allows(1, "index")
    assert counter.allows(2, "browse")
    clock.now += 59
    assert not counter.allows(1, "browse")
    clock.now += 1
    assert counter.allows(1, "browse")
    counter.clear()
    assert counter.allows(1, "browse")
