"""What is asked at the terminal, and what an answer becomes."""

import io
import sys

import pytest

from releases.metadata.vocabulary import VOCABULARY
from uploads.cli.output import PlainOutput
from uploads.cli.publishing import _question
from uploads.cli.questions import Person, _value
from uploads.cli.views import TrackerView, UploadView

THERE = [
    TrackerView(slug="ops", name="Orpheus"),
    TrackerView(slug="red", name="Redacted"),
]


def draft(*problems, tracker="red", duplicates=()):
    return UploadView(
        id=1,
        release=1,
        release_title="Book",
        tracker=tracker,
        status="draft",
        seeding="",
        seeding_message="",
        url="",
        reason={},
        problems=problems,
        duplicates=duplicates,
    )


def problem(field, message="It is empty.", severity="error"):
    return {"field": field, "message": message, "severity": severity, "code": "x"}


@pytest.fixture
def person(monkeypatch):
    """`person("answer\\n…")`: somebody who types that, and what they are shown."""

    def sit(answers, *, as_json=False, there=True):
        typed = io.StringIO(answers)
        monkeypatch.setattr(typed, "isatty", lambda: there)
        monkeypatch.setattr(sys, "stdin", typed)
        shown = io.StringIO()
        return Person(PlainOutput(shown), as_json=as_json), shown

    return sit


@pytest.mark.parametrize(
    ("answers", "chosen"),
    [
        ("\n", []),
        ("", []),
        ("2\n", ["red"]),
        ("red, 1\n", ["red", "ops"]),
        ("2 2\n", ["red"]),
        ("3\n0\nbtn\nops\n", ["ops"]),
    ],
)
def test_trackers_by_number_or_name(person, answers, chosen):
    asked, shown = person(answers)
    assert asked.trackers(THERE) == chosen
    assert "  2. red  Redacted" in shown.getvalue()
    wrong = len(answers.splitlines()) - 1
    assert shown.getvalue().count("That is not on the list.") == max(wrong, 0)


def test_one_tracker_is_no_question(person):
    asked, shown = person("")
    assert asked.trackers(THERE[:1]) == []
    assert shown.getvalue() == ""


def test_only_what_a_field_can_mend_is_asked_for(person):
    asked, shown = person("A Title\n\nclassic; ; scifi\nAnn; Bob\n")
    given = asked.fields(
        [
            draft(
                problem("title"),
                problem("description"),
                problem("tags"),
                problem("files"),  # no field of metadata
                problem("year", severity="warning"),
                problem("chapters"),  # no one types chapters in a line
                problem("audio"),  # only files know it
            ),
            draft(problem("title", "No title."), problem("authors"), tracker="ops"),
        ]
    )
    assert given == {
        "title": "A Title",
        "tags": ["classic", "scifi"],
        "authors": [{"name": "Ann"}, {"name": "Bob"}],
    }
    text = shown.getvalue()
    assert "red: It is empty.\nops: No title." in text
    assert "Description [leave it]:" in text
    assert "Authors, separated by semicolons [leave it]:" in text
    assert "Year" not in text


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [("year", "1895", 1895), ("year", "long ago", "long ago"), ("isbn", "1", "1")],
)
def test_what_was_typed_takes_the_fields_shape(name, text, value):
    assert _value(VOCABULARY[name], text) == value


def test_who_may_be_asked_what(person):
    asked, _ = person("y\n", as_json=True)
    assert (asked.is_there, asked.helps, asked.agrees("Well?")) == (True, False, True)
    asked, _ = person("Yes\n")
    assert (asked.helps, asked.agrees("Well?")) == (True, True)
    asked, shown = person("y\n", there=False)
    assert (asked.helps, asked.agrees("Well?")) == (False, False)
    assert shown.getvalue() == ""


@pytest.mark.parametrize(
    ("drafts", "more"),
    [
        ([draft()], ""),
        ([draft(problem("title", severity="warning"))], " in spite of 1 warning"),
        (
            [
                draft(problem("x", severity="warning"), duplicates=[{"message": "x"}]),
                draft(problem("title")),
            ],
            " in spite of 2 warnings",
        ),
    ],
)
def test_the_last_question_names_the_warnings(drafts, more):
    assert _question(drafts) == f"Approve and upload to these trackers{more}?"
