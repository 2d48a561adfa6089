"""A release on a real disk, with drafts as the drafting service would leave them."""

import pytest
from django.utils import timezone

from releases.listing import searched
from releases.services.ingest import files_store, release_scan
from tests import factories
from uploads.models import Heartbeat
from uploads.payloads import payload_digest
from uploads.states import UploadStatus

METADATA = {
    "title": {"value": "A Book", "source": "tags", "alternatives": []},
    "authors": {
        "value": [{"name": "Ann Author"}],
        "source": "audnexus",
        "alternatives": [{"source": "tags", "value": [{"name": "A. Author"}]}],
    },
    "chapters": {
        "value": [
            {"title": "One", "start_ms": 0, "end_ms": 60_000},
            {"title": "Two", "start_ms": 60_000, "end_ms": 150_000},
        ],
        "source": "tags",
        "alternatives": [],
    },
}


def make_book(root, name="Ann Author - A Book", **values):
    """A ready release of one small file in a library of its own."""
    shelf = root / name / "shelf"
    (shelf / name).mkdir(parents=True)
    (shelf / name / "1.mp3").write_bytes(b"sound" * 100)
    release = factories.ReleaseFactory(
        library=factories.LibraryFactory(path=str(shelf)),
        source_path=name,
        title="A Book",
        metadata=METADATA,
        author="Ann Author",
        narrator="Nora Reader",
        search_text=searched(
            title="A Book",
            authors="Ann Author",
            narrators="Nora Reader",
            asin="B0HERALD01",
            path=name,
        ),
        **values,
    )
    files_store(release, release_scan(release))
    return release


def make_draft(release, tracker, *, title="A Book", problems=(), **values):
    """A draft as complete as the real ones, for a torrent that is none."""
    content = b"d4:infod6:lengthi5eee"
    payload = {
        "title": title,
        "description": "[b]Bold words[/b] for the site",
        "tags": ["fiction"],
        "attributes": {"release_description": "As [i]read[/i]", "year": "1999"},
        "category": "audiobook",
        "anonymous": False,
        "extra": {},
        "torrent": {
            "name": "A Book.torrent",
            "infohash": "ab" * 20,
            "size": 2048,
            "folder": "A Book",
            "files": [["A Book/1.mp3", 2048]],
        },
        "form": [["title", title], ["album_desc", "line one\nline two"], ["year", ""]],
    }
    return factories.UploadFactory(
        release=release,
        tracker=tracker,
        payload=payload,
        torrent_file=content,
        infohash="ab" * 20,
        digest=payload_digest(payload, content),
        release_revision=release.revision,
        problems=[
            {"field": "year", "code": "x", "message": message, "remedy": "Say when.",
             "severity": severity}
            for severity, message in problems
        ],
        **values,
    )  # fmt: skip


@pytest.fixture
def book(db, tmp_path):
    """A ready release with a real folder."""
    return make_book(tmp_path)


@pytest.fixture
def trackers(db):
    """Two trackers, with easily told names."""
    return (
        factories.TrackerFactory(slug="blue", name="Bluebird"),
        factories.TrackerFactory(slug="wren", name="Wren"),
    )


@pytest.fixture
def drafts(book, trackers):
    """A draft for each tracker."""
    return [make_draft(book, tracker) for tracker in trackers]


@pytest.fixture
def failed(book, trackers):
    """An approved upload that the site refused."""
    upload = make_draft(
        book,
        trackers[0],
        status=UploadStatus.FAILED,
        reason={"code": "x", "message": "The site refused it.", "remedy": "Fix it."},
    )
    upload.approved_digest = upload.digest
    upload.save()
    return upload


@pytest.fixture
def awake(db):
    """A worker that lives."""
    return Heartbeat.objects.create(worker="here", seen_at=timezone.now())


@pytest.fixture
def look(client, people):
    """Look at an address as somebody, and get the text."""

    def see(who, url, /, **query):
        client.force_login(people[who])
        answer = client.get(url, query)
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode()

    return see


@pytest.fixture
def press(client, people):
    """Post to an address as somebody; gives the sentences of the page after it."""

    def post(who, url, /, **fields):
        client.force_login(people[who])
        answer = client.post(url, fields, follow=True)
        return [str(message) for message in answer.context["messages"]]

    return post
