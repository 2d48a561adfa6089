"""Single values of Audnexus answers: each read on its own, placeholders dropped.

A reader returns None for what is missing, empty, a placeholder or of a wrong type, so
that one odd value never costs the rest of the answer.
"""

import re
from datetime import date
from typing import Any

from releases.metadata.html import clean_text

# What upstream stores write where they know nothing.
_PLACEHOLDERS = frozenset({"", "none", "null", "undefined", "n/a", "unknown"})
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:$|[T ])")
_LONGEST_MS = 1000 * 3600 * 1000
_ROLE = re.compile(r"(?P<name>.*\S)\s+[-\u2010-\u2015]\s+(?P<role>\S.*)")
_KNOWN_ROLES = re.compile(
    r"(?:translat|introduc|foreword|afterword|preface|edit|adapt|illustrat|contribut|"
    r"compil|creat|dramati|director|producer|author|writer|essay|commentary|notes|"
    r"übersetz|herausgeb|vorwort|nachwort|einleitung|bearbeit|"
    r"traduc|tradut|tradutt|préfac|prefa|prólogo|introduz|adattament|éditeur|curatore|"
    r"訳|翻訳|編|原作|監修)",
    re.IGNORECASE,
)
_SUBTITLE_SERIES = re.compile(
    r"(?P<name>.{2,}?)(?:,|:|\s[-\u2013\u2014])?\s+"
    r"(?:book|volume|vol\.?|band|teil|tome|livre|libro|#)\s*"
    r"(?P<position>\d+(?:[.,]\d+)?(?:\s*-\s*\d+(?:[.,]\d+)?)?|[ivxlc]+|"
    r"one|two|three|four|five|six|seven|eight|nine|ten)",
    re.IGNORECASE,
)
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBER_WORDS = {word: str(number) for number, word in enumerate(_WORDS, 1)}


def text(value: Any) -> str | None:
    """One cleaned line, or None for a placeholder."""
    if not isinstance(value, str):
        return None
    cleaned = clean_text(value)
    return None if cleaned.lower() in _PLACEHOLDERS else cleaned


def name(value: Any) -> str | None:
    """A title or a person's name: like `text`, but a book may be called "None"."""
    return clean_text(value) or None if isinstance(value, str) else None


def whole(value: Any) -> int | None:
    """A whole number of zero or more; numbers in text are taken too."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,15}", value):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    return None


def milliseconds(value: Any) -> int | None:
    """A length or an offset; nothing in audio lasts more than a thousand hours."""
    number = whole(value)
    return number if number is not None and number <= _LONGEST_MS else None


def flag(value: Any) -> bool | None:
    """A boolean and nothing that merely looks like one."""
    return value if isinstance(value, bool) else None


def rating(value: Any) -> str | None:
    """Stars as text, "4.9"; zero means that nobody has rated."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not re.fullmatch(r"[0-5](?:\.[0-9]+)?", value):
        return None
    return value if float(value) else None


def day(value: Any) -> str | None:
    """The date of a date-time as written: no time zone may move it to another day.

    1970 and the far future stand for "unknown" upstream.
    """
    match = _DATE.match(value) if isinstance(value, str) else None
    if not match:
        return None
    try:
        found = date(*(int(part) for part in match.groups()))
    except ValueError:
        return None
    return found.isoformat() if 1970 < found.year < 2100 else None


def web_address(value: Any) -> str | None:
    """An http or https URL without white space."""
    if isinstance(value, str) and re.fullmatch(r"https?://[^\s\"'<>]+", value.strip()):
        return value.strip()
    return None


def person(value: Any) -> dict[str, str] | None:
    """{"name", "asin"?, "role"?}; a role at the end of the name is taken off."""
    if not isinstance(value, dict) or not (full := name(value.get("name"))):
        return None
    found = {"name": full}
    match = _ROLE.fullmatch(full)
    if match and (match["role"][0].islower() or _KNOWN_ROLES.match(match["role"])):
        found = {"name": match["name"], "role": match["role"]}
    if asin := text(value.get("asin")):
        found["asin"] = asin
    return found


def series(value: Any) -> dict[str, str] | None:
    """{"name", "position"?, "asin"?}; the position stays free text."""
    if not isinstance(value, dict) or not (title := name(value.get("name"))):
        return None
    found = {"name": title}
    for key in ("position", "asin"):
        if part := text(value.get(key)):
            found[key] = part
    return found


def series_in_subtitle(subtitle: str) -> dict[str, str] | None:
    """The series a subtitle such as "Harry Potter, Book 1" names, else None.

    It may stand in brackets at the end: "A Space Adventure (Harry Potter, Book 1)".
    """
    inner = re.search(r"\(([^()]+)\)$", subtitle)
    match = _SUBTITLE_SERIES.fullmatch(inner[1] if inner else subtitle)
    if not match:
        return None
    position = match["position"]
    position = _NUMBER_WORDS.get(position.lower(), position.upper())
    return {"name": match["name"].rstrip(" ,:"), "position": position}
