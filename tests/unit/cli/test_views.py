"""How an upload is told at the terminal, and its bar."""

import io

import pytest
from rich.console import Console

from uploads.cli.output import RichOutput, Row
from uploads.cli.views import STAGES, ReleaseView, UploadView
from uploads.models import Upload
from uploads.states import SEEDING_WORDS, Seeding


def upload(**changes):
    return UploadView(
        **{
            "id": 1,
            "release": 2,
            "release_title": "Book [b]",
            "tracker": "red",
            "status": "pending",
            "seeding": "",
            "seeding_message": "",
            "url": "",
            "reason": {"message": "No account is free.", "remedy": "Wait."},
            **changes,
        }
    )


@pytest.mark.parametrize(
    ("changes", "stage", "ended", "why"),
    [
        ({}, 0, False, "No account is free. Wait."),
        ({"status": "uploading", "reason": {}}, 1, False, ""),
        ({"status": "failed"}, 0, True, "No account is free. Wait."),
        ({"status": "success", "seeding": "waiting"}, 2, False, ""),
        ({"status": "success", "seeding": "added"}, 3, False, ""),
        ({"status": "success", "seeding": "confirmed"}, STAGES, True, ""),
        (
            {"status": "success", "seeding": "no_client", "seeding_message": "None."},
            *(2, True, "None."),
        ),
    ],
)
def test_where_an_upload_stands(changes, stage, ended, why):
    one = upload(**changes)
    assert (one.stage, one.has_ended, one.why) == (stage, ended, why)


def test_the_words_are_those_of_the_pages():
    assert dict(Upload.SeedingState.choices) == {
        state.value: words for state, words in SEEDING_WORDS.items()
    }
    assert {
        upload(status=value).status_words for value, _ in Upload.Status.choices
    } == {label for _, label in Upload.Status.choices}
    assert upload(seeding=Seeding.LOST).seeding_words == "Stopped"


def test_a_release_without_a_title_has_its_name():
    one = ReleaseView(id=1, name="folder", title="", kind="", state="new")
    assert str(one) == "folder"


def test_a_terminal_has_a_bar_for_each_tracker(monkeypatch):
    stream = io.StringIO()
    out = RichOutput(stream)
    out._console = Console(file=stream, force_terminal=True, width=120)
    out.progress({"phase": "hash", "done": 1, "total": 2})
    out.track(upload(), "a line")
    out.track(upload(id=2, tracker="ops\u202e", status="success", seeding="added"), "x")
    out.say("Meanwhile.")
    assert out._bar is not None
    out._bar.refresh()
    out.track(upload(status="uploading", reason={}), "another")
    out._bar.refresh()
    shown = stream.getvalue()
    for text in ("red  Book [b]", "ops\\u202e", "Added, not yet proven".lower()):
        assert text in shown.replace("\n", "")
    assert "Meanwhile." in shown
    out.table("Result", ["Tracker"], [Row(["red"])])
    assert out._bar is None
    out.close()
