"""An update of a full database: each edit is one row, and is undone as before."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from releases.models import Release
from releases.services.edits import release_undo

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = [("releases", "0009_remember_acts")]
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def migrate(targets):
    MigrationExecutor(connection).migrate(targets)


@pytest.fixture
def old():
    """Gives rows of a model as they were when there were two tables."""
    try:
        migrate(BEFORE)
        apps = MigrationExecutor(connection).loader.project_state(BEFORE).apps

        def make(model, minute=0.0, /, **values):
            rows = apps.get_model("releases", model).objects
            row = rows.create(**values)
            if model in ("ReleaseAct", "MetadataEdit"):
                at = NOON + timedelta(minutes=minute)
                rows.filter(pk=row.pk).update(created_at=at)
            return row

        make.apps = apps  # type: ignore[attr-defined]
        yield make
    finally:
        newest()


def newest():
    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())


def release(old, title):
    library, _ = old.apps.get_model("releases", "Library").objects.get_or_create(
        name="Books", path="/srv/books"
    )
    return old(
        "Release",
        library=library,
        source_path=title,
        name=title,
        state="ready",
        overrides={"title": title},
    )


def told(title, was=""):
    return [{"field": "title", "old": was, "new": title}]


def test_edits_join_their_acts_and_stay_to_be_undone(old):
    book = release(old, "Two")
    person = old.apps.get_model("auth", "User").objects.create(username="ada")

    def edited(minute, was, now, actor=person, **more):
        acts = {"release": book, "actor": actor, "what": "metadata"}
        old("ReleaseAct", minute, **acts, changes=told(now, was))
        return old(
            "MetadataEdit",
            minute + 0.001,
            release=book,
            actor=actor,
            before={"title": {"value": was} if was else {}},
            after={"title": {"value": now}},
            **more,
        )

    edited(0, "", "One")
    edited(1, "One", "Oops", actor=None, undone_at=NOON)
    # The undo is an act that nobody undoes.
    undo = {"release": book, "actor": None, "what": "metadata"}
    old("ReleaseAct", 2, **undo, changes=told("One", "Oops"))
    edited(3, "One", "Two")
    old("ReleaseAct", 4, release=book, actor=person, what="prepare", changes=[])
    other = release(old, "Other")
    old("ReleaseAct", 3, release=other, what="metadata", changes=told("Other"))
    count = old.apps.get_model("releases", "ReleaseAct").objects.count()

    newest()

    acts = list(Release.objects.get(pk=book.pk).acts.all())
    assert [(one.what, one.before, bool(one.undone_at)) for one in acts] == [
        ("metadata", {"title": {}}, False),
        ("metadata", {"title": {"value": "One"}}, True),
        ("metadata", None, False),
        ("metadata", {"title": {"value": "One"}}, False),
        ("prepare", None, False),
    ]
    assert acts[3].after == {"title": {"value": "Two"}}
    assert acts[0].actor_id == person.pk
    assert acts[0].created_at == NOON
    assert not Release.objects.get(pk=other.pk).acts.edits().exists()
    assert count == 6
    last = acts[3].pk
    assert release_undo(release_id=book.pk, edit_id=last, actor_id=None) == ["Title"]
    assert Release.objects.get(pk=book.pk).overrides == {"title": "One"}


def test_edits_of_before_there_were_acts_come_first_with_their_values(old):
    book = release(old, "Two")
    old("ReleaseAct", 9, release=book, what="metadata", changes=told("Two", "One"))
    long = [{"title": "x" * 900}]
    for minute, before, after in (
        (0, {"title": {}, "chapters": {}}, {"title": {"value": "One"}}),
        (1, {"chapters": {"value": None}}, {"chapters": {"value": long}}),
        (9, {"title": {"value": "One"}}, {"title": {"value": "Two"}}),
    ):
        old("MetadataEdit", minute, release=book, before=before, after=after)

    newest()

    acts = list(Release.objects.get(pk=book.pk).acts.all())
    minutes = [(one.created_at - NOON).total_seconds() / 60 for one in acts]
    assert minutes == [0, 1, 9]
    assert acts[0].changes == [
        {"field": "title", "old": "", "new": "One"},
        {"field": "chapters", "old": "", "new": ""},
    ]
    (change,) = acts[1].changes
    assert (change["old"], len(change["new"])) == ("", 500)
    assert acts[2].changes == told("Two", "One")
    assert [one.pk for one in Release.objects.get(pk=book.pk).acts.edits()] == [
        one.pk for one in reversed(acts)
    ]
