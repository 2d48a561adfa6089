"""The moves of a release, by its services, by hand and by chance."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from releases.errors import ReleaseError
from releases.services.lifecycle import (
    release_files_changed,
    release_mark_approved,
    release_mark_changed,
    release_mark_published,
    release_mark_rejected,
    release_reopen,
)
from releases.services.moves import release_move
from releases.states import MOVES, IllegalMove, ReleaseState, check_move
from tests import factories

pytestmark = pytest.mark.django_db

STATES = list(ReleaseState)


def test_every_state_has_its_moves_and_can_be_left():
    assert set(MOVES) == set(STATES)
    assert all(MOVES.values())


def test_every_state_can_be_reached_from_the_first():
    reached, pending = set(), {ReleaseState.NEW}
    while pending:
        state = pending.pop()
        reached.add(state)
        pending |= MOVES[state] - reached
    assert reached == set(STATES)


@given(st.sampled_from(STATES), st.sampled_from(STATES))
def test_a_move_outside_the_table_raises(old, new):
    if new in MOVES[old]:
        check_move(old, new)
    else:
        with pytest.raises(IllegalMove, match=f"from {old} to {new}"):
            check_move(old, new)


@given(st.text(max_size=10))
def test_what_is_no_state_raises(word):
    if word not in set(STATES):
        with pytest.raises(ValueError, match="is not a valid"):
            check_move(word, "new")


def test_the_source_of_approval_is_only_ready():
    assert {old for old in STATES if ReleaseState.APPROVED in MOVES[old]} == {
        ReleaseState.READY,
        ReleaseState.PUBLISHED,
    }


class Walk(RuleBasedStateMachine):
    """Any order of moves: the path through the table is always legal."""

    def __init__(self):
        super().__init__()
        self.path = [ReleaseState.NEW]

    @rule(new=st.sampled_from(STATES))
    def move(self, new):
        try:
            check_move(self.path[-1], new)
        except IllegalMove:
            return
        self.path.append(new)

    @invariant()
    def nothing_is_approved_that_was_never_prepared(self):
        if self.path[-1] in (ReleaseState.APPROVED, ReleaseState.PUBLISHED):
            assert ReleaseState.PREPARING in self.path
            assert ReleaseState.READY in self.path

    @invariant()
    def failing_needs_a_preparation(self):
        if self.path[-1] == ReleaseState.FAILED:
            assert self.path[-2] == ReleaseState.PREPARING


TestWalk = Walk.TestCase
TestWalk.settings = settings(max_examples=50, stateful_step_count=30)


@pytest.mark.parametrize(
    ("mark", "old", "new"),
    [
        (release_mark_approved, "ready", "approved"),
        (release_mark_rejected, "ready", "rejected"),
        (release_mark_published, "approved", "published"),
    ],
)
def test_decisions_move_only_from_where_they_belong(mark, old, new, db):
    more = {} if mark is release_mark_published else {"actor_id": None}
    for state in STATES:
        release = factories.ReleaseFactory(state=state)
        moved = mark(release_id=release.pk, **more)
        release.refresh_from_db()
        assert moved == (state == old)
        assert release.state == (new if moved else state)
        assert release.events.count() == moved


def test_a_rejection_keeps_its_note(db):
    release = factories.ReleaseFactory(state="ready")
    release_mark_rejected(release_id=release.pk, actor_id=None, note="Wrong narrator.")
    assert release.events.get().reason == "Rejected. Wrong narrator."


@pytest.mark.parametrize("state", STATES)
def test_reopening_takes_a_decision_back(state, db):
    person = factories.UserFactory()
    release = factories.ReleaseFactory(state=state)
    if state in ("approved", "published", "rejected"):
        release_reopen(release_id=release.pk, actor_id=person.pk)
        event = release.events.get()
        assert (event.new, event.reason, event.actor) == (
            "ready",
            "Reopened by hand.",
            person,
        )
    else:
        with pytest.raises(ReleaseError) as caught:
            release_reopen(release_id=release.pk, actor_id=None)
        assert caught.value.message == (
            "Only an approved, published or rejected release can be reopened."
        )


def test_changed_files_are_prepared_again(db, django_capture_on_commit_callbacks):
    release = factories.ReleaseFactory(state="approved")
    with django_capture_on_commit_callbacks() as callbacks:
        release_files_changed(release_id=release.pk, reason="1.mp3 is gone.")
    release.refresh_from_db()
    assert release.state == "ready"
    assert release.events.get().reason == "1.mp3 is gone."
    assert len(callbacks) >= 1


def test_a_change_of_a_ready_release_is_told_and_moves_nothing(db):
    release = factories.ReleaseFactory(state="ready")
    assert not release_mark_changed(release_id=release.pk, reason="Edited.")


def test_a_move_writes_its_other_columns_only_when_it_happens(db):
    release = factories.ReleaseFactory(state="ready")
    assert not release_move(release.pk, "new", "preparing", claimed_by="x")
    assert release_move(
        release.pk, "ready", "preparing", reason="y" * 600, claimed_by="x"
    )
    release.refresh_from_db()
    assert release.claimed_by == "x"
    assert len(release.events.get().reason) == 500


def test_a_move_can_have_further_conditions(db):
    release = factories.ReleaseFactory(state="ready", claimed_by="me")
    assert not release_move(
        release.pk, "ready", "preparing", only_if={"claimed_by": "you"}
    )
    assert release_move(release.pk, "ready", "preparing", only_if={"claimed_by": "me"})
