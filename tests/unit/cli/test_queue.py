"""`upload --queue`, `--status` and `--retry`."""

import pytest

from tests import factories
from uploads.models import Upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def root(db):
    return factories.UserFactory(username="root", is_superuser=True)


@pytest.fixture
def uploads():
    tracker = factories.TrackerFactory(slug="red")
    return {
        status: factories.UploadFactory(
            tracker=tracker,
            release__title=f"Book [b]{status}[/b]\u202e",
            status=status,
            digest="d",
            approved_digest="d",
            reason={"message": f"Because {status}."},
            priority=priority,
        )
        for priority, status in enumerate(
            ["draft", "pending", "uploading", "unknown", "failed", "success"]
        )
    }


def test_an_empty_queue(cli):
    assert cli("--queue").text == "The queue is empty.\n"
    assert cli("--status").text == "There are no uploads yet.\n"
    assert cli("--retry").text == "No upload has failed.\n"


def test_the_queue_is_what_waits_the_most_urgent_first(cli, uploads):
    said = cli("--queue", "--json")
    assert said.code == 0
    assert [row["status"] for row in said.of("upload")] == [
        *("unknown", "uploading", "pending")
    ]
    row = said.events[-1]
    assert row["id"] == uploads["pending"].pk
    assert (row["tracker"], row["reason"]) == ("red", "Because pending.")


def test_the_status_is_everything_the_newest_first(cli, uploads):
    said = cli("--status", "--json")
    assert [row["id"] for row in said.events] == sorted(
        (upload.pk for upload in uploads.values()), reverse=True
    )


def test_people_read_a_table_in_which_nothing_hides(cli, uploads):
    text = cli("--status").text
    assert "Book [b]failed[/b]\\u202e" in text
    assert "\u202e" not in text


def test_retrying_all_that_failed(cli, uploads):
    said = cli("--retry", "--json")
    assert said.code == 0
    assert [row["id"] for row in said.of("retried")] == [uploads["failed"].pk]
    assert Upload.objects.get(pk=uploads["failed"].pk).status == "pending"
    assert "manage.py worker" in said.of("no_worker")[0]["message"]


def test_retrying_all_leaves_questions_to_a_person(cli, uploads):
    failed = Upload.objects.filter(pk=uploads["failed"].pk)
    failed.update(reason={"code": "sent_in_vain", "message": "In vain."})
    said = cli("--retry", "--json")
    assert said.code == 0
    assert said.of("questions")[0]["count"] == 1
    assert said.of("retried") == []
    said = cli("--retry", str(failed.get().pk), "--json")
    assert (said.code, said.of("error")[0]["code"]) == (1, "upload_question")


def test_retrying_by_id_tells_what_could_not_be(cli, uploads):
    failed, sent = uploads["failed"].pk, uploads["success"].pk
    said = cli("--retry", str(failed), str(sent), "4711", str(10**30), "-1", "--json")
    assert said.code == 1
    assert [row["id"] for row in said.of("retried")] == [failed]
    assert {row["id"]: row["code"] for row in said.of("error")} == {
        sent: "upload_not_failed",
        4711: "upload_unknown",
        10**30: "upload_unknown",
        -1: "upload_unknown",
    }


def test_only_one_look_at_a_time(cli):
    from django.core.management import CommandError

    with pytest.raises(CommandError, match="not allowed with"):
        cli("--queue", "--status")


def test_a_database_that_is_not_there_is_one_sentence(cli, monkeypatch, settings):
    from django.db import OperationalError
    from django.db.models.query import QuerySet

    def gone(self):
        raise OperationalError("no such table: auth_user")

    monkeypatch.setattr(QuerySet, "_fetch_all", gone)
    said = cli("--status")
    assert said.code == 1
    assert said.text == (
        "The database cannot be used: no such table: auth_user. The data folder is "
        f"{settings.DATA_DIR}. Check HERALD_DATA_DIR and DATABASE_URL, and run "
        "manage.py migrate.\n"
    )
