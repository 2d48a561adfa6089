"""Reads AudioSpecificConfig, the few bytes that say which AAC a stream is."""

from dataclasses import dataclass

SAMPLE_RATES = (
    96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000,
    7350,
)  # fmt: skip
_CHANNELS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 8, 11: 7, 12: 8, 14: 8}
NAMES = {
    1: "AAC Main",
    2: "AAC LC",
    3: "AAC SSR",
    4: "AAC LTP",
    5: "HE-AAC",
    23: "AAC LD",
    29: "HE-AAC v2",
    34: "MP3",
    39: "AAC ELD",
    42: "xHE-AAC",
}
_LC, _SBR, _PS = 2, 5, 29
_EXPLICIT_RATE = 15
_SBR_SYNC, _PS_SYNC = 0x2B7, 0x548


@dataclass(frozen=True, slots=True, kw_only=True)
class AacConfig:
    """`kind` is the audio object type; zeros where the bytes do not say."""

    kind: int = 0
    sample_rate: int = 0
    channels: int = 0

    @property
    def codec(self) -> str:
        """What people call it."""
        return NAMES.get(self.kind, "AAC")


class _Bits:
    """Bits from the front of a short byte string; zeros after its end."""

    def __init__(self, content: bytes) -> None:
        self.value = int.from_bytes(content, "big")
        self.left = len(content) * 8

    def take(self, count: int) -> int:
        """The next `count` bits as a number."""
        missing = max(0, count - self.left)
        self.left = max(0, self.left - count)
        taken = (self.value >> self.left) << missing
        self.value &= (1 << self.left) - 1
        return taken


def _object_type(bits: _Bits) -> int:
    kind = bits.take(5)
    return 32 + bits.take(6) if kind == 31 else kind


def _rate(bits: _Bits) -> int:
    index = bits.take(4)
    if index == _EXPLICIT_RATE:
        return bits.take(24)
    return SAMPLE_RATES[index] if index < len(SAMPLE_RATES) else 0


def read_aac_config(content: bytes) -> AacConfig:
    """Object type, output sample rate and channels, with SBR and PS where stated.

    Implicit SBR cannot be seen here: such a file says LC and half the sample rate.
    """
    bits = _Bits(content[:64])
    kind = _object_type(bits)
    rate = _rate(bits)
    layout = bits.take(4)
    channels = _CHANNELS.get(layout, 0)
    if kind in (_SBR, _PS):
        rate = _rate(bits) or rate
        _object_type(bits)
    elif kind == _LC and layout:
        kind, rate = _late_extension(bits, kind, rate)
    return AacConfig(
        kind=kind, sample_rate=rate, channels=2 if kind == _PS else channels
    )


def _late_extension(bits: _Bits, kind: int, rate: int) -> tuple[int, int]:
    """SBR and PS told after the LC configuration, as older players require."""
    bits.take(1)
    if bits.take(1):
        bits.take(14)
    bits.take(1)
    if bits.left < 16 or bits.take(11) != _SBR_SYNC or _object_type(bits) != _SBR:
        return kind, rate
    if not bits.take(1):
        return kind, rate
    rate = _rate(bits) or rate
    if bits.left >= 12 and bits.take(11) == _PS_SYNC and bits.take(1):
        return _PS, rate
    return _SBR, rate
