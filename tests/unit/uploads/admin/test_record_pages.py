"""Every record has a list and a page, which nobody can change."""

import pytest
from django.contrib import admin
from django.db.models import BinaryField
from django.urls import reverse
from django.utils import timezone

from common.fields import EncryptedJSONField
from releases.models import (
    MetadataRecord,
    ProviderAnswer,
    ReleaseEvent,
    ReleaseFile,
    Torrent,
)
from tests.unit.uploads.admin.conftest import make_draft
from uploads.models import Approval, Heartbeat, UploadAttempt, UploadEvent

RECORDS = (
    *(ReleaseFile, MetadataRecord, ProviderAnswer, Torrent, ReleaseEvent),
    *(UploadAttempt, Approval, UploadEvent, Heartbeat),
)
PIECES = b"\xf0\x9f\x92\xa9" * 5


@pytest.fixture
def records(book, drafts, people, awake):
    """One row of every kind that services write."""
    upload = drafts[0]
    book.files.update(audio={"codec": "MP3", "bitrate": 64000, "duration_ms": 1000})
    MetadataRecord.objects.create(
        release=book, source="tags", raw={"raw": "<b>answer</b>"}, fields={"title": "T"}
    )
    MetadataRecord.objects.create(
        release=book, source="audnexus", error={"message": "It did not answer."}
    )
    ProviderAnswer.objects.create(
        key="book:B0", value={"a": "<i>"}, expires_at=timezone.now()
    )
    Torrent.objects.create(
        release=book,
        name="A Book",
        files=[["1.mp3", 500]],
        total_size=500,
        piece_length=16384,
        pieces=PIECES,
        fingerprint=book.fingerprint,
        engine="herald",
        duration_ms=12,
    )
    ReleaseEvent.objects.create(release=book, old="new", new="ready", reason="Done.")
    UploadAttempt.objects.create(
        upload=upload,
        number=1,
        outcome="success",
        started_at=timezone.now(),
        finished_at=timezone.now(),
        answer="<html>",
    )
    UploadAttempt.objects.create(upload=upload, number=2, started_at=timezone.now())
    Approval.objects.create(
        release=book, actor=people["approver"], decision="approved", digests={"1": "d"}
    )
    Approval.objects.create(
        release=book, decision="rejected", void_at=timezone.now(), void_reason="Why"
    )
    Approval.objects.create(release=book, decision="rejected")
    UploadEvent.objects.create(upload=upload, old="draft", new="pending")


def url(model, name, *args):
    return reverse(
        f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args
    )


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_everybody_may_look_at_list_and_page(look, records, model):
    assert "No results found" not in look("viewer", url(model, "changelist"))
    for row in model.objects.all():
        assert look("viewer", url(model, "change", row.pk))


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_nobody_may_add_change_or_delete(client, people, records, model):
    client.force_login(people["root"])
    row = model.objects.first()

    assert client.get(url(model, "add")).status_code == 403
    assert client.post(url(model, "change", row.pk), {"x": 1}).status_code == 403
    assert client.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403


def test_raw_answers_are_shown_as_text(look, records):
    record = MetadataRecord.objects.filter(source="tags").get()

    for page in (
        look("viewer", url(MetadataRecord, "change", record.pk)),
        look("viewer", url(MetadataRecord, "raw", record.pk)),
    ):
        assert "&lt;b&gt;answer&lt;/b&gt;" in page
        assert "<b>answer" not in page


def test_a_huge_raw_answer_is_cut_and_says_so(look, records):
    record = MetadataRecord.objects.filter(source="tags").get()
    record.raw = {"long": "x" * 400_000}
    record.save()

    text = look("viewer", url(MetadataRecord, "raw", record.pk))

    assert len(text) < 310_000
    assert "more characters" in text


def test_a_raw_answer_needs_the_right_to_look(client, records):
    from tests.factories import UserFactory

    client.force_login(UserFactory())
    record = MetadataRecord.objects.filter(source="tags").get()

    assert client.get(url(MetadataRecord, "raw", record.pk)).status_code == 403


def test_pieces_and_secrets_are_in_no_page_by_name():
    for model, its_admin in admin.site._registry.items():
        names = {*(its_admin.fields or ()), *its_admin.list_display}
        hidden = {
            field.name
            for field in model._meta.fields
            if isinstance(field, BinaryField | EncryptedJSONField)
        }
        assert not names & hidden, model


def test_an_attempt_in_flight_and_a_torrents_infohash_are_shown(look, records):
    running = UploadAttempt.objects.get(number=2)
    torrent = Torrent.objects.get()

    assert "running" in look("viewer", url(UploadAttempt, "change", running.pk))
    page = look("viewer", url(Torrent, "change", torrent.pk))
    assert "Infohash without a source flag" in page
    assert "\N{PILE OF POO}" not in page


def test_a_release_may_be_deleted_by_an_admin_with_its_records(client, people, book):
    ReleaseEvent.objects.create(release=book, old="", new="new")
    client.force_login(people["admin"])

    client.post(
        reverse("admin:releases_release_delete", args=[book.pk]), {"post": "yes"}
    )

    assert not type(book).objects.filter(pk=book.pk).exists()


def test_a_release_with_uploads_stays(client, people, book, trackers):
    make_draft(book, trackers[0])
    client.force_login(people["admin"])

    answer = client.post(
        reverse("admin:releases_release_delete", args=[book.pk]), {"post": "yes"}
    )

    assert answer.status_code == 200
    assert "the record of what was sent stays" in answer.content.decode()
    assert type(book).objects.filter(pk=book.pk).exists()


@pytest.mark.parametrize(
    ("url", "query"),
    [
        ("/admin/uploads/uploadattempt/", "outcome__exact=auth"),
        ("/admin/uploads/upload/", "cause=auth"),
    ],
)
def test_outcomes_are_filtered_by_words(url, query, records, look):
    page = look("viewer", url)
    assert "account refused" in page
    assert query in page
