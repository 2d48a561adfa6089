"""Bencode is decoded strictly and encoded canonically."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from releases.torrents import bencode
from releases.torrents.bencode import BencodeError, decode, encode

values = st.recursive(
    st.integers(-(10**18), 10**18) | st.binary(max_size=40),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.binary(max_size=8), inner, max_size=5)
    ),
    max_leaves=30,
)


@given(values)
def test_what_is_encoded_decodes_to_the_same(value):
    assert decode(encode(value)) == value


@given(st.lists(st.sampled_from([b"d", b"l", b"e", b"i", b"0", b"1:", b"2:ab", b"-"])))
@example([b"d", b"1:", b"e", b"l", b"e", b"e"])
def test_what_is_decoded_encodes_to_the_same_bytes(parts):
    raw = b"".join(parts)
    try:
        value = decode(raw)
    except BencodeError:
        return
    assert encode(value) == raw


@given(st.binary(max_size=300))
def test_any_bytes_decode_or_are_refused(raw):
    try:
        value = decode(raw)
    except BencodeError:
        return
    assert encode(value) == raw


@given(values, st.data())
def test_a_truncated_value_is_refused(value, data):
    raw = encode(value)
    cut = data.draw(st.integers(0, len(raw) - 1))
    with pytest.raises(BencodeError):
        decode(raw[:cut])


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "the end at byte 0"),
        (b"x", "unexpected character at byte 0"),
        (b"i1ei2e", "follows the end at byte 3"),
        (b"i01e", "spare characters"),
        (b"i-0e", "spare characters"),
        (b"i-e", "broken number"),
        (b"ie", "broken number"),
        (b"i1", "broken number"),
        (b"i+1e", "broken number"),
        (b"i 1e", "broken number"),
        ("i²e".encode("latin-1"), "broken number"),
        (b"i" + b"9" * 5000 + b"e", "broken number"),
        (b"03:abc", "spare characters"),
        (b"4:abc", "past the end at byte 0"),
        (b"999999999999999999:a", "past the end"),
        (b"d-1:ae", "past the end"),
        (b"di1ei2ee", "broken number"),
        (b"d1:bi1e1:ai1ee", "out of order at byte 7"),
        (b"d1:ai1e1:ai1ee", "out of order at byte 7"),
        (b"l" * 1000, "nested deeper"),
    ],
)
def test_what_is_not_canonical_is_refused_with_the_place(raw, reason):
    with pytest.raises(BencodeError, match=reason):
        decode(raw)


def test_ten_megabytes_of_tiny_lists_do_not_fill_the_memory():
    with pytest.raises(BencodeError, match="more than 1000000 values"):
        decode(b"l" + b"le" * 4_999_999 + b"e")


def test_more_than_ten_megabytes_are_not_even_looked_at():
    with pytest.raises(BencodeError, match="more than 10000000 bytes"):
        decode(b"x" * (bencode.MOST_BYTES + 1))


@pytest.mark.parametrize("value", [None, True, "text", 1.5, {b"a": [None]}])
def test_other_types_are_not_encoded(value):
    with pytest.raises(TypeError, match="cannot be bencoded"):
        encode(value)
