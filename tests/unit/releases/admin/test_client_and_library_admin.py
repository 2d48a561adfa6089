"""Torrent clients and libraries in the admin."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.urls import reverse

from common.addresses import MOVED
from releases.models import Library, TorrentClient
from tests import factories

pytestmark = pytest.mark.django_db
PASSWORD = "pl4nted-client-password"


def url(model, name, *args):
    return reverse(f"admin:releases_{model}_{name}", args=args)


def form(**changes):
    values = {
        "name": "Seeder",
        "url": "http://127.0.0.1:9",
        "username": "ann",
        "password": "",
        "category": "herald",
        "tags": "",
        "is_active": "on",
    }
    return {**values, **changes}


@pytest.fixture
def seeder():
    return TorrentClient.objects.create(
        name="Box", url="http://127.0.0.1:9", login={"password": PASSWORD}
    )


def test_a_client_is_added_and_its_password_encrypted(client, people):
    client.force_login(people["admin"])
    answer = client.post(url("torrentclient", "add"), form(password=PASSWORD))
    assert answer.status_code == 302
    row = TorrentClient.objects.get()
    assert (row.username, row.login["password"]) == ("ann", PASSWORD)
    assert PASSWORD not in LogEntry.objects.get().change_message


def test_a_blank_password_keeps_the_stored_one(client, people, seeder):
    client.force_login(people["admin"])
    client.post(url("torrentclient", "change", seeder.pk), form(name="Renamed"))
    seeder.refresh_from_db()
    assert (seeder.name, seeder.login["password"]) == ("Renamed", PASSWORD)


def test_the_password_stays_with_its_address(client, people, seeder):
    client.force_login(people["admin"])
    change = url("torrentclient", "change", seeder.pk)
    page = client.post(change, form(url="http://own.example"), follow=True)
    assert MOVED in [str(one) for one in page.context["messages"]]
    seeder.refresh_from_db()
    assert dict(seeder.login) == {}
    assert MOVED in client.get(change).content.decode()


def test_no_page_and_no_failing_form_shows_the_password(client, people, seeder):
    client.force_login(people["root"])
    change = url("torrentclient", "change", seeder.pk)
    pages = [client.get(change), client.get(url("torrentclient", "changelist"))]
    pages.append(client.post(change, form(name="", password="typed-pa55word")))
    for page in pages:
        assert page.status_code == 200
        assert PASSWORD not in page.content.decode()
        assert "typed-pa55word" not in page.content.decode()
    assert b"Password: stored" in pages[0].content


def test_the_history_names_the_password_and_does_not_tell_it(client, people, seeder):
    client.force_login(people["admin"])
    change = url("torrentclient", "change", seeder.pk)
    client.post(change, form(password="typed-pa55word"))
    message = LogEntry.objects.get().change_message
    assert "Password" in message
    assert "typed-pa55word" not in message


def test_the_address_inside_a_compose_network_is_taken(client, people):
    client.force_login(people["admin"])
    client.post(url("torrentclient", "add"), form(url="http://qbittorrent:8080"))
    assert TorrentClient.objects.get().url == "http://qbittorrent:8080"


@pytest.mark.parametrize("address", ["ftp://box.example", "http://127.0.0.1:99999"])
def test_what_is_no_web_address_is_refused(client, people, address):
    client.force_login(people["admin"])
    page = client.post(url("torrentclient", "add"), form(url=address))
    assert b"This is no web address." in page.content
    assert not TorrentClient.objects.exists()


def test_a_login_inside_the_url_is_refused(client, people):
    client.force_login(people["admin"])
    page = client.post(
        url("torrentclient", "add"), form(url="http://ann:secret@127.0.0.1:9")
    )
    assert b"Take the user name and password out of the URL" in page.content
    assert not TorrentClient.objects.exists()


def test_test_says_what_the_client_answered_and_keeps_it(client, people, seeder):
    client.force_login(people["admin"])
    answer = client.post(url("torrentclient", "test", seeder.pk))
    assert answer.url == url("torrentclient", "change", seeder.pk)
    said = [str(one) for one in get_messages(answer.wsgi_request)]
    assert said[0].startswith("Box: ")
    assert PASSWORD not in " ".join(said)
    seeder.refresh_from_db()
    assert seeder.check_ok is False
    page = client.get(url("torrentclient", "changelist")).content.decode()
    assert "Test failed" in page


@pytest.mark.qbittorrent
def test_test_is_glad_about_a_client_that_answers(client, people, qbittorrent):
    row = TorrentClient.objects.create(
        name="Real",
        url=qbittorrent.url,
        username=qbittorrent.username,
        login={"password": qbittorrent.password},
    )
    client.force_login(people["admin"])
    client.post(url("torrentclient", "test", row.pk))
    row.refresh_from_db()
    assert row.check_ok is True
    page = client.get(url("torrentclient", "change", row.pk)).content.decode()
    assert ">Works<" in page


@pytest.mark.parametrize("role", ["viewer", "preparer", "approver"])
def test_who_may_only_look_has_no_login_fields_and_no_test(
    client, people, seeder, role
):
    client.force_login(people[role])
    change = url("torrentclient", "change", seeder.pk)
    page = client.get(change).content.decode()
    assert 'name="password"' not in page
    assert url("torrentclient", "test", seeder.pk) not in page
    assert client.post(change, form()).status_code == 403
    assert client.post(url("torrentclient", "test", seeder.pk)).status_code == 403
    assert client.get(url("torrentclient", "add")).status_code == 403


def test_test_answers_to_post_only(client, people, seeder):
    client.force_login(people["admin"])
    assert client.get(url("torrentclient", "test", seeder.pk)).status_code == 405


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"is_active": False}, "Off"),
        ({}, "Not tested"),
        ({"check_ok": True}, "Works"),
    ],
)
def test_the_list_says_how_a_client_stands(client, people, values, word):
    TorrentClient.objects.create(name="Box", url="http://127.0.0.1:9", **values)
    client.force_login(people["viewer"])
    page = client.get(url("torrentclient", "changelist")).content.decode()
    assert f">{word}<" in page


def test_a_password_that_cannot_be_decrypted_is_said_and_kept(
    client, people, seeder, settings
):
    before = seeder.login.token
    settings.HERALD_KEYS = {"text": f"other:{'B' * 43}="}
    client.force_login(people["admin"])
    change = url("torrentclient", "change", seeder.pk)
    assert b"cannot be decrypted" in client.get(change).content
    answer = client.post(change, form(password="typed-pa55word"))
    said = " ".join(map(str, get_messages(answer.wsgi_request)))
    assert "The password was not stored." in said
    answer = client.post(url("torrentclient", "test", seeder.pk))
    assert list(get_messages(answer.wsgi_request))
    seeder.refresh_from_db()
    assert seeder.login.token == before


# --- libraries -----------------------------------------------------------------------
def test_a_client_that_a_library_uses_stays(client, people, seeder):
    library = factories.LibraryFactory(name="Novels", torrent_client=seeder)
    client.force_login(people["admin"])
    delete = url("torrentclient", "delete", seeder.pk)
    chosen = {"action": "delete_selected", "_selected_action": [seeder.pk]}
    for page in (
        client.get(delete),
        client.post(url("torrentclient", "changelist"), chosen),
    ):
        text = page.content.decode()
        assert "Novels" in text
        assert "Choose another torrent client there first, or none." in text
    client.post(delete, {"post": "yes"})
    client.post(url("torrentclient", "changelist"), {**chosen, "post": "yes"})
    library.refresh_from_db()
    assert library.torrent_client == seeder


def test_a_client_that_no_library_uses_goes(client, people, seeder):
    client.force_login(people["admin"])
    client.post(url("torrentclient", "delete", seeder.pk), {"post": "yes"})
    assert not TorrentClient.objects.exists()


def library_form(path, **changes):
    values = {"name": "Books", "path": str(path), "torrent_client": ""}
    return {**values, "client_path": "", **changes}


def test_a_library_is_a_folder_that_is_there(client, people, tmp_path):
    client.force_login(people["admin"])
    add = url("library", "add")
    for path in ("relative/path", tmp_path / "missing"):
        page = client.post(add, library_form(path))
        assert page.status_code == 200
        assert b"Give the absolute path" in page.content or b"no such folder" in (
            page.content
        )
    assert client.post(add, library_form(tmp_path)).status_code == 302
    assert Library.objects.get().path == str(tmp_path)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"client_path": "downloads"}, "Give the whole path as the torrent client"),
        ({"client_path": "/downloads"}, "Choose the torrent client"),
    ],
)
def test_a_client_path_needs_a_client_and_to_be_whole(
    client, people, tmp_path, changes, sentence
):
    client.force_login(people["admin"])
    page = client.post(url("library", "add"), library_form(tmp_path, **changes))
    assert sentence in page.content.decode()


def test_the_list_links_to_the_releases_of_each_library(client, people):
    release = factories.ReleaseFactory()
    empty = factories.LibraryFactory()
    client.force_login(people["viewer"])
    page = client.get(url("library", "changelist")).content.decode()
    link = f"?library__id__exact={release.library_id}"
    assert link in page
    assert f"?library__id__exact={empty.pk}" not in page
    assert client.get(url("release", "changelist") + link).status_code == 200
