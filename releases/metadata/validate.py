"""What a person typed: is it what the field holds? Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from releases.metadata.html import clean_characters, clean_text, sanitise_html
from releases.metadata.identifiers import clean_asin, clean_isbn
from releases.metadata.types import Fields
from releases.metadata.vocabulary import VOCABULARY, Kind

LONGEST_LINE = 500
LONGEST_TEXT = 100_000
MOST_ITEMS = 5_000
LONGEST_MS = 1000 * 3600 * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldProblem:
    """What is wrong with one field, and what to do about it."""

    field: str
    code: str
    message: str


def validate_overrides(fields: Mapping[str, Any]) -> list[FieldProblem]:
    """All problems of a person's values; [] when they can be stored.

    None leaves a field out of the release on purpose, an empty value says nothing:
    both are right for every field that a person may set.
    """
    problems = []
    for name, value in fields.items():
        spec = VOCABULARY.get(name)
        if spec is None:
            message = _(
                "There is no field “%(name)s”: choose one of the known fields."
            ) % {"name": name}
        elif not spec.editable:
            message = _("%(field)s cannot be set by hand: remove it.") % {
                "field": spec.label
            }
        elif value is None or value in ("", [], {}):
            continue
        else:
            reason = _CHECKS[spec.kind](value) or _SPECIAL.get(name, _fine)(value)
            message = f"{spec.label}: {reason}" if reason else ""
        if message:
            code = "unknown_field" if spec is None else f"bad_{name}"
            problems.append(FieldProblem(field=name, code=code, message=message))
    return problems


def clean_overrides(fields: Mapping[str, Any]) -> Fields:
    """Valid values in their normal form: NFC, safe HTML, ASIN and ISBN bare."""
    return {name: _cleaned(name, value) for name, value in fields.items()}


def _cleaned(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_cleaned(name, one) for one in value]
    if isinstance(value, dict):
        return {key: _cleaned(name, one) for key, one in value.items()}
    if not isinstance(value, str):
        return value
    if name == "description_html":
        return sanitise_html(value)
    if name == "summary":
        return clean_characters(value).strip()
    if name == "asin":
        return clean_asin(value) or value
    if name == "isbn":
        return clean_isbn(value) or value
    return clean_text(value)


def _fine(_value: Any) -> str:
    return ""


def _line(value: Any) -> str:
    if not isinstance(value, str):
        return _("this is not text. Write one line of text.")
    if len(value) > LONGEST_LINE:
        return _too_long(value, LONGEST_LINE)
    if len(value.splitlines()) > 1:
        return _("this has several lines. Write one.")
    return ""


def _too_long(value: str, most: int) -> str:
    return _("%(count)d characters are too many. Use at most %(most)d.") % {
        "count": len(value),
        "most": most,
    }


def _text(value: Any) -> str:
    if not isinstance(value, str):
        return _("this is not text. Write text.")
    if len(value) > LONGEST_TEXT:
        return _too_long(value, LONGEST_TEXT)
    return ""


def _url(value: Any) -> str:
    if isinstance(value, str) and re.fullmatch(r"https?://[^\s\"'<>]{3,2000}", value):
        return ""
    return _("this is not a web address. Begin with https:// and use no spaces.")


def _year(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and 1000 <= value < 2100:
        return ""
    return _("%(value)r is not a year. Write four digits such as 1999.") % {
        "value": value
    }


def _date(value: Any) -> str:
    wrong = _("%(value)r is not a date. Write year-month-day such as 2021-05-04.") % {
        "value": value
    }
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return wrong
    try:
        date.fromisoformat(value)
    except ValueError:
        return wrong
    return ""


def _is_time(value: Any) -> bool:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return whole and 0 <= value <= LONGEST_MS


def _milliseconds(value: Any) -> str:
    if _is_time(value):
        return ""
    return _("%(value)r is not a length. Write whole milliseconds, zero or more.") % {
        "value": value
    }


def _flag(value: Any) -> str:
    if isinstance(value, bool):
        return ""
    return _("%(value)r is neither yes nor no.") % {"value": value}


def _items(value: Any, check: Callable[[Any], str]) -> str:
    """The first problem in a list, with the number of the item."""
    if not isinstance(value, list) or len(value) > MOST_ITEMS:
        return _("this is not a list of at most %(most)d items.") % {"most": MOST_ITEMS}
    for number, item in enumerate(value, 1):
        if reason := check(item):
            return _("item %(number)d: %(reason)s") % {
                "number": number,
                "reason": reason,
            }
    return ""


def _named(item: Any, extra: tuple[str, ...]) -> str:
    if not isinstance(item, dict) or not str(item.get("name") or "").strip():
        return _("a name is missing. Give each item a name, or remove it.")
    if unknown := item.keys() - {"name", *extra}:
        return _("“%(name)s” is unknown here. Remove it.") % {"name": min(unknown)}
    return next((reason for value in item.values() if (reason := _line(value))), "")


def _word(item: Any) -> str:
    return _line(item) or ("" if item.strip() else _("this is empty. Remove it."))


def _person(item: Any) -> str:
    return _named(item, ("asin", "role"))


def _one_series(item: Any) -> str:
    return _named(item, ("asin", "position"))


def _chapter(item: Any) -> str:
    if not isinstance(item, dict) or item.keys() != {"title", "start_ms", "end_ms"}:
        return _("a chapter has a title, a start and an end. Give all three.")
    if reason := _word(item["title"]):
        return reason
    if not _is_time(item["start_ms"]) or not _is_time(item["end_ms"]):
        return _("start and end are whole milliseconds, zero or more. Correct them.")
    if item["end_ms"] <= item["start_ms"]:
        return _("it ends before it has lasted. Put the end after the start.")
    return ""


def _chapters(value: Any) -> str:
    if reason := _items(value, _chapter):
        return reason
    for number, (one, successor) in enumerate(pairwise(value), 1):
        if successor["start_ms"] < one["end_ms"]:
            return _(
                "chapter %(later)d starts before chapter %(earlier)d ends. Order the "
                "chapters by time, without overlap."
            ) % {"later": number + 1, "earlier": number}
    return ""


def _asin(value: Any) -> str:
    if clean_asin(value):
        return ""
    return _(
        "%(value)r is not an ASIN. It has ten characters and begins with B or a digit."
    ) % {"value": value}


def _isbn(value: Any) -> str:
    if clean_isbn(value):
        return ""
    return _(
        "%(value)r is not an ISBN, or a digit is wrong. Compare it with the book."
    ) % {"value": value}


_CHECKS: Mapping[Kind, Callable[[Any], str]] = {
    Kind.LINE: _line,
    Kind.TEXT: _text,
    Kind.HTML: _text,
    Kind.URL: _url,
    Kind.YEAR: _year,
    Kind.DATE: _date,
    Kind.MILLISECONDS: _milliseconds,
    Kind.FLAG: _flag,
    Kind.LINES: lambda value: _items(value, _word),
    Kind.PEOPLE: lambda value: _items(value, _person),
    Kind.SERIES: lambda value: _items(value, _one_series),
    Kind.CHAPTERS: _chapters,
}
_SPECIAL: Mapping[str, Callable[[Any], str]] = {"asin": _asin, "isbn": _isbn}
