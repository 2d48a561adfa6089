"""Tells whether a FLAC file goes on to its last sample, by its last frames.

A frame's header carries its own number and a checksum, so it can be found from the
end of the file without decoding anything.
"""

from .found import Source

_TAIL = 256 * 1024  # holds several of the largest frames
_BLOCK_SIZES = {1: 192, **{code: 576 << (code - 2) for code in range(2, 6)},
                **{code: 256 << (code - 8) for code in range(8, 16)}}  # fmt: skip
_CRC_POLYNOMIAL = 0x107


def _crc_of(byte: int) -> int:
    """The CRC-8 of one byte."""
    for _ in range(8):
        byte = byte << 1 ^ (_CRC_POLYNOMIAL if byte & 0x80 else 0)
    return byte


_CRC = bytes(_crc_of(byte) for byte in range(256))


def reaches_end(source: Source, total_samples: int, block_size: int) -> bool:
    """Whether a frame near the end of the file holds the stream's last sample.

    `block_size` is the samples of a frame where all but the last have the same.
    """
    tail = source.read_at(max(0, source.size - _TAIL), _TAIL)
    at = tail.rfind(b"\xff")
    while at != -1:
        if len(tail) > at + 5 and tail[at + 1] & 0xFE == 0xF8:
            end = _end_of_frame(tail[at : at + 16], block_size)
            if end == total_samples:
                return True
        at = tail.rfind(b"\xff", 0, at)
    return False


def _end_of_frame(header: bytes, block_size: int) -> int:
    """The number of the sample after this frame, -1 when it is no frame header."""
    variable, code, rate = header[1] & 1, header[2] >> 4, header[2] & 15
    number, length = _coded_number(header[4:])
    if length == 0 or code == 0 or rate == 15:
        return -1
    position = 4 + length
    samples = _BLOCK_SIZES.get(code, 0)
    if code in (6, 7):
        width = code - 5
        samples = int.from_bytes(header[position : position + width], "big") + 1
        position += width
    position += {12: 1, 13: 2, 14: 2}.get(rate, 0)
    if position >= len(header) or _checksum(header[:position]) != header[position]:
        return -1
    return (number if variable else number * block_size) + samples


def _coded_number(content: bytes) -> tuple[int, int]:
    """A number in the manner of UTF-8, up to 36 bits, and its length; 0 if broken."""
    first = content[0] if content else 0x80
    if first < 0x80:
        return first, 1
    length = 8 - (first ^ 0xFF).bit_length()
    if not 2 <= length <= 7 or len(content) < length:
        return 0, 0
    value = first & ((1 << (7 - length)) - 1)
    for byte in content[1:length]:
        if byte & 0xC0 != 0x80:
            return 0, 0
        value = value << 6 | byte & 0x3F
    return value, length


def _checksum(content: bytes) -> int:
    value = 0
    for byte in content:
        value = _CRC[value ^ byte]
    return value
