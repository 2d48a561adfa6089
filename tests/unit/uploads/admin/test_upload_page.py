"""The list of uploads, an upload's page, and its torrent."""

from datetime import UTC, datetime, timedelta

import pytest

from tests import factories
from tests.unit.uploads.admin.upload_pages import LIST, upload_url
from uploads.models import Upload, UploadAttempt, UploadEvent
from uploads.states import UploadStatus

WHEN = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


def test_a_row_says_status_reason_and_when_next(look, failed):
    failed.status = UploadStatus.PENDING
    failed.not_before = WHEN
    failed.tries = 2
    failed.save()

    text = look("viewer", LIST)

    for part in (
        "A Book",
        "Bluebird",
        "Pending",
        "The site refused it.",
        "4 May 2026, 10:00:00",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"status__exact": "failed"}, True),
        ({"status__exact": "success"}, False),
        ({"q": "Book"}, True),
        ({"q": "a book ann"}, True),
        ({"q": "Book elsewhere"}, False),
        ({"q": " "}, True),
        ({"q": "AB" * 20}, True),
        ({"q": "cd" * 20}, False),
        ({"q": "nothing like it"}, False),
    ],
)
def test_filters_and_search(look, failed, filters, found):
    assert (upload_url("change", failed) in look("viewer", LIST, **filters)) is found


def test_the_page_tells_the_whole_story(look, failed, people):
    version = None
    credential = factories.CredentialFactory(
        tracker=failed.tracker,
        label="main account",
        values={"api_key": "very-secret-key", "passkey": "f" * 32},
    )
    UploadAttempt.objects.create(
        upload=failed,
        number=1,
        phase="answered",
        outcome="rejected",
        error_code="upload_rejected",
        message="No year.",
        http_status=200,
        answer='{"status": "failure"}',
        decision="Waits for a person.",
        worker="host:1",
        credential=credential,
        template_version=version,
        started_at=WHEN,
        sending_at=WHEN + timedelta(seconds=1),
        answered_at=WHEN + timedelta(seconds=3.5),
        finished_at=WHEN + timedelta(seconds=4),
    )
    UploadAttempt.objects.create(upload=failed, number=2, started_at=WHEN)
    UploadEvent.objects.create(
        upload=failed, old="draft", new="pending", reason="Approved.",
        actor=people["approver"],
    )  # fmt: skip

    text = look("viewer", upload_url("change", failed))

    for part in (
        "The site refused it.",
        "Fix it.",
        "Attempt 1",
        "rejected",
        "HTTP 200",
        "2.50 s",
        "4.00 s",
        "Waits for a person.",
        "main account",
        "&quot;failure&quot;",
        "running",
        f"by {people['approver']}",
        "as approved",
        "line one\nline two",
        "<b>Bold words</b>",
    ):
        assert part in text
    assert "very-secret-key" not in text
    assert "f" * 32 not in text


def test_a_payload_changed_since_approval_is_marked(look, failed):
    failed.approved_digest = "0" * 64
    failed.save()

    assert "changed since approval" in look("viewer", upload_url("change", failed))


def test_the_torrent_comes_without_an_announce_url(client, people, failed):
    client.force_login(people["viewer"])

    answer = client.get(upload_url("torrent", failed))

    assert answer.content == bytes(failed.torrent_file)
    assert b"announce" not in answer.content
    assert answer["Content-Type"] == "application/x-bittorrent"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert 'filename="A Book.torrent"' in answer["Content-Disposition"]


def test_a_hostile_name_cannot_break_the_torrents_header(client, people, failed):
    failed.payload["torrent"]["name"] = 'x"\r\nSet-Cookie: a=b; é.torrent'
    failed.save()
    client.force_login(people["viewer"])

    answer = client.get(upload_url("torrent", failed))

    assert "Set-Cookie" not in answer.headers
    assert "\n" not in answer["Content-Disposition"]


def test_an_upload_without_torrent_has_none_to_fetch(client, people, failed):
    failed.torrent_file = None
    failed.save()
    client.force_login(people["viewer"])

    assert client.get(upload_url("torrent", failed)).status_code == 404


def test_somebody_without_role_gets_nothing(client, failed):
    client.force_login(factories.UserFactory())

    for name in ("change", "torrent"):
        assert client.get(upload_url(name, failed)).status_code == 403
    assert client.post(upload_url("retry", failed)).status_code == 403


def test_the_page_takes_no_form_and_misses_politely(client, people, failed):
    client.force_login(people["admin"])

    assert (
        client.post(upload_url("change", failed), {"status": "success"}).status_code
        == 405
    )
    for pk in ("9999", "x"):
        answer = client.get(f"{LIST}{pk}/change/", follow=True)
        assert "There is no upload" in str(next(iter(answer.context["messages"])))


def test_an_upload_on_its_way_polls_and_a_settled_one_does_not(look, failed):
    settled = look("viewer", upload_url("change", failed))
    Upload.objects.filter(pk=failed.pk).update(status="uploading")
    moving = look("viewer", upload_url("change", failed))

    assert "every 2s" not in settled
    assert "every 2s" in moving
