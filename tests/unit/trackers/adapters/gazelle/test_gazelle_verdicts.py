"""Which error each answer to an upload is, by the site's own bodies."""

import json

import pytest
import requests

from common.http import build_session
from tests.payloads import API_KEY, PASSKEY, make_adapter
from trackers.errors import (
    DuplicateUpload,
    OutcomeUnknown,
    TrackerAuthError,
    TrackerConfigError,
    TrackerRateLimited,
    TrackerUnavailable,
    UnreadableResponse,
    UploadRejected,
)

SAME = (
    "The exact same torrent file already exists on the site! "
    '<a href="torrents.php?id=5&amp;torrentid=77">A Book</a>'
)


@pytest.fixture
def adapter():
    with make_adapter(build_session(), "red", "https://red.invalid") as made:
        yield made


def answer(body, status=200, headers=None):
    response = requests.Response()
    response.status_code = status
    response._content = body if isinstance(body, bytes) else json.dumps(body).encode()
    response.headers.update(headers or {})
    return response


def failure(error, **more):
    return {"status": "failure", "error": error, **more}


def test_success_has_no_verdict(adapter):
    assert adapter.classify(answer({"status": "success", "response": {}})) is None


@pytest.mark.parametrize("status", [200, 400])
def test_refusal_is_told_in_the_sites_words(adapter, status):
    verdict = adapter.classify(answer(failure("Please select a valid format."), status))
    assert type(verdict) is UploadRejected
    assert verdict.message == (
        "Redacted refused the upload: Please select a valid format."
    )
    assert verdict.field_errors == {"format": "Please select a valid format."}
    assert verdict.http_status == status
    assert verdict.tracker == "red"


def test_refusal_without_words_is_a_refusal(adapter):
    verdict = adapter.classify(answer({"status": "failure"}, 400))
    assert type(verdict) is UploadRejected
    assert "it gave no reason" in verdict.message
    assert verdict.field_errors == {}


def test_client_error_without_an_envelope_is_a_refusal(adapter):
    verdict = adapter.classify(answer(b"Request Entity Too Large", 413))
    assert type(verdict) is UploadRejected
    assert "HTTP 413" in verdict.message


@pytest.mark.parametrize("status", [200, 400, 500])
def test_duplicate_names_what_is_there(adapter, status):
    verdict = adapter.classify(answer(failure(SAME), status))
    assert type(verdict) is DuplicateUpload
    assert verdict.existing is not None
    assert verdict.existing.remote_id == "77"
    assert verdict.existing.url == "https://red.invalid/torrents.php?id=5&torrentid=77"


def test_duplicate_without_a_link_has_no_existing(adapter):
    verdict = adapter.classify(
        answer(failure("The exact same torrent file already exists on the site!"))
    )
    assert type(verdict) is DuplicateUpload
    assert verdict.existing is None


def test_duplicate_link_without_a_group_leads_to_the_torrent(adapter):
    verdict = adapter.classify(
        answer(failure("Thank you for fixing this torrent torrents.php?torrentid=9"))
    )
    assert verdict.existing.url == "https://red.invalid/torrents.php?torrentid=9"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (failure("invalid token"), 200),
        (failure('invalid authorization type, must be "token"'), 200),
        (failure("your ip address has been banned"), 200),
        (failure("This page requires an api token"), 200),
        (failure("This page is limited to API key usage only."), 400),
        (failure("no such scope"), 403),
        (failure("whatever"), 401),
        (b"", 401),
    ],
)
def test_refused_key_is_an_auth_error(adapter, body, status):
    verdict = adapter.classify(answer(body, status))
    assert type(verdict) is TrackerAuthError
    assert "refused the API key" in verdict.message


def test_refusal_that_quotes_a_file_name_is_no_auth_error(adapter):
    error = "The torrent contained one or more invalid files (invalid token.opf)"
    assert type(adapter.classify(answer(failure(error)))) is UploadRejected


@pytest.mark.parametrize("target", ["login.php", "https://red.invalid/login.php?x=1"])
def test_redirect_to_the_login_page_is_an_auth_error(adapter, target):
    verdict = adapter.classify(answer(b"", 302, {"Location": target}))
    assert type(verdict) is TrackerAuthError


def test_any_other_redirect_leaves_the_outcome_unknown(adapter):
    verdict = adapter.classify(answer(b"", 301, {"Location": "https://x.invalid/"}))
    assert type(verdict) is OutcomeUnknown


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "4"}, 4.0),
        ({}, 10.0),
        ({"Retry-After": "never"}, 10.0),
        (
            {
                "Retry-After": "Fri, 20 Nov 2026 12:00:25 GMT",
                "Date": "Fri, 20 Nov 2026 12:00:00 GMT",
            },
            25.0,
        ),
        ({"Retry-After": "Fri, 20 Nov 2020 12:00:25 GMT"}, 0.0),
    ],
)
def test_429_is_retried_when_the_site_says(adapter, headers, wait):
    verdict = adapter.classify(answer(failure("slow down"), 429, headers))
    assert type(verdict) is TrackerRateLimited
    assert verdict.retry_after == wait


@pytest.mark.parametrize("retry_after", ["", "3"])
def test_rate_limit_in_words_waits_ten_seconds(adapter, retry_after):
    verdict = adapter.classify(
        answer(failure("Rate limit exceeded"), 200, {"Retry-After": retry_after})
    )
    assert type(verdict) is TrackerRateLimited
    assert verdict.retry_after == 10.0


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520])
@pytest.mark.parametrize("body", [b"", b"<html>nginx</html>", failure("oops")])
def test_server_error_leaves_the_outcome_unknown(adapter, status, body):
    verdict = adapter.classify(answer(body, status, {"Retry-After": "60"}))
    assert type(verdict) is OutcomeUnknown
    assert verdict.http_status == status
    assert verdict.retry_after == 60.0


@pytest.mark.parametrize(
    "body", [b"", b"  \n", b"<html>hello</html>", b"[]", {"status": "odd"}]
)
def test_success_status_without_an_envelope_is_unreadable(adapter, body):
    assert type(adapter.classify(answer(body))) is UnreadableResponse


def test_success_under_a_client_error_is_unreadable(adapter):
    verdict = adapter.classify(answer({"status": "success", "response": {}}, 400))
    assert type(verdict) is UnreadableResponse


@pytest.mark.parametrize("words", ["dry run success", "dry run failure"])
def test_dry_run_stores_nothing(adapter, words):
    verdict = adapter.classify(answer({"status": words, "data": {}}))
    assert type(verdict) is UploadRejected
    assert "only rehearsed" in verdict.message


@pytest.mark.parametrize("status", [404, 405])
def test_missing_api_is_a_matter_of_configuration(adapter, status):
    verdict = adapter.classify(answer(b"<html>not found</html>", status))
    assert type(verdict) is TrackerConfigError
    assert "https://red.invalid" in verdict.message


def test_page_of_a_gatekeeper_means_that_nothing_was_accepted(adapter):
    verdict = adapter.classify(answer(b"<html>checking your browser</html>", 403))
    assert type(verdict) is TrackerUnavailable


@pytest.mark.parametrize(
    "status", [200, 301, 400, 401, 403, 404, 413, 418, 429, 500, 503]
)
@pytest.mark.parametrize(
    "template",
    [
        "<html>{}</html>",
        '{{"status":"failure","error":"{}"}}',
        '{{"status":"odd {}"}}',
        '{{"status":"success","response":{{"warnings":["{}"]}}}}',
    ],
)
def test_no_verdict_holds_a_secret(adapter, status, template):
    body = template.format(f"{API_KEY} and {PASSKEY}").encode()
    verdict = adapter.classify(answer(body, status))
    if verdict is not None:
        kept = f"{verdict!r} {verdict.message} {verdict.detail} {vars(verdict)}"
        assert API_KEY not in kept
        assert PASSKEY not in kept


def test_accepted_upload_is_read_in_both_spellings(adapter):
    red = {"torrentid": 77, "groupid": "5", "private": True, "source": True}
    ops = {"torrentId": "77", "groupId": 5, "private": 1, "source": 1, "warnings": []}
    for response in (red, ops):
        result = adapter.parse_upload(
            answer({"status": "success", "response": response})
        )
        assert result.remote_id == "77"
        assert result.url == "https://red.invalid/torrents.php?id=5&torrentid=77"
        assert result.torrent_url == (
            "https://red.invalid/ajax.php?action=download&id=77"
        )
        assert result.infohash_kept is True
        assert result.warnings == ()


def test_rewritten_torrent_is_told(adapter):
    response = {"torrentid": 7, "private": True, "source": False}
    result = adapter.parse_upload(answer({"status": "success", "response": response}))
    assert result.infohash_kept is False
    assert result.infohash == ""
    assert "only its own file can be seeded" in result.warnings[-1]


def test_unfilled_request_is_a_warning(adapter):
    response = {"torrentid": 7, "requestid": -1}
    result = adapter.parse_upload(answer({"status": "success", "response": response}))
    assert result.infohash_kept is None
    assert result.warnings == ("The request was not filled; the site gave no reason.",)


@pytest.mark.parametrize("response", [[], None, {}, {"torrentid": None}])
def test_success_without_a_torrent_number_is_unreadable(adapter, response):
    with pytest.raises(UnreadableResponse, match="not under which number"):
        adapter.parse_upload(answer({"status": "success", "response": response}))
