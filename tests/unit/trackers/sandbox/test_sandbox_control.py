"""The control API: what can be asked and set, and who may."""

import pytest
import requests

from tests.sandbox import ROOT
from tests.unit.trackers.sandbox.gazelle_calls import SiteCalls
from trackers.sandbox import accounts
from trackers.sandbox.faults import KINDS


def test_reset_brings_the_first_day_back(sandbox, site):
    sandbox.add_account("red", "extra", key="extra-key")
    site.upload()
    sandbox.fail("red", "upload", "html")
    sandbox.options(browse_lag=5)

    sandbox.reset()

    assert sandbox.uploads() == []
    assert sandbox.requests() == []
    assert sandbox.faults() == []
    assert sandbox.options()["browse_lag"] == 0
    assert SiteCalls(sandbox, "red", "extra-key").get("index").status_code == 401
    assert site.ask("index")


def test_uploads_and_requests_can_be_asked_per_site(sandbox, red, ops):
    red.upload()
    ops.upload()
    ops.ask("index")

    assert [each["site"] for each in sandbox.uploads()] == ["red", "ops"]
    assert [each["site"] for each in sandbox.uploads("ops")] == ["ops"]
    assert len(sandbox.requests()) == 3
    assert len(sandbox.requests("ops")) == 2
    assert len(sandbox.requests(action="upload")) == 2
    [record] = sandbox.requests("ops", "upload")
    assert (record["status"], record["outcome"]) == (200, "answered")
    assert record["stored_id"] == sandbox.uploads("ops")[0]["id"]
    assert record["method"] == "POST"
    assert record["agent"].startswith("python-requests")
    assert record["size"] > 500


def test_refused_upload_is_counted_and_stores_nothing(sandbox, red):
    red.refusal(tags="")

    [record] = sandbox.requests("red", "upload")
    assert (record["status"], record["stored_id"]) == (400, 0)


def test_members_can_be_added(sandbox):
    added = sandbox.add_account("red", "visitor", scopes=["user"], passkey="ab" * 16)
    visitor = SiteCalls(sandbox, "red", added["key"])

    assert visitor.ask("index")["passkey"] == "ab" * 16
    assert visitor.post().status_code == 401
    ops = sandbox.add_account("ops", "visitor")
    assert len(ops["key"]) == 116
    assert SiteCalls(sandbox, "ops", ops["key"]).ask("index")["username"] == "visitor"
    names = [
        (each["site"], each["username"])
        for each in sandbox.call("GET", "accounts")["accounts"]
    ]
    assert ("red", "visitor") in names


def test_no_secret_is_in_the_control_answers_or_on_pages(sandbox, red, ops):
    for site in (red, ops):
        site.upload(auth="an-authkey-in-a-form")
        site.ask("index")
    number = sandbox.uploads("red")[0]["id"]
    texts = [
        requests.get(f"{sandbox.origin}{path}", timeout=5).text
        for path in (
            "/",
            "/red/",
            "/ops/",
            f"/red/torrents.php?torrentid={number}",
            "/control/uploads",
            "/control/requests",
            "/control/accounts",
            "/control/seeders",
        )
    ]
    secrets = [accounts.RED_KEY, accounts.OPS_TOKEN, "an-authkey-in-a-form"]
    for account in accounts.DEFAULTS:
        secrets += [account.passkey, account.authkey, account.session]

    assert [each for each in secrets for text in texts if each in text] == []


@pytest.mark.parametrize(
    ("method", "name", "body", "says"),
    [
        ("POST", "faults", {"site": "red"}, "fault is needed"),
        ("POST", "faults", {"fault": "html"}, "site is needed"),
        ("POST", "faults", {"site": "red", "fault": "x"}, "drop-after"),
        ("POST", "faults", {"site": "red", "fault": "html", "times": "2"}, "times"),
        ("POST", "faults", {"site": "red", "fault": "html", "status": -1}, "status"),
        ("POST", "faults", {"site": "red", "fault": "html", "seconds": "x"}, "seconds"),
        ("POST", "faults", [], "must be a JSON object"),
        ("POST", "options", {"speed": 1}, "There is no option 'speed'"),
        ("POST", "options", {"browse_lag": -1}, "browse_lag"),
        ("POST", "options", {"browse_lag": True}, "browse_lag"),
        ("POST", "options", {"limits": 1}, "limits"),
        ("POST", "options", {"banned_image_hosts": "x"}, "banned_image_hosts"),
        ("POST", "accounts", {"site": "nowhere", "username": "x"}, "red or ops"),
        ("POST", "accounts", {"site": "red"}, "username"),
        ("POST", "lose", {"site": "red", "id": 5}, "needed"),
        ("POST", "lose", {"site": "red"}, "needed"),
        ("PUT", "faults", {}, "Unknown call"),
        ("GET", "secrets", None, "Unknown call"),
    ],
)
def test_wrong_call_says_what_is_wrong(sandbox, method, name, body, says):
    with pytest.raises(AssertionError, match=says):
        sandbox.call(method, name, body)


def test_body_that_is_no_json_says_so(sandbox):
    answer = requests.post(f"{sandbox.origin}/control/faults", data="{", timeout=5)

    assert answer.status_code == 400
    assert answer.json()["error"].startswith("The body is not JSON")


def test_one_fault_can_be_cleared(sandbox):
    first = sandbox.fail("red", "upload", "html")
    sandbox.fail("red", "upload", "429")

    sandbox.call("DELETE", "faults", id=str(first))

    assert [each["fault"] for each in sandbox.faults()] == ["429"]
    assert set(sandbox.call("GET", "faults")["kinds"]) == set(KINDS)


def test_banned_image_hosts_can_be_named(sandbox, red):
    assert sandbox.options(banned_image_hosts=["pictures.example"])[
        "banned_image_hosts"
    ] == ["pictures.example"]

    assert "pictures.example" in red.refusal(image="https://pictures.example/a.jpg")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Host": "rebound.example"},
        {"Host": "127.evil.example"},
        {"Host": "127.0.0.1.evil.example:8700"},
        {"Host": "[::1"},
        {"Host": ""},
    ],
)
def test_call_made_by_a_foreign_page_is_refused(sandbox, headers):
    answer = requests.post(
        f"{sandbox.origin}/control/reset", headers=headers, timeout=5
    )

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "path", ["/", "/red/ajax.php?action=index", "/audnexus/books/x", "/control/uploads"]
)
def test_nothing_answers_to_a_name_that_was_led_here(sandbox, path):
    for host in ("rebound.example", "127.evil.example:80"):
        answer = requests.get(
            f"{sandbox.origin}{path}", headers={"Host": host}, timeout=5
        )
        assert answer.status_code == 403
        assert "only answers to 127.0.0.1" in answer.text
    for host in ("localhost:1", "127.0.0.2", "[::1]:5"):
        answer = requests.get(
            f"{sandbox.origin}{path}", headers={"Host": host}, timeout=5
        )
        assert answer.status_code != 403


def test_pages_let_a_browser_name_their_origin(sandbox):
    page = requests.get(sandbox.origin, timeout=5)

    assert page.headers["Referrer-Policy"] == "same-origin"


def test_call_of_the_sandbox_own_page_is_taken(sandbox):
    answer = requests.post(
        f"{sandbox.origin}/control/reset",
        headers={"Origin": sandbox.origin},
        timeout=5,
    )

    assert answer.status_code == 200


def test_documentation_names_every_fault_key_and_call():
    text = (ROOT / "docs" / "sandbox.md").read_text("utf-8")

    words = [f"`{name}`" for name in KINDS]
    words += [
        accounts.RED_KEY,
        accounts.RED_KEY_NO_UPLOAD,
        accounts.RED_KEY_OTHER_MEMBER,
        accounts.OPS_TOKEN,
        accounts.OPS_TOKEN_OTHER_MEMBER,
        accounts.OPS_TOKEN_REVOKED,
        accounts.RED_PASSKEY,
        accounts.OPS_PASSKEY,
    ]
    words += [
        f"/control/{name}"
        for name in ("uploads", "requests", "seeders", "accounts", "options", "lose")
    ]
    assert [word for word in words if word not in text] == []
