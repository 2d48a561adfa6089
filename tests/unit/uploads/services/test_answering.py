"""A person says of an upload nobody knows about that it is there: it is checked."""

import pytest

from releases.models import Release
from tests.driving import drive, moves, work
from tests.publishing import SITES
from tests.unit.uploads.services.answers import ask, there
from trackers.models import Credential, Tracker
from trackers.services.credentials import credential_pause
from uploads.errors import UploadError
from uploads.models import Upload
from uploads.services import answering
from uploads.services.answering import LinkUnchecked, upload_send_again
from uploads.services.queueing import upload_cancel
from uploads.states import Seeding, UploadStatus

pytestmark = pytest.mark.django_db


def refusal(asked, link, **more):
    with pytest.raises(UploadError) as no:
        there(asked, link, **more)
    asked.refresh_from_db()
    assert asked.status == UploadStatus.FAILED
    assert no.value.message.endswith(".")
    return no.value


# --- "It is there" ----------------------------------------------------------------


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize(
    "link",
    ["{url}", "{site}/torrents.php?torrentid={id}", " {id} ", "{url}#torrent{id}"],
)
def test_the_right_link_is_taken(site, link, approved, people, sandbox, upload):
    question = ask(sandbox, upload, site)
    (stored,) = sandbox.uploads(site)
    before = len(sandbox.requests(site))
    there(
        question,
        link.format(url=stored["url"], id=stored["id"], site=sandbox.url(site)),
        actor_id=people["admin"].pk,
    )
    found = upload(site)
    assert found.status == UploadStatus.SUCCESS
    assert (found.remote_url, found.remote_id) == (stored["url"], str(stored["id"]))
    assert found.site_infohash == found.infohash
    assert found.seeding == Seeding.WAITING
    assert found.events.last().actor == people["admin"]
    assert "checked there" in found.events.last().reason
    assert moves(found)[-1] == "success"
    assert len(sandbox.requests(site)) == before + 1, "one question"
    assert Release.objects.get().state == "published"


def test_another_torrent_is_refused(asked, sandbox, upload):
    (stored,) = sandbox.uploads("red")
    torrent = {**asked.payload["torrent"], "infohash": "0" * 40}
    asked.payload = {**asked.payload, "torrent": torrent}
    asked.save()
    no = refusal(asked, stored["url"])
    assert no.code == "link_mismatch"
    assert f"Torrent {stored['id']} on Redacted is another one" in no.message
    assert stored["infohash"].lower() in no.message


@pytest.mark.parametrize("by", ["sizes", "names"])
def test_where_the_infohash_is_hidden_size_and_files_decide(
    by, approved, sandbox, upload
):
    question = ask(sandbox, upload, "ops")
    (stored,) = sandbox.uploads("ops")
    stranger = sandbox.add_account("ops", "stranger")
    credential = Credential.objects.get(tracker__slug="ops")
    credential.values = {**credential.values, "api_key": stranger["key"]}
    credential.save()
    payload = question.payload
    files = payload["torrent"]["files"]
    if by == "sizes":
        changed = {**payload["torrent"], "size": payload["torrent"]["size"] + 1}
    else:
        changed = {**payload["torrent"], "files": [["other.mp3", files[0][1]]]}
    Upload.objects.filter(pk=question.pk).update(
        payload={**payload, "torrent": changed}
    )
    assert refusal(question, stored["url"]).code == "link_mismatch"
    Upload.objects.filter(pk=question.pk).update(payload=payload)
    there(question, stored["url"])
    assert upload("ops").status == UploadStatus.SUCCESS
    assert upload("ops").site_infohash == "", "the site's own torrent is fetched"


@pytest.mark.parametrize(
    "link",
    [
        "",
        "some words",
        "https://elsewhere.invalid/torrents.php?torrentid=1",
        "javascript:alert(1)",
        "{site}.invalid/torrents.php?torrentid=1",
        "{site}",
        "http://[half/",
    ],
)
def test_a_link_to_somewhere_else_is_refused(link, asked, sandbox):
    before = len(sandbox.requests("red"))
    no = refusal(asked, link.format(site=sandbox.url("red")), seen=True)
    assert (no.code, "it begins with" in no.message) == ("link_elsewhere", True)
    assert len(sandbox.requests("red")) == before


@pytest.mark.parametrize(
    "path", ["forums.php?x=1", "torrents.php?id=1", "torrents.php"]
)
def test_a_link_that_names_no_torrent_is_refused(path, asked, sandbox):
    no = refusal(asked, f"{sandbox.url('red')}/{path}", seen=True)
    assert no.code == "link_unreadable"
    assert "torrentid=123" in no.message


def test_a_link_with_a_passkey_is_refused(asked, sandbox):
    passkey = sandbox.passkey("red")
    for query in (f"action=download&id=1&torrent_pass={passkey}", f"x={passkey}"):
        no = refusal(asked, f"{sandbox.url('red')}/torrents.php?{query}")
        assert no.code == "link_secret"
        assert passkey not in str(no)


def test_a_torrent_that_is_not_there_is_refused_even_if_seen(asked):
    no = refusal(asked, "999", seen=True)
    assert (no.code, no.message) == (
        "link_absent",
        "Redacted has no torrent 999. Compare the link.",
    )


def test_while_the_site_cannot_be_asked_a_person_may_insist(asked, people, upload):
    Tracker.objects.filter(slug="red").update(base_url="http://127.0.0.1:9/red")
    no = refusal(asked, "7")
    assert isinstance(no, LinkUnchecked)
    assert "could not be checked: Redacted could not be reached" in no.message
    there(asked, "7", seen=True, actor_id=people["admin"].pk)
    found = upload("red")
    assert found.status == UploadStatus.SUCCESS
    assert found.remote_url == "http://127.0.0.1:9/red/torrents.php?torrentid=7"
    told = found.events.last()
    assert told.reason.startswith("A person has seen it there, as torrent 7. Not")
    assert told.actor == people["admin"]


def test_a_paused_account_cannot_ask(asked):
    credential_pause(Credential.objects.get(tracker__slug="red"), "No.")
    no = refusal(asked, "7")
    assert "no usable credential to look with" in no.message
    there(asked, "7", seen=True)


def test_a_key_refused_at_the_check_is_paused(asked, sandbox):
    sandbox.fail("red", "torrent", "bad-key")
    assert refusal(asked, "7").code == "link_unchecked"
    assert Credential.objects.get(tracker__slug="red").paused_at


def test_a_spent_budget_says_when_to_try_again(asked):
    Tracker.objects.filter(slug="red").update(budget_requests=1, budget_seconds=600)
    no = refusal(asked, "1", seen=True)
    assert no.code == "budget"
    assert "Try again in" in no.message


def test_only_what_failed_or_is_unknown_can_be_marked(asked):
    Upload.objects.filter(pk=asked.pk).update(status="pending")
    with pytest.raises(UploadError, match="Only a failed or unknown upload"):
        there(asked, "1")


def test_an_unknown_upload_can_be_marked_while_it_is_looked_for(
    approved, sandbox, upload
):
    sandbox.fail("red", "upload", "drop-after")
    work()
    (stored,) = sandbox.uploads("red")
    there(upload("red"), stored["url"])
    assert upload("red").status == UploadStatus.SUCCESS
    drive()
    assert len(sandbox.requests("red", "upload")) == 1


# --- Two people at once -----------------------------------------------------------


@pytest.mark.parametrize("first", [upload_cancel, upload_send_again])
@pytest.mark.parametrize("second", ["there", "again"])
def test_who_comes_second_is_told(first, second, asked, sandbox, upload, monkeypatch):
    """The other answer falls between this one's reading and its writing."""
    (stored,) = sandbox.uploads("red")
    place = "look_at" if second == "there" else "approved_check"
    real = getattr(answering, place)

    def overtaken(row, *more):
        monkeypatch.setattr(answering, place, real)
        first(upload_id=row.pk)
        return real(row, *more)

    monkeypatch.setattr(answering, place, overtaken)
    with pytest.raises(UploadError, match="at this very moment") as no:
        if second == "there":
            there(asked, stored["url"])
        else:
            upload_send_again(upload_id=asked.pk)
    assert no.value.code == "upload_answered"
    assert upload("red").status in ("pending", "cancelled")
