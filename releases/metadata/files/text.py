"""Text as people see it, bytes of unknown encoding, and natural order."""

import re
import unicodedata

_INVISIBLE = re.compile(
    "[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\ud800-\udfff]"
)
_BREAKS = re.compile(r"[\t\n\r\u2028\u2029]+")
_JAPANESE_RUN = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uff01-\uff5e]{2}")
_DIGITS = re.compile(r"(\d+)")
_LONGEST_NUMBER = 18  # digits; longer runs are compared as text


def display(text: str) -> str:
    """One line in NFC: no invisible or control characters, no outer spaces."""
    plain = _BREAKS.sub(" ", _INVISIBLE.sub("", text))
    return unicodedata.normalize("NFC", plain).strip()


def without_invisible(text: str) -> str:
    """Text of several lines without characters that cannot be stored or seen."""
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).strip()


def decode_unknown(content: bytes) -> str:
    """Text whose encoding nobody stated: by BOM, else UTF-8, Shift-JIS, cp1252.

    Nearly every cp1252 text is also valid Shift-JIS or fails it by chance, so
    Shift-JIS is only believed when two Japanese characters stand side by side.
    """
    for bom, encoding in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
    ):
        if content.startswith(bom):
            return content[len(bom) :].decode(encoding, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp932")
    except UnicodeDecodeError:
        text = ""
    if _JAPANESE_RUN.search(text):
        return text
    return content.decode("cp1252", "replace")


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key that puts "2 - b" before "10 - a", without regard to case."""
    parts = _DIGITS.split(unicodedata.normalize("NFC", name).casefold())
    return tuple(
        (0, int(part), "")
        if index % 2 and len(part) <= _LONGEST_NUMBER
        else (1, 0, part)
        for index, part in enumerate(parts)
    )
