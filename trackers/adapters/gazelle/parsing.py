"""Gazelle's answers read as they come: loose types, two envelopes, HTML in texts."""

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import nh3

SUCCESS: Final = "success"
REFUSALS: Final = frozenset({"failure", "error"})
DRY_RUN: Final = "dry run"
TRUE_WORDS: Final = frozenset({"true", "1", "yes"})
FALSE_WORDS: Final = frozenset({"false", "0", "no", ""})
BLOCK_TAGS: Final = re.compile(
    r"<\s*/?\s*(?:br|li|ul|ol|p|div|tr|h[1-6])\b[^>]*>", re.I
)
DUPLICATE: Final = re.compile(r"exact same torrent file already exists", re.I)
FIXED: Final = re.compile(r"thank you for fixing this torrent", re.I)
TORRENT_ID: Final = re.compile(r"torrentid=([0-9]{1,18})", re.I)
GROUP_ID: Final = re.compile(r"[?&;]id=([0-9]{1,18})", re.I)
IDENTIFIER: Final = re.compile(r"0*([1-9][0-9]{0,17})")
FILE_ENTRY: Final = re.compile(r"(.+)\{\{\{([0-9]{1,18})\}\}\}", re.S)
NOT_FOUND: Final = re.compile(r"^bad (?:id |hash )?parameters?\b", re.I)
# Anchored, because refusals quote file names, which may hold any words.
RATE_LIMIT: Final = re.compile(r"^rate limit(?:ing)? (?:exceeded|hit)", re.I)
REFUSED_ACCOUNT: Final = re.compile(
    r"^(?:invalid (?:token|authorization|api ?key|key)|bad credentials|unauthori[sz]ed"
    r"|this page (?:requires an api token|is limited to api key usage)"
    r"|your ip address has been banned)",
    re.I,
)
LONGEST_WAIT_S: Final = 86_400.0

# The words of a refusal, and the template field they are about.
FIELD_WORDS: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(shape, re.I), field)
    for shape, field in (
        (r"contained one or more|forbidden|too long a name", "files"),
        (r"release description", "release_description"),
        (r"\bimages?\b", "image"),
        (r"\btags?\b", "tags"),
        (r"\btitle\b", "title"),
        (r"\bdescription\b|album_desc|\bdesc\b", "description"),
        (r"other bitrate", "other_bitrate"),
        (r"\bbitrate\b", "bitrate"),
        (r"\bformat\b", "format"),
        (r"\byear\b", "year"),
        (r"\bartists?\b", "artists"),
        (r"\bcategory\b|type is not specified", "category"),
        (r"\btorrent\b|file_input", "torrent"),
    )
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A JSON envelope: its status word, the response in it, the error as sent.

    An answer that is no such envelope has the status "".
    """

    status: str = ""
    response: Any = None
    error: str = ""

    @property
    def readable(self) -> bool:
        """Whether there was an envelope at all."""
        return self.status != ""

    @property
    def refused(self) -> bool:
        """Whether the site says that it did not do what was asked."""
        return self.status in REFUSALS

    @property
    def not_found(self) -> bool:
        """Whether the site says that there is no such torrent."""
        return self.refused and bool(NOT_FOUND.search(self.error))

    @property
    def ok(self) -> bool:
        """Whether the site says that it did what was asked."""
        return self.status == SUCCESS

    def part(self, name: str = "") -> Mapping[str, Any]:
        """Return the response, or an object inside it; empty when it is none."""
        found = self.response
        if name:
            found = pick(found, name) if isinstance(found, Mapping) else None
        return found if isinstance(found, Mapping) else {}


@dataclass(frozen=True, slots=True)
class Row:
    """One torrent in a list; `size` in bytes. What the list does not say is empty."""

    torrent_id: str
    group_id: str
    title: str
    size: int = 0
    artist: str = ""
    format: str = ""
    encoding: str = ""


def read_answer(body: bytes) -> Answer:
    """Read an envelope; anything else (HTML, nothing, other JSON) is not readable."""
    try:
        found = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return Answer()
    if not isinstance(found, dict) or not isinstance(found.get("status"), str):
        return Answer()
    error = found.get("error")
    return Answer(
        status=found["status"].strip().lower(),
        response=found.get("response"),
        error=error if isinstance(error, str) else "",
    )


def plain(text: str) -> str:
    """Turn a sentence that may hold HTML and entities into one line of text."""
    spaced = BLOCK_TAGS.sub(" ", text)
    stripped = html.unescape(nh3.clean(spaced, tags=set()))
    return re.sub(r"\s+", " ", stripped).strip()


def pick(source: Mapping[str, Any], name: str) -> Any:
    """Look a key up whatever its spelling: torrentId, torrentid, torrent_id."""
    wanted = name.replace("_", "").lower()
    for key, value in source.items():
        if key.replace("_", "").lower() == wanted:
            return value
    return None


def identifier(value: Any) -> str:
    """Return an id that came as a number or as text; "" for none."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return ""
    found = IDENTIFIER.fullmatch(str(value).strip())
    return found[1] if found else ""


def count(value: Any) -> int:
    """Return a whole number that came as a number or as text; 0 for none."""
    return int(identifier(value) or 0)


def flag(value: Any) -> bool | None:
    """Return a boolean that came as one, as a number or as text; None for none."""
    if isinstance(value, bool | int):
        return bool(value)
    word = value.strip().lower() if isinstance(value, str) else None
    if word in TRUE_WORDS:
        return True
    return False if word in FALSE_WORDS else None


def infohash_kept(response: Mapping[str, Any]) -> bool | None:
    """Tell whether the stored torrent has our infohash: both flags were right."""
    private, source = flag(pick(response, "private")), flag(pick(response, "source"))
    if private is False or source is False:
        return False
    return True if private and source else None


def warnings(response: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the site's remarks on an accepted upload, as text."""
    found = pick(response, "warnings")
    sentences = found if isinstance(found, list) else [found]
    texts = (plain(each) for each in sentences if isinstance(each, str))
    return tuple(text for text in texts if text)


def duplicate_ids(error: str) -> tuple[str, str] | None:
    """Return torrent and group id ("" unknown) when an error says: already there."""
    if not (DUPLICATE.search(error) or FIXED.search(error)):
        return None
    text = html.unescape(error)
    torrent, group = TORRENT_ID.search(text), GROUP_ID.search(text)
    return (torrent[1] if torrent else "", group[1] if group else "")


def field_of(sentence: str) -> str:
    """Name the template field a refusal is about; "" when it names none."""
    return next((field for words, field in FIELD_WORDS if words.search(sentence)), "")


def http_date(header: str) -> datetime | None:
    """Read a date of an HTTP header; None when it is none."""
    try:
        found = parsedate_to_datetime(header.strip())
    except (ValueError, OverflowError):
        return None
    # A date without a zone is in UTC by definition.
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def wait_seconds(header: str, now: datetime) -> float | None:
    """Read a Retry-After header, seconds or a date; None when there is nothing."""
    text = header.strip()
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST_WAIT_S)
    until = http_date(text)
    if until is None:
        return None
    return min(max((until - now).total_seconds(), 0.0), LONGEST_WAIT_S)


def browse_rows(response: Mapping[str, Any]) -> Iterator[Row]:
    """Yield the torrents of a search: flat rows, and those inside groups."""
    results = pick(response, "results")
    for entry in _objects(results):
        group, title = identifier(pick(entry, "group_id")), pick(entry, "group_name")
        for torrent in (entry, *_objects(pick(entry, "torrents"))):
            torrent_id = identifier(pick(torrent, "torrent_id"))
            if torrent_id:
                yield Row(
                    torrent_id,
                    group,
                    text_of(title),
                    count(torrent.get("size")),
                    artist=text_of(pick(entry, "artist")),
                    format=text_of(pick(torrent, "format")),
                    encoding=text_of(pick(torrent, "encoding")),
                )


def uploaded_rows(response: Mapping[str, Any]) -> Iterator[Row]:
    """Yield the torrents of an account's list of uploads."""
    for entry in _objects(pick(response, "uploaded")):
        torrent_id = identifier(pick(entry, "torrent_id"))
        if torrent_id:
            yield Row(
                torrent_id,
                identifier(pick(entry, "group_id")),
                text_of(pick(entry, "name")),
            )


def file_list(torrent: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    """Read the files of a torrent, as paths below its folder and bytes.

    Empty when the list is missing or cannot be read whole.
    """
    listed, folder = pick(torrent, "file_list"), text_of(pick(torrent, "file_path"))
    entries = listed.split("|||") if isinstance(listed, str) and listed else []
    found = [FILE_ENTRY.fullmatch(html.unescape(entry)) for entry in entries]
    files = [(match[1], int(match[2])) for match in found if match]
    if len(files) != len(entries):
        return ()
    return tuple((f"{folder}/{name}" if folder else name, size) for name, size in files)


def text_of(value: Any) -> str:
    """Return a text that may have come HTML-escaped; "" for anything else."""
    return html.unescape(value) if isinstance(value, str) else ""


def same_title(one: str, other: str) -> bool:
    """Compare titles without case, entities and the space between words."""
    return _folded(one) == _folded(other)


def _folded(title: str) -> str:
    return " ".join(html.unescape(title).casefold().split())


def request_remark(response: Mapping[str, Any]) -> str:
    """Say that filling a request failed though the upload stands; "" otherwise."""
    filled = pick(response, "fill_request")
    if isinstance(filled, Mapping) and isinstance(filled.get("error"), str):
        return f"The request was not filled: {plain(filled['error'])}"
    if pick(response, "requestid") in (-1, "-1"):
        return "The request was not filled; the site gave no reason."
    return ""


def _objects(value: Any) -> list[dict[str, Any]]:
    entries = value if isinstance(value, list) else []
    return [entry for entry in entries if isinstance(entry, dict)]
