"""Numbers that no site has: the sandbox refuses them as it refuses any other."""

import pytest
import requests

HUGE = [str(2**63), "9" * 5000, "\u0663"]


@pytest.mark.parametrize("number", HUGE)
@pytest.mark.parametrize("name", ["type", "year", "groupid", "remaster_year"])
def test_a_huge_number_in_a_form_is_no_crash(site, name, number):
    assert site.post(**{name: number}).status_code < 500


@pytest.mark.parametrize("number", HUGE)
def test_a_huge_number_in_a_question_is_no_crash(site, number):
    for action, name in (
        ("torrent", "id"),
        ("torrentgroup", "id"),
        ("download", "id"),
        ("user_torrents", "id"),
        ("browse", "page"),
        ("browse", "filter_cat"),
        ("browse", f"filter_cat[{number}]"),
    ):
        assert site.get(action, **{name: number}).status_code < 500
    for query in (f"torrents.php?torrentid={number}", f"?page={number}"):
        answer = requests.get(f"{site.sandbox.url(site.slug)}/{query}", timeout=5)
        assert answer.status_code < 500


@pytest.mark.parametrize(
    ("call", "body"),
    [
        ("faults", '{"site": "red", "fault": "slow", "seconds": 1e400}'),
        ("faults", '{"site": "red", "fault": "slow", "seconds": NaN}'),
        ("faults", '{"site": "red", "fault": "slow", "seconds": -1}'),
        ("faults", '{"site": "red", "fault": "server-error", "status": 999}'),
        ("options", '{"browse_lag": 1e400}'),
        ("options", '{"peer_interval": 1e400}'),
        ("lose", '{"site": "red", "id": 99999999999999999999}'),
    ],
)
def test_a_number_without_bounds_is_refused(sandbox, call, body):
    answer = requests.post(f"{sandbox.origin}/control/{call}", data=body, timeout=5)

    assert answer.status_code == 400
    assert answer.json()["error"]


@pytest.mark.parametrize("number", [str(2**63), "9" * 5000])
def test_a_huge_number_at_a_button_is_no_crash(sandbox, number):
    for form in (
        {"site": "red", "fault": "slow", "seconds": number},
        {"site": "red", "fault": "slow", "times": number},
        {"clear": number},
    ):
        answer = requests.post(f"{sandbox.origin}/faults", data=form, timeout=5)
        assert answer.status_code < 500
