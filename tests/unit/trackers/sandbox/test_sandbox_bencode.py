import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackers.sandbox import bencode

values = st.recursive(
    st.integers(-(2**63), 2**63) | st.binary(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.binary(max_size=6), inner, max_size=4)
    ),
    max_leaves=15,
)


@given(values)
def test_what_is_encoded_reads_back(value):
    assert bencode.decode(bencode.encode(value)) == value


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data):
    try:
        value = bencode.decode(data)
    except bencode.BencodeError:
        return
    assert bencode.decode(bencode.encode(value)) == value


def test_keys_are_sorted_as_bytes():
    assert bencode.encode({"b": 1, "a": [2, "é"]}) == b"d1:ali2e2:\xc3\xa9e1:bi1ee"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"i01e",
        b"i-0e",
        b"ie",
        b"i1",
        b"03:abc",
        b"5:abc",
        b"x",
        b"l",
        b"d1:a",
        b"di1ei2ee",
        b"d1:ai1e1:ai2ee",
        b"i1ei2e",
        b"l" * 50 + b"e" * 50,
        b"99999999999999999:a",
    ],
)
def test_broken_bencode_is_refused(data):
    with pytest.raises(bencode.BencodeError):
        bencode.decode(data)


@pytest.mark.parametrize("value", [True, 1.5, None])
def test_types_that_bencode_lacks_are_refused(value):
    with pytest.raises(TypeError):
        bencode.encode(value)
