"""Bencode, strictly: what a tracker's own software would read and write."""

from typing import Any

MAX_DEPTH = 32
"""Deepest nesting that is read; a real metainfo has five levels."""


class BencodeError(ValueError):
    """The bytes are not bencode; the message says where."""


def encode(value: Any) -> bytes:
    """Bencode int, bytes, str (as UTF-8), list and dict; dictionaries are sorted."""
    if isinstance(value, bool):
        raise TypeError("bencode has no booleans")
    if isinstance(value, int):
        return b"i%de" % value
    if isinstance(value, str):
        value = value.encode()
    if isinstance(value, bytes):
        return b"%d:%s" % (len(value), value)
    if isinstance(value, list):
        return b"l" + b"".join(encode(item) for item in value) + b"e"
    if isinstance(value, dict):
        pairs = sorted(
            (key.encode() if isinstance(key, str) else key, item)
            for key, item in value.items()
        )
        return b"d" + b"".join(encode(k) + encode(v) for k, v in pairs) + b"e"
    raise TypeError(f"cannot bencode {type(value).__name__}")


def decode(data: bytes) -> Any:
    """Read exactly one value: int, bytes, list, or dict with bytes keys.

    Raises `BencodeError` for anything else, trailing bytes included.
    """
    value, end = _value(data, 0, 0)
    if end != len(data):
        raise BencodeError(f"{len(data) - end} bytes follow the end at {end}")
    return value


def _value(data: bytes, at: int, depth: int) -> tuple[Any, int]:
    if depth > MAX_DEPTH:
        raise BencodeError(f"nested deeper than {MAX_DEPTH} at {at}")
    mark = data[at : at + 1]
    if mark == b"i":
        return _integer(data, at)
    if mark == b"l":
        return _list(data, at + 1, depth + 1)
    if mark == b"d":
        return _dict(data, at + 1, depth + 1)
    if mark.isdigit():
        return _string(data, at)
    raise BencodeError(f"unexpected {mark!r} at {at}")


def _integer(data: bytes, at: int) -> tuple[int, int]:
    end = data.find(b"e", at, at + 24)
    digits = data[at + 1 : end]
    body = digits.removeprefix(b"-")
    if end < 0 or not body.isdigit() or (body[:1] == b"0" and digits != b"0"):
        raise BencodeError(f"bad integer at {at}")
    return int(digits), end + 1


def _string(data: bytes, at: int) -> tuple[bytes, int]:
    colon = data.find(b":", at, at + 12)
    digits = data[at:colon]
    if colon < 0 or not digits.isdigit() or (digits[:1] == b"0" and len(digits) > 1):
        raise BencodeError(f"bad string length at {at}")
    end = colon + 1 + int(digits)
    if end > len(data):
        raise BencodeError(f"the string at {at} runs past the end")
    return data[colon + 1 : end], end


def _list(data: bytes, at: int, depth: int) -> tuple[list[Any], int]:
    items: list[Any] = []
    while data[at : at + 1] != b"e":
        item, at = _value(data, at, depth)
        items.append(item)
    return items, at + 1


def _dict(data: bytes, at: int, depth: int) -> tuple[dict[bytes, Any], int]:
    result: dict[bytes, Any] = {}
    while data[at : at + 1] != b"e":
        if not data[at : at + 1].isdigit():
            raise BencodeError(f"a key must be a string at {at}")
        key, at = _string(data, at)
        if key in result:
            raise BencodeError(f"the key {key!r} comes twice")
        result[key], at = _value(data, at, depth)
    return result, at + 1
