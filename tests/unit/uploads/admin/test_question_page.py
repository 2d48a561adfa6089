"""The question on an upload's page: what is known, and the two answers."""

import pytest

from tests.driving import drive, work
from tests.unit.uploads.admin.upload_pages import LIST, upload_url
from trackers.models import Credential, Tracker
from uploads.models import Upload
from uploads.services.approval import release_approve
from uploads.states import UploadStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(quick_desk, sandbox, settings):
    """RED stored it, said nothing, and answers no question."""
    settings.TRACKER_PATIENCE_SECONDS = 3600
    upload = Upload.objects.get(tracker__slug="red")
    release_approve(release_id=upload.release_id, actor_id=None, upload_ids=[upload.pk])
    sandbox.fail("red", "upload", "drop-after")
    sandbox.fail("red", "browse", "server-error", times=0)
    sandbox.fail("red", "torrent", "hide", times=0)
    drive()
    sandbox.heal()
    upload.refresh_from_db()
    assert upload.reason["code"] == "outcome_unsettled"
    return upload


def test_the_page_tells_all_that_is_known_and_asks(look, asked, sandbox):
    text = look("approver", upload_url("change", asked))

    for part in (
        "Is it on Redacted?",
        "What was sent",
        "its answer got lost",
        "Where Herald looked",
        "Could not find out in 10 looks",
        "No such torrent.",
        asked.infohash,
        "It is there</button>",
        "It is not: send again</button>",
        f"{sandbox.url('red')}/torrents.php?searchstr=",
    ):
        assert part in text, part
    assert "Retry</button>" not in text
    for secret in (sandbox.key("red"), sandbox.passkey("red")):
        assert secret not in text


def test_who_may_not_answer_sees_the_evidence_only(look, client, people, asked):
    text = look("viewer", upload_url("change", asked))

    assert "Where Herald looked" in text
    assert "send again</button>" not in text
    client.force_login(people["viewer"])
    assert client.get(upload_url("again", asked)).status_code == 403
    for name in ("there", "again"):
        said = client.post(upload_url(name, asked), {"url": "1"}, follow=True)
        messages = [str(one) for one in said.context["messages"]]
        assert messages[0].startswith("Your role does not allow you to")
    asked.refresh_from_db()
    assert asked.status == UploadStatus.FAILED


def test_a_wrong_link_stays_in_its_field_to_be_corrected(client, people, asked):
    client.force_login(people["approver"])
    wrong = 'https://else.where/torrents.php?id="5"'

    page = client.post(upload_url("there", asked), {"url": wrong}, follow=True)

    assert page.status_code == 200
    field = page.content.decode().split('id="there"')[1].split(">")[0]
    assert 'value="https://else.where/torrents.php?id=&quot;5&quot;"' in field


def test_a_link_with_a_secret_does_not_come_back(client, people, asked):
    client.force_login(people["approver"])
    secret = "0123456789abcdef0123456789abcdef"

    page = client.post(
        upload_url("there", asked),
        {"url": f"https://x.example/a?passkey={secret}"},
        follow=True,
    )

    assert secret not in page.content.decode()
    assert secret not in str(page.redirect_chain)


def test_the_link_is_checked_and_taken(press, asked, sandbox):
    (stored,) = sandbox.uploads("red")
    assert (
        "no torrent 999" in press("approver", upload_url("there", asked), url="999")[0]
    )

    press("approver", upload_url("there", asked), url=f" {stored['url']} ")

    asked.refresh_from_db()
    assert (asked.status, asked.remote_url) == ("success", stored["url"])


def test_what_cannot_be_checked_asks_whether_it_was_seen(client, people, asked):
    Tracker.objects.filter(slug="red").update(base_url="http://127.0.0.1:9/red")
    client.force_login(people["approver"])
    url = upload_url("there", asked)

    answer = client.post(url, {"url": "7"})

    assert answer.status_code == 200
    text = answer.content.decode()
    assert "I have seen it there myself" in text
    assert 'name="url" value="7"' in text
    asked.refresh_from_db()
    assert asked.status == UploadStatus.FAILED
    client.post(url, {"url": "7", "seen": "yes"})
    asked.refresh_from_db()
    assert asked.status == UploadStatus.SUCCESS


def test_sending_again_says_first_what_goes_where(client, people, asked, sandbox):
    client.force_login(people["approver"])
    url = upload_url("again", asked)

    text = client.get(url).content.decode()

    for part in (
        "Send this to Redacted again?",
        sandbox.url("red"),
        "Redacted: rehearsal",
        asked.infohash,
        asked.digest,
        "as approved",
        "already exists",
    ):
        assert part in text, part
    asked.refresh_from_db()
    assert asked.status == UploadStatus.FAILED, "looking changes nothing"
    client.post(url)
    asked.refresh_from_db()
    assert asked.status == UploadStatus.PENDING
    assert asked.events.last().actor == people["approver"]
    late = client.get(url, follow=True)
    assert "Nothing is asked" in str(list(late.context["messages"])[-1])
    work()
    assert len(sandbox.requests("red", "upload")) == 1, "asked first"


def test_questions_can_be_listed(look, press, asked):
    row = upload_url("change", asked)
    assert row in look("viewer", LIST, question="yes")
    assert row not in look("viewer", LIST, question="no")
    (said,) = press("approver", LIST, action="retry_chosen", _selected_action=asked.pk)
    assert said.startswith("1 left out: Nobody knows whether Redacted has")


def test_a_refused_key_that_works_again_is_said_so(look, failed):
    credential = Credential.objects.create(tracker=failed.tracker, label="mine")
    failed.credential = credential
    failed.reason = {"code": "auth", "message": "No.", "remedy": "It is paused."}
    failed.save()
    assert "“mine” is in use again. Retry." in look(
        "viewer", upload_url("change", failed)
    )
    Credential.objects.update(paused_at="2026-01-01T00:00Z")
    assert "It is paused." in look("viewer", upload_url("change", failed))
