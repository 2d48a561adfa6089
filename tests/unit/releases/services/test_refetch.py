"""Asking the sources of a release again."""

import pytest
from django.db.models.signals import post_save
from django_q.conf import Conf
from django_q.models import OrmQ

from releases.errors import ReleaseError
from releases.models import MetadataRecord, Release
from releases.services.refetch import refetch_request
from releases.services.remerge import release_override
from releases.tasks import refetch_release
from tests.audnexus import BOOK, recording

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _queue_in_the_database(monkeypatch):
    """What was queued can be read, whichever broker the tests run with."""
    monkeypatch.setattr(Conf, "ORM", "default")


@pytest.fixture
def service(httpserver, settings):
    """Audnexus, whose answers can change."""
    settings.AUDNEXUS_URL = httpserver.url_for("").rstrip("/")
    answer(httpserver, "book_B017V4IM1G_us", f"/books/{BOOK}")
    answer(httpserver, "chapters_B017V4IM1G_us", f"/books/{BOOK}/chapters")
    answer(httpserver, "author_B00G0WYW92_us", "/authors/B000AP9A6K", asin="B000AP9A6K")
    return httpserver


def answer(server, name, path, **changes):
    server.expect_request(path).respond_with_json(recording(name) | changes)


def renamed(server):
    """The store has corrected the title."""
    server.clear_all_handlers()
    answer(server, "book_B017V4IM1G_us", f"/books/{BOOK}", title="A Corrected Title")
    answer(server, "chapters_B017V4IM1G_us", f"/books/{BOOK}/chapters")
    answer(server, "author_B00G0WYW92_us", "/authors/B000AP9A6K", asin="B000AP9A6K")


@pytest.fixture
def book(service, folder, prepare):
    return prepare(folder, asin=BOOK)


@pytest.fixture
def meanwhile():
    """Lets somebody act while Audnexus is asked: its answer is there, and not used."""

    def arrange(act):
        def hear(**_):
            post_save.disconnect(hear, sender=MetadataRecord)
            act()

        post_save.connect(hear, sender=MetadataRecord, weak=False)

    return arrange


def tasks():
    return [row.func() for row in OrmQ.objects.all()]


def test_the_cache_is_passed_over_and_what_changed_needs_approval(book, service):
    asked = len(service.log)
    renamed(service)

    refetch_release(release_id=book.pk, source="audnexus")

    assert len(service.log) > asked
    before, after = book.revision, Release.objects.get(pk=book.pk)
    assert after.title == "A Corrected Title"
    assert after.revision == before + 1
    assert book.records.filter(source="audnexus").count() == 2


def test_the_same_answer_changes_nothing(book):
    refetch_release(release_id=book.pk, source="audnexus")

    assert Release.objects.get(pk=book.pk).revision == book.revision
    assert MetadataRecord.objects.filter(source="audnexus").count() == 2


def test_what_a_person_insists_on_stays(book, service):
    release_override(release_id=book.pk, changes={"title": "Mine"}, actor_id=None)
    renamed(service)

    refetch_release(release_id=book.pk, source="audnexus")

    book.refresh_from_db()
    assert book.title == "Mine"
    assert book.metadata["title"]["alternatives"][0]["value"] == "A Corrected Title"


def test_a_release_decided_on_meanwhile_stays_as_it_is(book, service):
    Release.objects.filter(pk=book.pk).update(state="approved")
    renamed(service)

    refetch_release(release_id=book.pk, source="audnexus")

    assert Release.objects.get(pk=book.pk).title == book.title


def test_an_edit_made_while_it_is_asked_is_not_lost(book, service, meanwhile):
    renamed(service)
    mine = {"publisher": "Mine"}
    meanwhile(lambda: release_override(release_id=book.pk, changes=mine, actor_id=None))

    refetch_release(release_id=book.pk, source="audnexus")

    after = Release.objects.get(pk=book.pk)
    assert (after.title, after.values["publisher"]) == ("A Corrected Title", "Mine")


@pytest.mark.parametrize("source", ["audnexus", "all"])
@pytest.mark.parametrize("state", ["approved", "preparing"])
def test_a_release_that_moves_on_while_it_is_asked_stays_as_it_is(
    book, service, meanwhile, state, source
):
    renamed(service)
    meanwhile(lambda: Release.objects.filter(pk=book.pk).update(state=state))

    refetch_release(release_id=book.pk, source=source)

    after = Release.objects.get(pk=book.pk)
    assert (after.title, after.state) == (book.title, state)


def test_all_sources_are_asked_and_the_files_read_with_a_preparation(
    book, service, django_capture_on_commit_callbacks
):
    OrmQ.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        assert refetch_request(release_id=book.pk, source="all")
    assert tasks() == ["releases.tasks.refetch_release"]

    with django_capture_on_commit_callbacks(execute=True):
        refetch_release(release_id=book.pk, source="all")
    assert tasks()[1:] == ["releases.tasks.prepare_release"]


@pytest.mark.parametrize("source", ["tags", "names", "all"])
def test_files_are_read_by_preparing_again(
    folder, prepare, source, django_capture_on_commit_callbacks
):
    release = prepare(folder)
    OrmQ.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        assert refetch_request(release_id=release.pk, source=source)
    assert tasks() == ["releases.tasks.prepare_release"]


def test_one_service_is_asked_without_a_preparation(
    book, django_capture_on_commit_callbacks
):
    OrmQ.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        assert not refetch_request(release_id=book.pk, source="audnexus")
    assert tasks() == ["releases.tasks.refetch_release"]


@pytest.mark.parametrize(
    ("state", "source", "code"),
    [
        ("ready", "gossip", "source_unknown"),
        ("ready", "audnexus", "asin_missing"),
        ("approved", "audnexus", "release_not_ready"),
        ("approved", "all", "release_approved"),
        ("preparing", "tags", "release_preparing"),
    ],
)
def test_what_cannot_be_asked_is_told(folder, prepare, state, source, code):
    release = prepare(folder)
    Release.objects.filter(pk=release.pk).update(state=state)

    with pytest.raises(ReleaseError) as refused:
        refetch_request(release_id=release.pk, source=source)

    assert refused.value.code == code
