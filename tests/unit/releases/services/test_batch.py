"""Many paths at once: each has its own answer."""

import os
from pathlib import Path

import pytest

from common.errors import AppError
from releases.models import Library, Release
from releases.services import batch
from releases.services.batch import batch_add, batch_create, batch_look

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(folder):
    path = folder.with_name("Second")
    path.mkdir()
    (path / "a.mp3").write_bytes(b"audio")
    return path


def results(answers):
    return {Path(one.path).name: one.result for one in answers}


def test_each_path_has_its_own_answer(folder, second):
    made = batch_create([str(folder)], targets=["red"])
    (known,) = made
    assert (known.result, known.message) == ("created", "")
    assert Release.objects.get().targets == ["red"]
    answers = batch_create([str(folder), str(second), str(second), "/etc", "no"])
    assert [one.result for one in answers] == [
        *("exists", "created", "refused", "refused")
    ]
    exists, created, outside, relative = answers
    assert exists.release == known.release
    assert exists.message == f"{folder} is release {known.release} already."
    assert created.release == Release.objects.get(name="Second").pk
    assert (outside.code, relative.code) == ("path_outside", "path_relative")
    assert "lies outside every library" in outside.message


def test_all_that_lies_in_a_folder(folder, second, library):
    (second.with_name("Empty")).mkdir()
    (second.with_name("notes.txt")).write_bytes(b"words")
    batch_create([str(second)])
    answers = batch_add(parent=library.path)
    assert results(answers) == {
        folder.name: "created",
        "Empty": "refused",
        "notes.txt": "refused",
        "Second": "exists",
    }
    assert {one.code for one in answers} == {
        *("", "folder_empty", "no_media", "release_exists")
    }
    assert set(results(batch_add(parent=library.path)).values()) == {
        "exists",
        "refused",
    }


def test_a_preview_makes_nothing(folder, second, library):
    answers = batch_add(parent=library.path, preview=True)
    assert set(results(answers).values()) == {"found"}
    answers = batch_add(paths=[str(folder), "/etc"], preview=True)
    assert [one.result for one in answers] == ["found", "refused"]
    assert not Release.objects.exists()


def test_what_was_not_looked_into_in_time_can_still_be_added(
    folder, library, monkeypatch
):
    monkeypatch.setattr(batch, "LOOK_S", -1.0)
    (answer,) = batch_add(parent=library.path, preview=True)
    assert answer.result == "found"
    assert answer.message.startswith("Not looked into")


def test_names_that_are_no_text_are_told(folder, library):
    (Path(library.path) / os.fsdecode(b"caf\xe9")).mkdir()
    answers = batch_add(parent=library.path)
    bad = next(one for one in answers if one.result == "refused")
    assert bad.code == "name_not_utf8"
    bad.path.encode()


def test_the_client_may_name_the_paths(folder, library):
    Library.objects.update(client_path="D:\\media")
    (answer,) = batch_look([f"D:\\media\\{folder.name}"])
    assert answer.result == "found"
    (answer,) = batch_add(parent="D:\\media", preview=True)
    assert answer.path == str(folder)


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"paths": []}, "batch_empty"),
        ({"paths": [f"/{n}" for n in range(501)]}, "batch_too_large"),
        ({"paths": ["/x"], "kind": "wrong"}, "kind_unknown"),
        ({"parent": "/nowhere"}, "path_outside"),
    ],
)
def test_a_wrong_wish_is_refused_as_a_whole(library, wish, code):
    with pytest.raises(AppError) as caught:
        batch_add(**wish)
    assert caught.value.code == code


def test_an_empty_folder_has_nothing_to_add(library):
    with pytest.raises(AppError, match="There is nothing to add"):
        batch_add(parent=library.path)
