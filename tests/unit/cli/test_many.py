"""Several releases in one command, and drafts that are mended on the way."""

from pathlib import Path

import pytest

from releases.models import Release
from tests.unit.cli.conftest import leave_year_out
from uploads.models import Upload
from uploads.services.drafting import drafts_renew

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def books(desk):
    """The folders of both of the demo's books."""
    return sorted(str(path) for path in Path(desk.library.path).iterdir())


def test_all_of_a_folder_goes_out(cli, books, desk, monkeypatch):
    monkeypatch.chdir(Path(desk.library.path).parent)
    said = cli("--each-in", "library", "--yes", "--trackers", "red")
    assert said.code == 0, said.text
    assert len(desk.sandbox.uploads("red")) == 2
    result = said.text[said.text.index("Result") :]
    assert "The Time Machine  red  Success" in result
    assert "A Tale of Two Cities  red  Success" in result


def test_a_list_of_paths(cli, books, tmp_path):
    (tmp_path / "list").write_text(f"\ufeff{books[0]}\n\n/etc\n{books[0]}\n")
    said = cli("--from-list", str(tmp_path / "list"), "--json", "--dry-run")
    assert said.code == 2
    (error,) = said.of("error")
    assert (error["path"], error["code"]) == ("/etc", "path_outside")
    assert len(said.of("release")) == 1
    assert said.events[-1] == {"event": "result", "ok": False, "exit_code": 2}


def test_a_list_on_the_standard_input(cli, books):
    said = cli("--from-list", "-", "--dry-run", "--json", answer="\n".join(books))
    assert said.code == 0, said.text
    assert len(said.of("release")) == 2


def test_one_that_fails_leaves_the_other_be(cli, books, desk):
    for file in Path(books[0]).iterdir():
        file.write_bytes(b"")
    said = cli(*books, "--yes", "--json")
    assert said.code == 1, said.text
    assert said.of("failed")[0]["code"] == "files_empty"
    assert {row["status"] for row in said.of("outcome")} == {"success"}
    assert len(desk.sandbox.uploads()) == 2


def test_one_that_comes_too_late_leaves_the_other_be(cli, books, desk):
    assert cli(books[0], "--yes", "--trackers", "red").code == 0
    said = cli(*books, "--yes", "--trackers", "red,ops", "--json")
    assert said.code == 2
    assert said.of("error")[0]["code"] == "release_approved"
    assert len(desk.sandbox.uploads("ops")) == 1


def test_what_changed_at_the_last_moment_leaves_the_other_be(cli, books, desk):
    def change():
        (Path(books[0]) / "new.txt").write_text("words")

    said = cli(*books, "--trackers", "red", answer="y\ny\n", meanwhile=change)
    assert said.code == 2
    assert f"{books[0]}: " in said.text
    assert "It is being prepared again" in said.text
    assert len(desk.sandbox.uploads("red")) == 1


def test_ctrl_c_at_the_second_question(cli, books, desk):
    questions = iter([None, KeyboardInterrupt])

    def think():
        what = next(questions)
        if what:
            raise what

    said = cli(*books, "--trackers", "red", answer="y\n", meanwhile=think)
    assert said.code == 3
    last = said.text.splitlines()[-1]
    assert last == "Stopped. Nothing more was approved or sent."
    assert Upload.objects.filter(status="pending").count() == 1


def test_what_a_field_can_mend_is_asked_for(cli, book, desk):
    assert cli(str(book), "--trackers", "red", "--dry-run").code == 0
    release = Release.objects.get()
    leave_year_out(release)
    drafts_renew(release.pk)
    said = cli(str(book), "--trackers", "red", answer="long ago\n1895\ny\n")
    assert said.code == 0, said.text
    assert said.text.count("red: The year is missing; the site asks for it.") == 2
    assert Release.objects.get().overrides["year"] == 1895
    assert len(desk.sandbox.uploads("red")) == 1


def test_what_is_left_empty_waits_for_a_person(cli, book, desk):
    cli(str(book), "--trackers", "red", "--dry-run")
    release = Release.objects.get()
    leave_year_out(release)
    said = cli(str(book), "--trackers", "red", answer="\n")
    assert said.code == 3
    assert "Every draft has problems" in said.text
    assert desk.sandbox.uploads() == []
