"""ASIN and ISBN: recognise, clean, check and convert. Pure.

An ASIN has ten characters and no checksum. An audiobook's begins with B, or equals
the ISBN-10 of the book, so it may start with 0 and end in X: it is always text.
"""

import re
import unicodedata

_ASIN = re.compile(r"B[0-9A-Z]{9}|[0-9]{9}[0-9X]")
_NUMERIC_ASIN = re.compile(r"[0-9]{9}[0-9X]")
_ISBN10 = re.compile(r"[0-9]{9}[0-9X]")
_ISBN13 = re.compile(r"97[89][0-9]{10}")
_DASHES = re.compile("[\u2010-\u2015\u2212\u00ad]")
_ASIN_LABEL = re.compile(r"^(?:AUDIBLE[ _-]?)?ASIN\s*[:=#]?\s*")
_ISBN_LABEL = re.compile(r"^(?:E-?)?ISBN(?:[- ]?1[03](?=[ :=#]))?\s*[:=#]?\s*")
_BRACKETED = re.compile(
    r"\[\s*(?:(?:AUDIBLE[ _-]?)?ASIN[ :=.-]*)?(B[0-9A-Z]{9}|[0-9]{9}[0-9Xx])\s*\]"
)
_BARE = re.compile(
    r"(?<![0-9A-Za-z])(?<!97[89]-)(?:[Bb][0-9A-Za-z]{9}|[0-9]{9}[0-9Xx])(?![0-9A-Za-z])"
)
_ISBN_CANDIDATE = re.compile(
    r"(?<![0-9A-Za-z])(?:97[89][- ]?(?:[0-9][- ]?){9}[0-9]|(?:[0-9][- ]?){9}[0-9Xx])"
    r"(?![0-9A-Za-z])"
)


def _plain(text: str) -> str:
    """Fullwidth characters and Unicode dashes as ASCII, trimmed."""
    return _DASHES.sub("-", unicodedata.normalize("NFKC", text)).strip()


def clean_asin(text: str) -> str | None:
    """The ASIN a field holds, upper-case, or None when it holds something else.

    A label in front ("ASIN: ") is allowed. Ten letters that happen to form a word
    are accepted, because the field says what they are; see `find_asin` for prose.
    """
    value = _ASIN_LABEL.sub("", _plain(text).upper())
    return value if _ASIN.fullmatch(value) else None


def find_asin(text: str) -> str | None:
    """The first ASIN in free text such as a folder name, a URL or a comment.

    Words and years abound there, so an ASIN must stand in square brackets, or
    begin with B and hold a digit, or be numeric with the checksum of an ISBN-10.
    """
    value = _plain(text)
    bracketed = _BRACKETED.search(value)
    if bracketed:
        return bracketed[1].upper()
    for match in _BARE.finditer(value):
        found = match[0].upper()
        if _NUMERIC_ASIN.fullmatch(found):
            if _isbn10_ok(found):
                return found
        elif any(letter.isdigit() for letter in found):
            return found
    return None


def asin_warning(asin: str) -> str:
    """A sentence when a clean ASIN is probably mistyped, else "".

    Every numeric ASIN known is also an ISBN-10, yet nothing demands it: so a wrong
    checksum is told and not refused.
    """
    if not _NUMERIC_ASIN.fullmatch(asin) or _isbn10_ok(asin):
        return ""
    return (
        f"ASIN {asin} is numeric but not a valid ISBN-10, as numeric ASINs are: "
        "compare it with the number on the book's page."
    )


def clean_isbn(text: str) -> str | None:
    """The ISBN a field holds as 10 or 13 characters, or None when it is not one.

    Hyphens, spaces and a label are dropped; the checksum must be right. Other
    13-digit numbers (EAN, ISSN) lack the prefix 978 or 979 and are not ISBNs.
    """
    value = _ISBN_LABEL.sub("", _plain(text).upper())
    compact = re.sub(r"[\s-]", "", value)
    if _isbn10_ok(compact) or _isbn13_ok(compact):
        return compact
    return None


def find_isbn(text: str) -> str | None:
    """The first ISBN in free text, without hyphens, or None."""
    for match in _ISBN_CANDIDATE.finditer(_plain(text)):
        found = clean_isbn(match[0])
        if found:
            return found
    return None


def isbn10_to_13(isbn10: str) -> str:
    """The ISBN-13 of a clean ISBN-10; ValueError when it is not one."""
    if not _isbn10_ok(isbn10):
        raise ValueError(f"{isbn10!r} is not an ISBN-10.")
    body = f"978{isbn10[:9]}"
    return body + str(-_sum13(body) % 10)


def isbn13_to_10(isbn13: str) -> str | None:
    """The ISBN-10 of a clean ISBN-13, None for prefix 979, which has none.

    Raises ValueError when the text is not an ISBN-13.
    """
    if not _isbn13_ok(isbn13):
        raise ValueError(f"{isbn13!r} is not an ISBN-13.")
    if not isbn13.startswith("978"):
        return None
    body = isbn13[3:12]
    check = -_sum10(body) % 11
    return body + ("X" if check == 10 else str(check))


def _sum10(digits: str) -> int:
    """Weighted sum of an ISBN-10's characters, weights falling from 10."""
    return sum(
        (10 - index) * (10 if digit == "X" else int(digit))
        for index, digit in enumerate(digits)
    )


def _sum13(digits: str) -> int:
    """Weighted sum of an ISBN-13's digits, weights 1 and 3 in turn."""
    return sum(
        int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(digits)
    )


def _isbn10_ok(value: str) -> bool:
    return bool(_ISBN10.fullmatch(value)) and _sum10(value) % 11 == 0


def _isbn13_ok(value: str) -> bool:
    return bool(_ISBN13.fullmatch(value)) and _sum13(value) % 10 == 0
