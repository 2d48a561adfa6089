"""A metadata service that fails in every way: the release is ready all the same."""

import threading
import time

import pytest
from django.db.models.signals import post_save
from werkzeug import Response

from releases.metadata.answers import Limits
from releases.models import MetadataRecord, ProviderAnswer
from releases.services import enrich
from releases.services.ingest import release_create
from releases.services.prepare import prepare_cancel
from releases.services.remerge import release_override
from tests.audnexus import BOOK, recording
from tests.workers import wait_until

pytestmark = pytest.mark.django_db

OTHER = "B0HERALD01"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(enrich, "LIMITS", Limits(connect=2, silence=0.3, total=0.5))


@pytest.fixture
def service(httpserver, settings):
    settings.AUDNEXUS_URL = httpserver.url_for("").rstrip("/")
    return httpserver


def answer(service, path, name, **changes):
    service.expect_request(path).respond_with_json(recording(name) | changes)


@pytest.fixture
def book(service):
    answer(service, f"/books/{BOOK}", "book_B017V4IM1G_us")
    answer(service, f"/books/{BOOK}/chapters", "chapters_B017V4IM1G_us")
    answer(service, "/authors/B000AP9A6K", "author_B00G0WYW92_us", asin="B000AP9A6K")
    return service


def notices(release):
    return {notice["code"]: notice["message"] for notice in release.notices}


def test_what_the_service_says_is_merged_and_its_answer_kept(book, folder, prepare):
    release = prepare(folder, asin=BOOK)
    record = MetadataRecord.objects.get(release=release, source="audnexus")
    assert record.raw["book"]["asin"] == BOOK
    assert record.error == {}
    assert release.title == record.fields["title"]
    assert release.metadata["title"]["source"] == "audnexus"
    assert release.metadata["asin"] == {
        "value": BOOK,
        "source": "person",
        "alternatives": [],
    }


def test_a_good_answer_is_asked_for_once(book, folder, prepare):
    release = prepare(folder, asin=BOOK)
    asked = len(book.log)
    prepare(release)
    assert len(book.log) == asked
    assert ProviderAnswer.objects.exists()


def test_without_an_asin_nobody_is_asked(service, folder, prepare):
    assert prepare(folder).state == "ready"
    assert service.log == []


def test_music_is_not_asked_about(service, folder, prepare):
    assert prepare(folder, asin=BOOK, kind="music").state == "ready"
    assert service.log == []


def test_switched_off_nobody_is_asked(folder, prepare, settings):
    settings.AUDNEXUS_URL = ""
    release = prepare(folder, asin=BOOK)
    assert release.state == "ready"
    assert not MetadataRecord.objects.filter(source="audnexus").exists()


def test_an_asin_in_the_names_is_used(book, folder, prepare):
    named = folder.rename(folder.parent / f"Ann Author - A Title [{BOOK}]")
    release = prepare(named)
    assert release.metadata["asin"]["value"] == BOOK
    assert release.metadata["title"]["source"] == "audnexus"


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        ("<!doctype html><title>Log in</title>", 200, "answered with a web page"),
        ("<html>Bad gateway</html>", 502, "HTTP 502"),
        ("nonsense", 200, "cannot be read"),
        ("x" * 10_000_000, 200, "more than 5 MiB"),
        ("", 500, "HTTP 500"),
        ("[]", 200, "something else than the book"),
        ('{"asin": "' + "\\ud800" + '"}', 200, "something else than the book"),
    ],
)
def test_a_bad_answer_is_a_notice(service, folder, prepare, body, status, sentence):
    service.expect_request(f"/books/{BOOK}").respond_with_data(body, status=status)
    release = prepare(folder, asin=BOOK)
    assert release.state == "ready"
    assert release.torrents.count() == 1
    record = MetadataRecord.objects.get(source="audnexus")
    assert sentence in record.error["message"]
    assert notices(release)[record.error["code"]] == record.error["message"]
    assert release.asin == BOOK  # what the person said is not lost


def test_a_service_that_never_answers(service, folder, prepare):
    leave = threading.Event()

    def silent(request):
        leave.wait(10)
        return Response("")

    service.expect_request(f"/books/{BOOK}").respond_with_handler(silent)
    release = prepare(folder, asin=BOOK)
    leave.set()
    wait_until(lambda: service.log)  # the handler writes it when it goes home
    assert release.state == "ready"
    (message,) = [m for c, m in notices(release).items() if c.startswith("metadata")]
    assert "Audnexus" in message


def test_a_service_that_is_down(folder, prepare, settings):
    settings.AUDNEXUS_URL = "http://127.0.0.1:9"
    release = prepare(folder, asin=BOOK)
    assert release.state == "ready"
    assert any("Audnexus" in message for message in notices(release).values())


def test_a_wrong_address_in_the_settings(folder, prepare, settings):
    settings.AUDNEXUS_URL = "http://"
    release = prepare(folder, asin=BOOK)
    assert release.state == "ready"
    assert any("HERALD_AUDNEXUS_URL" in m for m in notices(release).values())


def test_what_it_said_before_it_went_down_still_counts(book, folder, prepare, settings):
    release = prepare(folder, asin=BOOK)
    title = release.title
    ProviderAnswer.objects.all().delete()
    settings.AUDNEXUS_URL = "http://127.0.0.1:9"
    release = prepare(release)
    assert release.state == "ready"
    assert (release.title, release.metadata["title"]["source"]) == (title, "audnexus")
    assert any("Audnexus" in message for message in notices(release).values())


def test_what_it_said_about_another_asin_does_not(book, folder, prepare, settings):
    release = prepare(folder, asin=BOOK)
    settings.AUDNEXUS_URL = "http://127.0.0.1:9"
    release = release_override(
        release_id=release.pk, changes={"asin": OTHER}, actor_id=None
    )
    assert release.metadata["title"]["source"] == "names"
    assert prepare(release).metadata["title"]["source"] == "names"
    settings.AUDNEXUS_URL = ""
    release = release_override(
        release_id=release.pk, changes={}, revert=["asin"], actor_id=None
    )
    assert release.metadata["title"]["source"] == "audnexus"


def test_a_cancel_is_heard_before_the_next_question(book, folder, prepare):
    release = release_create(path=str(folder), asin=BOOK)

    def cancel_now(**_):
        prepare_cancel(release.pk)
        time.sleep(0.6)  # preparation asks twice a second

    post_save.connect(cancel_now, sender=ProviderAnswer)
    try:
        release = prepare(release)
    finally:
        post_save.disconnect(cancel_now, sender=ProviderAnswer)
    assert release.error["code"] == "prepare_cancelled"
    assert [request.path for request, _ in book.log] == [f"/books/{BOOK}"]
