"""The table of legal moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uploads.states import FROZEN, LIVE, MOVES, IllegalMove, UploadStatus, check_move

STATUSES = st.sampled_from(list(UploadStatus))


@given(STATUSES, STATUSES)
def test_a_move_is_refused_unless_the_table_holds_it(old, new):
    if new in MOVES[old]:
        check_move(old, new)
    else:
        with pytest.raises(IllegalMove, match=f"from {old} to {new}"):
            check_move(old, new)


def test_success_and_cancelled_are_final():
    assert not MOVES[UploadStatus.SUCCESS]
    assert not MOVES[UploadStatus.CANCELLED]


def test_an_unknown_upload_is_never_sent_without_asking():
    assert UploadStatus.UPLOADING not in MOVES[UploadStatus.UNKNOWN]


@given(STATUSES)
def test_every_status_can_be_reached_or_is_the_first(status):
    reached = {new for moves in MOVES.values() for new in moves}
    assert status in reached | {UploadStatus.DRAFT}


def test_what_is_being_sent_is_frozen_and_live():
    assert FROZEN < LIVE
    assert UploadStatus.CANCELLED not in LIVE
