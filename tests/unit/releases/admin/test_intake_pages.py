"""Pages of watch folders, their candidates, and adding many at once."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from releases.models import Candidate, Library, Release, WatchFolder
from tests import factories

pytestmark = pytest.mark.django_db
MANY = "/admin/releases/release/add-many/"


@pytest.fixture
def library(tmp_path):
    for name in ("One", "Two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.mp3").write_bytes(b"audio")
    (tmp_path / "notes.txt").write_bytes(b"words")
    return Library.objects.create(name="Books", path=str(tmp_path))


def test_what_a_folder_holds_is_shown_with_boxes(client, people, library):
    factories.ReleaseFactory(library=library, source_path="Two")
    client.force_login(people["preparer"])
    page = client.post(MANY, {"parent": library.path, "kind": "audiobook"})
    text = page.content.decode()
    assert "1 release can be added" in text
    assert "Already a release" in text
    assert "There is no audio in it" in text
    assert f'value="{library.path}/One" id="path1" checked' in text
    assert Release.objects.count() == 1


def test_what_is_ticked_is_added(press, people, library):
    (sentence,) = press(
        "preparer",
        MANY,
        create="1",
        path=[f"{library.path}/One", f"{library.path}/Two"],
        kind="music",
    )
    assert sentence == "2 releases were added and are being prepared."
    assert set(Release.objects.values_list("kind", "created_by__username")) == {
        ("music", people["preparer"].username)
    }


def test_what_cannot_be_added_is_told(press, library):
    paths = [f"/outside/{number}" for number in range(7)]
    told = press("preparer", MANY, create="1", path=[*paths, f"{library.path}/One"])
    assert told[0] == "1 release was added and is being prepared."
    assert sum("lies outside every library" in sentence for sentence in told) == 5
    assert told[-1] == "2 more were not added."


def test_a_list_of_paths_and_a_file(client, people, library):
    client.force_login(people["preparer"])
    file = SimpleUploadedFile("list.txt", f"\ufeff{library.path}/Two\r\n".encode())
    page = client.post(MANY, {"paths": f"{library.path}/One\n\n", "list_file": file})
    assert [one.path for one in page.context["found"]] == [
        *(f"{library.path}/One", f"{library.path}/Two")
    ]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "There is nothing to add"),
        ({"parent": "/etc"}, "lies outside every library"),
        ({"create": "1"}, "There is nothing to add"),
        ({"list_file": SimpleUploadedFile("x", b"\xff\xfe\x00")}, "no text in UTF-8"),
        (
            {"list_file": SimpleUploadedFile("x", b"/x\n" * 400_000)},
            "too large for a list of paths",
        ),
        ({"paths": "\n".join(f"/{n}" for n in range(501))}, "at most 500 go at once"),
    ],
)
def test_a_wrong_wish_is_told(client, people, library, fields, sentence):
    client.force_login(people["preparer"])
    assert sentence in client.post(MANY, fields).content.decode()
    assert not Release.objects.exists()


def test_only_who_may_add_adds_many(client, people, library):
    client.force_login(people["viewer"])
    assert client.get(MANY).status_code == 403
    assert client.post(MANY, {"create": "1", "path": "/x"}).status_code == 403
    client.force_login(people["preparer"])
    assert "Folder with releases in it" in client.get(MANY).content.decode()


# --- Watch folders --------------------------------------------------------------------


def test_an_admin_makes_a_watch_folder(client, people, library):
    factories.TrackerFactory(slug="red")
    client.force_login(people["admin"])
    fields = {
        "library": library.pk,
        "path": "One/",
        "depth": 1,
        "settle_seconds": 30,
        "targets": ["red"],
        "is_active": "on",
    }
    answer = client.post("/admin/releases/watchfolder/add/", fields)
    assert answer.status_code == 302, answer.context["adminform"].errors
    watch = WatchFolder.objects.get()
    assert (watch.path, watch.targets) == ("One", ["red"])
    url = f"/admin/releases/watchfolder/{watch.pk}/change/"
    watch.targets = ["red", "gone"]
    watch.save()
    assert 'value="gone"' in client.get(url).content.decode()
    wrong = client.post(url, {**fields, "path": "nowhere", "settle_seconds": 0})
    text = wrong.content.decode()
    assert "There is no such folder in the library" in text
    assert "Give 1 to 86400 seconds." in text


def test_a_person_who_only_looks_sees_the_page(look, library):
    watch = WatchFolder.objects.create(library=library)
    page = look("viewer", f"/admin/releases/watchfolder/{watch.pk}/change/")
    assert "Not looked into yet" in page


def test_the_list_says_how_each_folder_stands(look, library):
    WatchFolder.objects.create(library=library, path="One", is_active=False)
    WatchFolder.objects.create(library=library, path="x", problem="Gone away.")
    watch = WatchFolder.objects.create(library=library, scanned_at=timezone.now())
    Candidate.objects.create(watch=watch, path="a")
    Candidate.objects.create(watch=watch, path="b", state="skipped")
    page = look("viewer", "/admin/releases/watchfolder/")
    for text in ("Off", "Gone away.", "Watched", "1 waiting", "1 skipped"):
        assert text in page


def test_candidates_say_why(look, library):
    watch = WatchFolder.objects.create(library=library)
    release = factories.ReleaseFactory(library=library)
    Candidate.objects.create(watch=watch, path="new")
    Candidate.objects.create(
        watch=watch, path="late", message="Still changing.", file_count=2, total_size=9
    )
    Candidate.objects.create(watch=watch, path="in", state="taken", release=release)
    Candidate.objects.create(watch=watch, path="was", state="taken")
    page = look("viewer", "/admin/releases/candidate/")
    for text in ("Still changing.", "Not looked at yet.", "Its release was deleted"):
        assert text in page
    assert f"/admin/releases/release/{release.pk}/change/" in page
    assert "2 files, 9 B" in page


@pytest.mark.parametrize("name", ["candidate", "watchfolder"])
def test_a_long_list_costs_no_more_queries(client, people, library, name):
    def count():
        with CaptureQueriesContext(connection) as found:
            assert client.get(f"/admin/releases/{name}/").status_code == 200
        return len(found)

    client.force_login(people["viewer"])
    watch = WatchFolder.objects.create(library=library, owner=people["admin"])
    Candidate.objects.create(
        watch=watch, path="0", release=factories.ReleaseFactory(library=library)
    )
    count()
    few = count()
    for number in range(1, 9):
        other = WatchFolder.objects.create(
            library=factories.LibraryFactory(), owner=factories.UserFactory()
        )
        release = factories.ReleaseFactory()
        Candidate.objects.create(watch=other, path=str(number), release=release)
    assert count() == few


def test_looking_again(client, people, press, library):
    watch = WatchFolder.objects.create(library=library)
    row = Candidate.objects.create(watch=watch, path="was", state="taken")
    fields = {"action": "look_again", "_selected_action": [row.pk]}
    client.force_login(people["viewer"])
    client.post("/admin/releases/candidate/", fields)
    row.refresh_from_db()
    assert row.state == "taken"
    assert press("preparer", "/admin/releases/candidate/", **fields) == [
        "1 looked at again."
    ]
    row.refresh_from_db()
    assert (row.state, row.message) == ("waiting", "It is looked at again.")
    assert Path(library.path).exists()


@pytest.mark.parametrize("name", ["library", "watchfolder"])
def test_an_admin_deletes_it_with_its_candidates(client, people, library, name):
    watch = WatchFolder.objects.create(library=library)
    Candidate.objects.create(watch=watch, path="seen")
    pk = library.pk if name == "library" else watch.pk
    client.force_login(people["admin"])
    client.post(f"/admin/releases/{name}/{pk}/delete/", {"post": "yes"})
    assert not WatchFolder.objects.exists()
    assert not Candidate.objects.exists()
