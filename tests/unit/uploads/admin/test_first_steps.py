"""The first steps: each is done in its place, and only when it is really true."""

import pytest
from django.urls import reverse

from releases.models import Library, Release, TorrentClient
from tests import factories
from trackers.models import Credential, Tracker
from trackers.services.seeds import trackers_seed

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
STEPS = ("look", "library", "client", "later", "sites", "account", "release")


@pytest.fixture
def admin(client, people):
    client.force_login(people["admin"])
    return client


@pytest.fixture
def books(tmp_path):
    folder = tmp_path / "books"
    (folder / "Author - Title").mkdir(parents=True)
    (folder / "Author - Title" / "one.m4b").write_bytes(b"x" * 100)
    return folder


def send(client, step, **values):
    return client.post(reverse(f"admin:first_steps_{step}"), values, headers=HTMX)


def done(answer):
    return [step.name for step in answer.context["first"].steps if step.done]


def test_without_htmx_each_answer_is_the_whole_page(admin, books):
    page = admin.get(reverse("admin:first_steps"))
    assert b"<html" in page.content
    assert b"0 of 4 done" in page.content
    answer = admin.post(reverse("admin:first_steps_library"), {"path": str(books)})
    assert b"<html" in answer.content
    assert done(answer) == ["library"]


@pytest.mark.parametrize("role", ["viewer", "preparer", "approver"])
def test_who_may_not_do_a_step_is_refused(client, people, role, books):
    client.force_login(people[role])
    assert client.get(reverse("admin:first_steps")).status_code == 200
    for name in ("library", "client", "sites", "account"):
        assert send(client, name, path=str(books)).status_code == 403, name
    assert client.get(reverse("admin:first_steps_look")).status_code == 403
    assert not Library.objects.exists()


def test_strangers_are_sent_to_the_login(client):
    for name in STEPS:
        assert client.get(reverse(f"admin:first_steps_{name}")).status_code == 302


# --- library ---------------------------------------------------------------------------
def test_a_folder_is_looked_into_before_anything_is_stored(admin, books):
    url = reverse("admin:first_steps_look")
    text = admin.get(url, {"path": str(books)}).content.decode()
    assert "1 folder and 1 audio file" in text
    assert "There is nothing at" in admin.get(url, {"path": "/absent"}).content.decode()
    assert admin.get(url, {"path": " "}).content.strip() == b""
    assert not Library.objects.exists()


def test_an_empty_folder_is_questioned(admin, tmp_path):
    url = reverse("admin:first_steps_look")
    text = admin.get(url, {"path": str(tmp_path)}).content.decode()
    assert "No audio file was seen" in text


def test_what_a_short_look_left_out_is_said(admin, books, monkeypatch):
    from releases.services import browsing

    monkeypatch.setattr(browsing, "MOST_SEEN", 0)
    url = reverse("admin:first_steps_look")
    assert b"There is more" in admin.get(url, {"path": str(books)}).content


def test_a_wrong_folder_keeps_what_was_typed(admin):
    text = send(admin, "library", path="/absent", name="Mine").content.decode()
    assert "There is nothing at /absent" in text
    assert 'value="/absent"' in text
    assert 'value="Mine"' in text


def test_a_name_is_made_from_the_folder_and_must_be_new(admin, books):
    factories.LibraryFactory(name="taken", path="/proc/nowhere")
    text = send(admin, "library", path=str(books), name="taken")
    assert b"Another library has this name already." in text.content
    assert done(send(admin, "library", path=str(books))) == ["library"]
    assert Library.objects.filter(name="books").exists()


def test_a_library_whose_folder_went_away_is_not_done(admin):
    factories.LibraryFactory(path="/proc/nowhere")
    answer = admin.get(reverse("admin:first_steps"))
    assert done(answer) == []
    assert b"cannot be read" in answer.content


# --- torrent client --------------------------------------------------------------------
def test_a_silent_client_is_kept_switched_off_with_what_was_typed(admin, books):
    factories.LibraryFactory(path=str(books))
    answer = send(
        admin, "client", url="http://127.0.0.1:9", username="me", password="p"
    )
    client = TorrentClient.objects.get()
    assert not client.is_active
    assert client.login["password"] == "p"
    assert Library.objects.get().torrent_client is None
    assert done(answer) == ["library"]
    assert not answer.context["first"].said["client"].ok
    assert b'value="me"' in answer.content


def test_what_a_client_s_last_test_said_is_told_later_too(admin):
    TorrentClient.objects.create(
        name="qBittorrent",
        url="http://127.0.0.1:9",
        check_ok=False,
        check_message="It is <away>.",
    )
    page = admin.get(reverse("admin:first_steps")).content.decode()
    assert "It is &lt;away&gt;." in page


def test_a_client_s_odd_address_and_folder_are_refused_in_place(admin, books):
    factories.LibraryFactory(path=str(books))
    answer = send(admin, "client", url="nonsense", client_path="relative")
    errors = answer.context["first"].client.errors
    assert set(errors) == {"url", "client_path"}
    assert not TorrentClient.objects.exists()


def test_the_client_can_be_put_off_and_taken_up_again(admin):
    answer = send(admin, "later")
    assert answer.context["first"].steps[1].later
    assert answer.context["first"].current == "library"
    assert not send(admin, "later").context["first"].steps[1].later


# --- tracker ---------------------------------------------------------------------------
def test_the_known_sites_are_added_for_real_or_to_rehearse(admin, sandbox):
    wrong = send(admin, "sites", where="sandbox", address="nonsense")
    assert "address" in wrong.context["first"].sites.errors
    assert not Tracker.objects.exists()
    send(admin, "sites", where="sandbox", address=sandbox.origin)
    assert Tracker.objects.get(slug="red").base_url == f"{sandbox.origin}/red"
    Tracker.objects.all().delete()
    answer = send(admin, "sites", where="real")
    assert Tracker.objects.get(slug="red").base_url == "https://redacted.sh"
    assert "added" in answer.context["first"].said["tracker"].message


def test_an_address_without_a_sandbox_is_refused_beside_the_field(admin, sandbox):
    for address, problem in (
        ("http://127.0.0.1:1", "Nothing answers at http://127.0.0.1:1. Start it with"),
        (f"{sandbox.origin}/red", f"answers at {sandbox.origin}/red is not the sand"),
    ):
        answer = send(admin, "sites", where="sandbox", address=address)
        form = answer.context["first"].sites
        assert problem in form.errors["address"][0]
        assert form["where"].value() == "sandbox"
        assert f'value="{address}"' in answer.content.decode()
    assert not Tracker.objects.exists()


def test_whoever_rehearses_is_led_to_the_keys(admin):
    link = 'href="http://127.0.0.1:8700/accounts#red"'
    page = reverse("admin:first_steps")
    trackers_seed(sandbox_url="http://127.0.0.1:8700")
    red = Tracker.objects.get(slug="red")
    assert link in admin.get(page, {"tracker": red.pk}).content.decode()
    Tracker.objects.filter(pk=red.pk).update(base_url="https://redacted.sh")
    assert "/accounts" not in admin.get(page, {"tracker": red.pk}).content.decode()


def test_a_choice_that_is_none_is_refused_in_place(admin):
    assert "where" in send(admin, "sites", where="mars").context["first"].sites.errors


def test_the_form_has_just_what_the_family_asks_for(admin):
    trackers_seed()
    red = Tracker.objects.get(slug="red")
    answer = admin.get(reverse("admin:first_steps"), {"tracker": red.pk})
    fields = list(answer.context["first"].account.fields)
    assert fields == ["label", "value_api_key", "value_passkey"]
    none = admin.get(reverse("admin:first_steps"), {"tracker": "99999"})
    assert none.context["first"].account is None


def test_an_account_without_a_tracker_is_asked_for_one(admin):
    trackers_seed()
    answer = send(admin, "account", label="me")
    assert answer.context["first"].said["tracker"].message == "Choose a tracker first."


def test_an_account_is_done_when_its_tracker_knows_it(admin, sandbox):
    trackers_seed(sandbox_url=sandbox.origin)
    red = Tracker.objects.get(slug="red")
    missing = send(admin, "account", tracker=red.pk, label="me")
    assert "value_api_key" in missing.context["first"].account.errors

    wrong = send(admin, "account", tracker=red.pk, label="me", value_api_key="nope")
    assert done(wrong) == []
    assert not wrong.context["first"].said["tracker"].ok
    assert b'value="me"' in wrong.content

    key = sandbox.key("red")
    right = send(admin, "account", tracker=red.pk, label="me", value_api_key=key)
    assert done(right) == ["tracker"]
    assert right.context["first"].account is None
    assert Credential.objects.get().check_ok
    assert key not in right.content.decode()


# --- release ---------------------------------------------------------------------------
@pytest.fixture
def ready(books):
    factories.LibraryFactory(path=str(books), name="Books")
    factories.CredentialFactory(check_ok=True)
    return books


def test_the_library_s_folders_can_be_walked(admin, ready):
    page = admin.get(reverse("admin:first_steps"))
    assert "Author - Title" in page.content.decode()
    inner = admin.get(
        reverse("admin:first_steps"), {"folder": str(ready / "Author - Title")}
    )
    assert "one.m4b" in inner.content.decode()
    outside = admin.get(reverse("admin:first_steps"), {"folder": "/etc"})
    assert "no folder in a library" in outside.content.decode()


@pytest.mark.parametrize("field", ["folder", "typed"])
def test_a_chosen_folder_becomes_a_release_and_its_page_opens(admin, ready, field):
    answer = send(admin, "release", **{field: str(ready / "Author - Title")})
    release = Release.objects.get()
    page = reverse("admin:releases_release_change", args=[release.pk])
    assert answer.headers["HX-Redirect"] == page
    assert "Look at it and approve" in admin.get("/admin/first-steps/").content.decode()


def test_without_htmx_the_release_s_page_opens_too(admin, ready):
    path = str(ready / "Author - Title")
    answer = admin.post(reverse("admin:first_steps_release"), {"folder": path})
    assert answer.status_code == 302


def test_a_wrong_path_is_told_where_it_was_typed(admin, ready):
    typed = send(admin, "release", typed="/elsewhere")
    assert "outside every library" in typed.context["first"].release.errors["typed"][0]
    chosen = send(admin, "release", folder="/elsewhere")
    assert "outside every library" in chosen.content.decode()
    assert b"Choose a folder in the list" in send(admin, "release").content


def test_the_page_asks_as_much_for_few_rows_as_for_many(
    admin, ready, django_assert_max_num_queries
):
    for _ in range(12):
        factories.CredentialFactory()
        factories.LibraryFactory()
    with django_assert_max_num_queries(30):
        admin.get(reverse("admin:first_steps"))
