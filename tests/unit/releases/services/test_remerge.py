"""What a person insists on, and what follows from it."""

import pytest

from releases.errors import ReleaseError
from releases.models import Release
from releases.services.remerge import release_override
from releases.signals import release_changed
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    """What the signal release_changed has told."""
    told = []

    def listen(**kwargs):
        told.append((kwargs["release_id"], kwargs["reason"], kwargs["actor_id"]))

    release_changed.connect(listen, weak=False)
    yield told
    release_changed.disconnect(listen)


def edit(release, changes=None, revert=(), actor=None):
    return release_override(
        release_id=release.pk,
        changes=changes or {},
        revert=revert,
        actor_id=actor.pk if actor else None,
    )


def test_a_persons_value_wins_and_says_so(folder, prepare, heard):
    person = factories.UserFactory()
    release = prepare(folder)
    revision = release.revision
    release = edit(release, {"title": "  Better\u00a0title "}, actor=person)
    assert release.title == "Better title"
    assert release.metadata["title"]["source"] == "person"
    assert release.metadata["title"]["alternatives"] == [
        {"source": "names", "value": "A Title"}
    ]
    assert release.revision == revision + 1
    assert heard == [(release.pk, "Edited by hand: title.", person.pk)]


def test_null_leaves_a_field_out(folder, prepare):
    release = edit(prepare(folder), {"title": None})
    assert "title" not in release.metadata
    assert str(release) == folder.name


def test_reverting_asks_the_sources_again(folder, prepare):
    release = edit(prepare(folder), {"title": "Better"})
    release = edit(release, revert=["title"])
    assert (release.title, release.overrides) == ("A Title", {})


@pytest.mark.parametrize("state", ["approved", "published", "rejected"])
def test_what_was_decided_must_be_decided_again(state, folder, prepare):
    release = prepare(folder)
    Release.objects.update(state=state)
    release = edit(release, {"title": "Better"})
    assert release.state == "ready"
    assert release.events.last().reason == "Edited by hand: title."


def test_html_is_made_safe(folder, prepare):
    release = edit(
        prepare(folder),
        {"description_html": "<p onclick=x>Hi<script>alert(1)</script></p>"},
    )
    assert release.metadata["description_html"]["value"] == "<p>Hi</p>"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": 5}, "title"),
        ({"title": "x" * 501}, "title"),
        ({"asin": "nonsense"}, "asin"),
        ({"year": "1895"}, "year"),
        ({"chapters": [{"title": "x"}]}, "chapters"),
        ({"authors": "H. G. Wells"}, "authors"),
        ({"nonsense": "x"}, "nonsense"),
        ({"audio": {}}, "audio"),
    ],
)
def test_a_wrong_value_is_refused_by_name(folder, prepare, changes, field):
    release = prepare(folder)
    with pytest.raises(ReleaseError) as caught:
        edit(release, changes)
    assert caught.value.code == "metadata_invalid"
    assert set(caught.value.extra["fields"]) == {field}
    release.refresh_from_db()
    assert (release.overrides, release.title) == ({}, "A Title")


@pytest.mark.parametrize("state", ["new", "preparing"])
def test_nothing_is_edited_before_it_is_prepared(state, db):
    release = factories.ReleaseFactory(state=state)
    with pytest.raises(ReleaseError) as caught:
        edit(release, {"title": "Better"})
    assert caught.value.message == (
        "This release is still being prepared. Edit it when it is ready."
    )
