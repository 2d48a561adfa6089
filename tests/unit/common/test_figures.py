"""Sizes, numbers and times as people read them."""

import pytest

from common.figures import clock, files_text, size_text


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 files"), (1, "1 file"), (12, "12 files")]
)
def test_numbers_of_files(count, text):
    assert files_text(count) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (1536, "1.5 KiB"), (5 * 2**40, "5.0 TiB"), (3 * 2**52, "12288.0 TiB")],
)
def test_sizes(size, text):
    assert size_text(size) == text


@pytest.mark.parametrize(
    ("ms", "text"), [(0, "0:00"), (123_400, "2:03"), (3_723_000, "1:02:03")]
)
def test_times(ms, text):
    assert clock(ms) == text
