"""The page of a source's answer: names and sentences, not numbers and codes."""

from django.urls import reverse

from releases.models import MetadataRecord
from tests import factories


def record_of(title="A Book", **values):
    release = factories.ReleaseFactory(title=title)
    return MetadataRecord.objects.create(release=release, source="tags", **values)


def page(look, record):
    return look(
        "viewer", reverse("admin:releases_metadatarecord_change", args=[record.pk])
    )


def test_it_is_named_after_its_release(look, db):
    record = record_of()

    assert "Tags of A Book" in page(look, record)


def test_its_name_alone_asks_the_database_nothing(db, django_assert_num_queries):
    record = MetadataRecord.objects.get(pk=record_of().pk)

    with django_assert_num_queries(0):
        assert str(record) == f"Tags of {record.release_id}"


def test_notices_and_errors_are_sentences(look, db):
    record = record_of(
        error={"code": "no_answer", "message": "It did not <answer>."},
        notices=[{"code": "left_out", "message": "A file is odd.", "path": "1.mp3"}],
    )

    text = page(look, record)
    assert "<li>It did not &lt;answer&gt;." in text
    assert '<li>A file is odd. <span class="hd-path">1.mp3</span></li>' in text
    assert "left_out" not in text


def test_nothing_to_know_is_a_dash(look, db):
    text = page(look, record_of())

    assert "&quot;notices&quot;" not in text
    assert "—" in text[text.index("Notices and error") :]
