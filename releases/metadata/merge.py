"""Several sources, one truth per field, and where it comes from. Pure.

Precedence: person > providers > tags > names. A value that is empty never wins, and
what did not win stays visible as an alternative.
"""

import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from releases.metadata.html import sanitise_html
from releases.metadata.identifiers import clean_isbn, isbn10_to_13
from releases.metadata.merge_chapters import choose_chapters
from releases.metadata.merge_series import merge_series
from releases.metadata.types import Fields
from releases.metadata.validate import LONGEST_LINE, LONGEST_TEXT
from releases.metadata.vocabulary import VOCABULARY, Kind

PERSON = "person"
TAGS = "tags"
NAMES = "names"
Merged = dict[str, dict[str, Any]]
_Candidates = list[tuple[str, Any]]


def merge(
    records: Iterable[tuple[str, Fields]], overrides: Mapping[str, Any] | None = None
) -> Merged:
    """Merge sources into {field: {"value", "source", "alternatives"}}.

    `records` are (source, fields) in any order; "tags" and "names" are the files',
    every other source is a provider, and of several providers the earlier one wins.
    `overrides` are a person's: None leaves a field out, "" and [] say nothing.
    `alternatives` are [{"source", "value"}], each differing value once.
    """
    insisted = {name: _tidy(name, value) for name, value in (overrides or {}).items()}
    ranked = sorted(records, key=lambda record: _rank(record[0]))
    merged: Merged = {}
    for name in VOCABULARY:
        if name in insisted and insisted[name] is None:
            continue
        candidates = _candidates(name, ranked)
        override = insisted.get(name)
        if not is_empty(override) and name != "audio":
            entry = _entry(name, (PERSON, override), candidates)
        elif candidates:
            entry = _entry(name, candidates[0], candidates[1:])
        else:
            continue
        merged[name] = entry
    _settle_chapters(merged, ranked)
    _settle_series(merged, ranked)
    return merged


def values(merged: Merged) -> Fields:
    """Only the values, without their sources."""
    return {name: entry["value"] for name, entry in merged.items()}


def is_empty(value: Any) -> bool:
    """Whether a value says nothing; False and 0 do say something."""
    return value is None or value in ("", [], {})


def _rank(source: str) -> int:
    return {PERSON: 0, TAGS: 2, NAMES: 3}.get(source, 1)


def _candidates(name: str, ranked: Sequence[tuple[str, Fields]]) -> _Candidates:
    """(source, value) that a field could take, the best first."""
    found = [
        (source, value)
        for source, fields in ranked
        if not is_empty(value := _tidy(name, fields.get(name)))
    ]
    if name == "audio":
        return [one for one in found if one[0] == TAGS]
    if name == "runtime_ms":
        # The files are what is published; a provider knows another copy of them.
        return sorted(found, key=lambda one: one[0] != TAGS)
    return found


def _entry(name: str, winner: tuple[str, Any], others: _Candidates) -> dict[str, Any]:
    source, value = winner
    known = {_key(name, value)}
    alternatives = []
    for other_source, other in others:
        key = _key(name, other)
        if key not in known:
            known.add(key)
            alternatives.append({"source": other_source, "value": other})
    return {"value": value, "source": source, "alternatives": alternatives}


def _tidy(name: str, value: Any) -> Any:
    """The value with all its texts in NFC; descriptions safe whoever wrote them.

    A file or provider may say more than a person may write: it is cut there.
    """
    if isinstance(value, str):
        if name == "description_html":
            return sanitise_html(value)
        spec = VOCABULARY.get(name)
        is_line = spec is None or spec.kind is Kind.LINE
        longest = LONGEST_LINE if is_line else LONGEST_TEXT
        return unicodedata.normalize("NFC", value[:longest]).strip()[:longest]
    if isinstance(value, list):
        tidied = [_tidy("", one) for one in value]
        return [one for one in tidied if not is_empty(one)]
    if isinstance(value, dict):
        return {key: _tidy("", one) for key, one in value.items()}
    return value


def _key(name: str, value: Any) -> str:
    """What makes two values the same: ISBN-10 and 13 of one book do not differ."""
    if name == "isbn" and isinstance(value, str) and (isbn := clean_isbn(value)):
        value = isbn10_to_13(isbn) if len(isbn) == 10 else isbn
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)


def _settle_chapters(merged: Merged, ranked: Sequence[tuple[str, Fields]]) -> None:
    """A provider's chapters only where they fit the files, else the files' own.

    Whether times are vouched for is a statement about a provider's chapters alone.
    """
    merged.pop("chapters_accurate", None)
    entry = merged.get("chapters")
    if entry is None or entry["source"] == PERSON:
        return
    choice = choose_chapters(ranked, files=TAGS)
    if choice is None:
        del merged["chapters"]
        return
    merged["chapters"] = _entry("chapters", choice, _candidates("chapters", ranked))
    if choice[0] != TAGS:
        merged["chapters_accurate"] = _entry("chapters_accurate", (choice[0], True), [])


def _settle_series(merged: Merged, ranked: Sequence[tuple[str, Fields]]) -> None:
    """Positions that the winner does not know come from weaker sources."""
    entry = merged.get("series")
    if entry and entry["source"] != PERSON:
        weaker = [value for _, value in _candidates("series", ranked)]
        entry["value"] = merge_series(entry["value"], weaker)
