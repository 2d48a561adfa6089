"""Which piece length is chosen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.torrents.errors import InvalidPieceLength
from releases.torrents.pieces import (
    KIB,
    MIB,
    PieceRule,
    check_piece_length,
    choose_piece_length,
    piece_count,
)

GIB = 1024 * MIB


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (1, 16 * KIB),
        (32 * MIB, 16 * KIB),
        (32 * MIB + 1, 32 * KIB),
        (64 * MIB, 32 * KIB),
        (300 * MIB, 256 * KIB),
        (GIB, 512 * KIB),
        (4 * GIB, 2 * MIB),
        (32 * GIB, 16 * MIB),
        (900 * GIB, 16 * MIB),
    ],
)
def test_automatic_length_gives_one_to_two_thousand_pieces(size, expected):
    assert choose_piece_length(size) == expected


@given(st.integers(1, 2**45))
def test_automatic_length_is_a_power_of_two_in_range(size):
    length = choose_piece_length(size)
    assert length.bit_count() == 1
    assert 16 * KIB <= length <= 16 * MIB
    if 16 * KIB < length < 16 * MIB:
        assert 1024 <= piece_count(size, length) <= 2048


@given(st.integers(1, 10**12), st.integers(1, 10**12))
def test_more_content_never_means_shorter_pieces(one, other):
    small, large = sorted((one, other))
    assert choose_piece_length(small) <= choose_piece_length(large)


@pytest.mark.parametrize(
    ("size", "count"), [(0, 0), (1, 1), (16384, 1), (16385, 2), (32768, 2)]
)
def test_the_last_piece_may_be_short(size, count):
    assert piece_count(size, 16384) == count


def test_a_table_decides_up_to_its_last_row():
    rule = PieceRule(max=8 * MIB, table=((58 * MIB, 64 * KIB), (122 * MIB, 128 * KIB)))
    assert choose_piece_length(58 * MIB, rule) == 64 * KIB
    assert choose_piece_length(58 * MIB + 1, rule) == 128 * KIB
    assert choose_piece_length(4 * GIB, rule) == 2 * MIB
    assert choose_piece_length(400 * GIB, rule) == 8 * MIB


def test_a_table_may_end_without_bound_and_is_kept_within_the_rule():
    rule = PieceRule(min=32 * KIB, max=MIB, table=((MIB, 16 * KIB), (None, 16 * MIB)))
    assert choose_piece_length(1, rule) == 32 * KIB
    assert choose_piece_length(2 * MIB, rule) == MIB


def test_a_lower_target_makes_longer_pieces():
    assert choose_piece_length(GIB, PieceRule(target=1024)) == MIB


@pytest.mark.parametrize("length", [0, -16384, 8192, 20000, 256 * MIB, 3 * 16384])
def test_other_lengths_are_refused_with_the_range(length):
    with pytest.raises(InvalidPieceLength, match="power of two from 16 KiB to 128"):
        check_piece_length(length)


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ({"min": 5}, "power of two"),
        ({"max": 5}, "power of two"),
        ({"min": MIB, "max": 32 * KIB}, "Exchange them"),
        ({"target": 0}, "at least one"),
        ({"table": ((MIB, 5),)}, "power of two"),
        ({"table": ((None, MIB), (MIB, MIB))}, "Row 1 .* out of order"),
        ({"table": ((2 * MIB, MIB), (MIB, MIB))}, "Row 2 .* out of order"),
    ],
)
def test_a_rule_that_contradicts_itself_is_refused(rule, sentence):
    with pytest.raises(InvalidPieceLength, match=sentence):
        PieceRule(**rule)
