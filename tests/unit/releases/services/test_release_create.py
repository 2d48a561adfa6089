"""From a path to a release; each bad path with the sentence a person gets."""

import os
from pathlib import Path

import pytest

from common.errors import AppError
from releases.models import Library, Release, ReleaseEvent
from releases.services.ingest import release_create
from releases.services.locating import locate
from tests import factories

pytestmark = pytest.mark.django_db


def refusal(path, **wishes):
    with pytest.raises(AppError) as caught:
        release_create(path=str(path), **wishes)
    assert not Release.objects.exists()
    return caught.value.code, caught.value.message


def test_a_folder_becomes_a_new_release(folder):
    release = release_create(path=str(folder), targets=["red"])
    assert (release.state, release.name, release.source_path) == (
        "new",
        folder.name,
        folder.name,
    )
    assert release.targets == ["red"]
    event = ReleaseEvent.objects.get(release=release)
    assert (event.old, event.new, event.actor) == ("", "new", None)


def test_preparation_is_queued_once_the_row_is_committed(
    folder, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as callbacks:
        release_create(path=str(folder))
    assert len(callbacks) == 1


def test_who_made_it_is_kept(folder):
    person = factories.UserFactory()
    release = release_create(path=str(folder), actor_id=person.pk)
    assert release.created_by == person
    assert release.events.get().actor == person


def test_an_asin_of_a_person_is_insisted_on(folder):
    release = release_create(path=str(folder), asin=" b0herald01 ")
    assert release.asin == "B0HERALD01"
    assert release.overrides == {"asin": "B0HERALD01"}


def test_a_single_file_becomes_a_release(folder):
    assert release_create(path=str(folder / "01.mp3")).name == "01.mp3"


def test_a_link_inside_the_library_is_taken_as_what_it_names(folder):
    (folder.parent / "alias").symlink_to(folder)
    assert release_create(path=str(folder.parent / "alias")).name == folder.name


def test_of_nested_libraries_the_inner_one_counts(folder):
    inner = Library.objects.create(name="Inner", path=str(folder))
    assert locate(str(folder / "01.mp3")) == (inner, "01.mp3")


def test_the_same_path_twice_names_the_first_release(folder):
    first = release_create(path=str(folder))
    with pytest.raises(AppError) as caught:
        release_create(path=f"{folder}/")
    assert caught.value.code == "release_exists"
    assert caught.value.extra == {"release": first.pk}
    assert caught.value.message == (
        f"{folder}/ is release {first.pk} already ({folder.name}). "
        "Open it and prepare it again if its files changed."
    )
    assert Release.objects.count() == 1


def test_a_path_that_is_not_there(folder):
    gone = folder.parent / "gone"
    assert refusal(gone) == (
        "path_not_found",
        f"There is nothing at {gone}, or Herald may not look there. "
        "Check the spelling and the folder's rights.",
    )


def test_a_name_of_300_bytes(folder):
    code, message = refusal(folder.parent / ("x" * 300))
    assert code == "path_not_found"
    assert "…" in message


def test_a_path_outside_every_library(library):
    assert refusal("/etc/passwd") == (
        "path_outside",
        "/etc/passwd lies outside every library. Add its folder as a library in the "
        "admin, or move the release into one.",
    )


@pytest.mark.parametrize("path", ["/etc/passwd", "/etc/not-there", "/root/.ssh"])
def test_what_lies_outside_is_not_told(library, path):
    assert refusal(path)[0] == "path_outside"


def test_dots_do_not_lead_out(library, folder):
    assert refusal(f"{library.path}/../../../etc/passwd")[0] == "path_outside"


def test_a_link_out_of_the_library(folder):
    link = folder.parent / "out"
    link.symlink_to("/etc")
    sentence = (
        f"{link} leads out of its library by a link. Move the release itself into "
        "the library."
    )
    assert refusal(link) == ("link_outside", sentence)
    assert refusal(link / "passwd")[0] == "link_outside"


def test_the_library_itself(library):
    assert refusal(library.path) == (
        "path_is_library",
        f"{library.path} is the library Books itself. Choose one release inside it.",
    )


def test_without_any_library(db, tmp_path):
    assert refusal(tmp_path)[0] == "path_outside"


def test_a_library_whose_folder_is_gone(folder):
    Library.objects.update(path="/mnt/unplugged")
    assert refusal(folder)[0] == "path_outside"
    assert refusal("/mnt/unplugged/Book")[0] == "path_not_found"


def test_a_path_that_the_database_could_not_hold(folder, monkeypatch):
    monkeypatch.chdir(folder)
    deep = str(folder)
    for _ in range(9):
        os.mkdir("x" * 250)  # noqa: PTH102 - pathlib would need the whole path
        os.chdir("x" * 250)
        deep += "/" + "x" * 250
    code, message = refusal(deep)
    assert code == "path_too_long"
    assert message.endswith(
        "is longer than 2000 characters inside its library. Move the release nearer "
        "to the library's top."
    )


def test_what_is_no_asin(folder):
    assert refusal(folder, asin="978-3") == (
        "asin_invalid",
        "978-3 is not an ASIN. It has ten letters and digits, such as B0HERALD01.",
    )


def test_an_unknown_kind(folder):
    assert refusal(folder, kind="tape") == (
        "kind_unknown",
        "tape is not a kind of release. Choose one of audiobook, music, tv, film, "
        "other.",
    )


# --- Paths as a torrent client names them ---------------------------------------------


@pytest.mark.parametrize(
    ("client_path", "path"),
    [
        ("/downloads", "/downloads/{}"),
        ("D:\\media", "d:\\media\\{}"),
        ("\\\\nas\\media", "\\\\nas\\media\\{}"),
    ],
)
def test_a_path_as_the_client_names_it(folder, library, client_path, path):
    Library.objects.update(client_path=client_path)
    release = release_create(path=path.format(folder.name))
    assert (release.library, release.source_path) == (library, folder.name)


def test_our_own_names_come_before_those_of_a_client(folder, library, tmp_path):
    other = tmp_path / "other"
    (other / folder.name).mkdir(parents=True)
    Library.objects.create(name="Other", path=str(other), client_path=library.path)
    assert locate(str(folder))[0] == library
    # What is not here may still be what the client means.
    (other / "Only there").mkdir()
    found, inside = locate(f"{library.path}/Only there")
    assert (found.name, inside) == ("Other", "Only there")


def test_a_client_path_that_is_not_there_is_told_as_ours(library):
    Library.objects.update(client_path="/downloads")
    assert refusal("/downloads/Gone") == (
        "path_not_found",
        f"There is nothing at {library.path}/Gone, or Herald may not look there. "
        "Check the spelling and the folder's rights.",
    )
    assert refusal("/downloads/../etc")[0] == "path_outside"
    assert refusal("/downloads")[0] == "path_is_library"


def test_the_client_leads_nowhere_else(library, tmp_path):
    (tmp_path / "outside").mkdir()
    Path(library.path, "link").symlink_to(tmp_path / "outside")
    Library.objects.update(client_path="/downloads")
    assert refusal("/downloads/link")[0] == "link_outside"
