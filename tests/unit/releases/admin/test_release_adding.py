"""Adding a release: what goes in, and each refusal at its field."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from releases.models import Release
from releases.torrents.metainfo import build_torrent
from releases.torrents.types import TorrentFile
from tests import factories

URL = "/admin/releases/release/add/"


@pytest.fixture
def shelf(db, tmp_path):
    """A library with one folder in it."""
    (tmp_path / "Ann - Book").mkdir()
    (tmp_path / "Ann - Book" / "1.mp3").write_bytes(b"sound")
    return factories.LibraryFactory(name="Shelf", path=str(tmp_path))


@pytest.fixture
def send(client, people):
    """Send the form as a preparer; gives the answer."""

    def post(**fields):
        client.force_login(people["preparer"])
        return client.post(URL, fields)

    return post


def errors(answer):
    return {
        name: " ".join(map(str, found))
        for name, found in answer.context["form"].errors.items()
    }


def test_the_form_lists_libraries_and_active_trackers(look, shelf):
    factories.TrackerFactory(name="Bluebird")
    factories.TrackerFactory(name="Asleep", is_active=False)

    text = look("preparer", URL)

    assert shelf.path in text
    assert "Bluebird" in text
    assert "Asleep" not in text


def test_without_library_or_tracker_the_form_says_so(look, db):
    text = look("preparer", URL)

    assert "There is no library yet" in text
    assert 'name="trackers"' not in text


def test_a_path_becomes_a_release_and_its_page_opens(send, people, shelf):
    tracker = factories.TrackerFactory(slug="blue")

    answer = send(
        path=f"{shelf.path}/Ann - Book",
        kind="audiobook",
        asin="b0herald01",
        trackers=[tracker.slug],
    )

    release = Release.objects.get()
    assert answer["Location"] == f"/admin/releases/release/{release.pk}/change/"
    assert release.asin == "B0HERALD01"
    assert release.targets == ["blue"]
    assert release.kind == "audiobook"
    assert release.created_by == people["preparer"]


def test_a_torrent_of_the_same_files_is_kept_without_its_addresses(send, shelf):
    content = build_torrent(
        name="Ann - Book",
        files=[TorrentFile(path=("1.mp3",), size=5)],
        is_single=False,
        piece_length=16384,
        pieces=b"p" * 20,
    )
    announced = b"d8:announce21:http://secret/passkey" + content[1:]

    send(
        path=f"{shelf.path}/Ann - Book",
        torrent_file=SimpleUploadedFile("x.torrent", announced),
    )

    given = bytes(Release.objects.get().given_torrent or b"")
    assert b"pieces" in given
    assert b"passkey" not in given


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"path": ""}, "path", "This field is required."),
        ({"path": "/nowhere/at all"}, "path", "outside every library"),
        ({"path": "/"}, "path", "lies outside every library"),
        ({"path": "relative"}, "path", "relative"),
        ({"asin": "nonsense"}, "asin", "is not an ASIN"),
        ({"kind": "poem"}, "kind", "Select a valid choice"),
        ({"trackers": ["none"]}, "trackers", "Select a valid choice"),
        (
            {"torrent_file": SimpleUploadedFile("x.torrent", b"not bencode")},
            "torrent_file",
            "torrent",
        ),
    ],
)
def test_each_refusal_stands_at_its_field(send, shelf, fields, field, sentence):
    factories.TrackerFactory()

    answer = send(**{"path": f"{shelf.path}/Ann - Book", **fields})

    assert answer.status_code == 200
    assert sentence in errors(answer)[field]
    assert not Release.objects.exists()


def test_what_is_there_already_is_named(send, shelf):
    send(path=f"{shelf.path}/Ann - Book")

    answer = send(path=f"{shelf.path}/Ann - Book")

    assert "is release" in errors(answer)["path"]
    assert Release.objects.count() == 1


def test_a_file_that_is_far_too_large_is_refused_unread(send, shelf, monkeypatch):
    monkeypatch.setattr("releases.admin.release_forms.LARGEST_TORRENT", 10)

    answer = send(
        path=f"{shelf.path}/Ann - Book",
        torrent_file=SimpleUploadedFile("x.torrent", b"x" * 11),
    )

    assert "No torrent is as large" in errors(answer)["torrent_file"]


def test_a_hostile_path_is_shown_as_text(send, shelf):
    answer = send(path="/<script>alert(1)</script>")

    assert "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize("who", ["viewer", "stranger"])
def test_who_may_not_add_cannot(client, people, shelf, who):
    client.force_login(people[who])

    answer = client.post(URL, {"path": f"{shelf.path}/Ann - Book"})

    assert answer.status_code in (302, 403)
    assert not Release.objects.exists()
