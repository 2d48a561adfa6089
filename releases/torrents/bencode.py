"""Strict bencode for hostile input: bounded, and canonical both ways.

What `decode` accepts, `encode` gives back byte for byte, so the hash of an encoded
info dictionary is the infohash of the original. Sorted unique keys, no spare zeros,
nothing after the end. Values are int, bytes, list and dict with bytes keys.
"""

from typing import Any

MOST_BYTES = 10_000_000
MOST_VALUES = 1_000_000  # bounds the memory that ten megabytes of tiny lists take
MOST_DEPTH = 60
_MOST_DIGITS = 19  # every file size and date fits in 63 bits

Bencoded = int | bytes | list[Any] | dict[bytes, Any]


class BencodeError(ValueError):
    """Not canonical bencode. The message says what is wrong at which byte."""


def decode(raw: bytes) -> Bencoded:
    """The one value in `raw`; raises BencodeError."""
    if len(raw) > MOST_BYTES:
        raise BencodeError(f"more than {MOST_BYTES} bytes")
    decoder = _Decoder(raw)
    value = decoder.value(0)
    if decoder.at != len(raw):
        raise BencodeError(f"something follows the end at byte {decoder.at}")
    return value


def encode(value: Bencoded) -> bytes:
    """`value` as canonical bencode. Raises TypeError for any other type."""
    parts: list[bytes] = []
    _encode(value, parts)
    return b"".join(parts)


def _encode(value: Bencoded, parts: list[bytes]) -> None:
    if isinstance(value, bytes):
        parts += (b"%d:" % len(value), value)
    elif isinstance(value, int) and not isinstance(value, bool):
        parts.append(b"i%de" % value)
    elif isinstance(value, list):
        parts.append(b"l")
        for item in value:
            _encode(item, parts)
        parts.append(b"e")
    elif isinstance(value, dict):
        parts.append(b"d")
        for key in sorted(value):
            parts += (b"%d:" % len(key), key)
            _encode(value[key], parts)
        parts.append(b"e")
    else:
        raise TypeError(f"{type(value).__name__} cannot be bencoded")


class _Decoder:
    """Reads values from `raw`; `at` is the next byte."""

    def __init__(self, raw: bytes) -> None:
        self.at = 0
        self._raw = raw
        self._count = 0

    def value(self, depth: int) -> Bencoded:
        self._count += 1
        if self._count > MOST_VALUES:
            raise BencodeError(f"more than {MOST_VALUES} values")
        if depth > MOST_DEPTH:
            raise BencodeError(f"nested deeper than {MOST_DEPTH} at byte {self.at}")
        kind = self._raw[self.at : self.at + 1]
        if kind.isdigit():
            return self._string()
        if kind not in (b"i", b"l", b"d"):
            found = "the end" if not kind else "an unexpected character"
            raise BencodeError(f"{found} at byte {self.at}")
        self.at += 1
        if kind == b"i":
            return self._number(b"e")
        return self._list(depth) if kind == b"l" else self._dict(depth)

    def _list(self, depth: int) -> list[Any]:
        items: list[Any] = []
        while not self._ended():
            items.append(self.value(depth + 1))
        return items

    def _dict(self, depth: int) -> dict[bytes, Any]:
        items: dict[bytes, Any] = {}
        last: bytes | None = None
        while not self._ended():
            start = self.at
            key = self._string()
            if last is not None and key <= last:
                raise BencodeError(f"keys out of order at byte {start}")
            last = key
            items[key] = self.value(depth + 1)
        return items

    def _ended(self) -> bool:
        """Step over an "e", if it is next."""
        ended = self._raw[self.at : self.at + 1] == b"e"
        self.at += ended
        return ended

    def _string(self) -> bytes:
        start = self.at
        length = self._number(b":")
        end = self.at + length
        if length < 0 or end > len(self._raw):
            raise BencodeError(f"a text runs past the end at byte {start}")
        text = self._raw[self.at : end]
        self.at = end
        return text

    def _number(self, terminator: bytes) -> int:
        start = self.at
        end = self._raw.find(terminator, start, start + _MOST_DIGITS + 2)
        text = self._raw[start:end] if end >= 0 else b""
        digits = text.removeprefix(b"-")
        if not digits.isdigit() or len(digits) > _MOST_DIGITS:
            raise BencodeError(f"a broken number at byte {start}")
        if text != b"%d" % int(text):
            raise BencodeError(f"a number with spare characters at byte {start}")
        self.at = end + 1
        return int(text)
