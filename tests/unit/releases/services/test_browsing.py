"""Looking into folders: what is said of them, and that nothing leads out."""

import os

import pytest

from releases.ingest.errors import IngestError
from releases.services import browsing
from releases.services.browsing import folder_list, folder_readable, folder_survey
from tests import factories


@pytest.fixture
def books(tmp_path):
    top = tmp_path / "books"
    for name in ("Book 10", "Book 2", ".hidden"):
        (top / name / "CD 1").mkdir(parents=True)
        (top / name / "a.mp3").touch()
        (top / name / "CD 1" / "b.mp3").touch()
    (top / "single.m4b").touch()
    (top / "notes.txt").touch()
    (top / os.fsdecode(b"broken-\xff")).mkdir()
    return top


@pytest.fixture
def library(books, db):
    return factories.LibraryFactory(name="Books", path=str(books))


def test_a_survey_counts_folders_and_audio_and_leaves_out_the_hidden(books):
    found = folder_survey(str(books))
    assert (found.folders, found.audio, found.others) == (4, 5, 1)
    assert found.is_whole


def test_a_survey_ends_and_says_so(books, monkeypatch):
    monkeypatch.setattr(browsing, "MOST_SEEN", 1)
    assert not folder_survey(str(books)).is_whole


def test_what_goes_away_during_a_survey_is_counted(books, monkeypatch):
    whole = os.scandir

    def shaky(folder):
        if str(folder).endswith("CD 1"):
            raise PermissionError(13, "Permission denied", folder)
        return whole(folder)

    monkeypatch.setattr(os, "scandir", shaky)
    assert folder_survey(str(books)).unreadable == 2


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "No path was given"),
        ("books", "not an absolute path"),
        ("{top}/absent", "There is nothing at"),
        ("{top}/notes.txt", "is a file"),
    ],
)
def test_a_survey_says_what_is_wrong(books, path, words):
    with pytest.raises(IngestError, match=words):
        folder_survey(path.format(top=books))


def test_a_folder_that_may_not_be_read_names_the_user_and_the_remedy(
    books, monkeypatch
):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(IngestError, match="setfacl -R -m u:") as told:
        folder_survey(str(books))
    assert told.value.code == "folder_unreadable"
    assert not folder_readable(str(books))


def test_a_user_without_a_name_is_called_by_the_number(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 4_000_000_000)
    assert browsing._user() == "4000000000"


def test_a_listing_has_folders_and_audio_in_natural_order(library, books):
    found = folder_list(str(books))
    assert [(one.name, one.audio) for one in found.entries] == [
        ("Book 2", 1),
        ("Book 10", 1),
        ("single.m4b", 1),
    ]
    assert found.way == [("Books", str(books))]
    inner = folder_list(str(books / "Book 2"))
    assert [one.name for one in inner.entries] == ["a.mp3", "CD 1"]
    assert inner.way == [("Books", str(books)), ("Book 2", str(books / "Book 2"))]


def test_a_long_listing_is_cut_and_says_how_many_are_left(library, books, monkeypatch):
    monkeypatch.setattr(browsing, "MOST_LISTED", 1)
    found = folder_list(str(books))
    assert (len(found.entries), found.left) == (1, 2)


def test_links_out_of_the_library_are_not_shown_and_not_followed(
    library, books, tmp_path
):
    (tmp_path / "secret").mkdir()
    (books / "way out").symlink_to(tmp_path / "secret")
    (books / "way in").symlink_to(books / "Book 2")
    names = [one.name for one in folder_list(str(books)).entries]
    assert "way out" not in names
    assert "way in" in names
    for path in (books / "way out", tmp_path, books / ".."):
        with pytest.raises(IngestError, match="no folder in a library"):
            folder_list(str(path))


def test_a_file_cannot_be_listed(library, books):
    with pytest.raises(IngestError, match="cannot be read"):
        folder_list(str(books / "single.m4b"))


def test_a_folder_that_cannot_be_counted_counts_nothing(books):
    assert browsing._audio_in(str(books / "absent")) == 0
