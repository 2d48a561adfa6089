"""Finding a torrent on a Gazelle site. Each way is asked only if the last found none."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Protocol

from trackers.adapters.gazelle import parsing
from trackers.adapters.gazelle.dialects import Dialect
from trackers.adapters.gazelle.links import torrent_url
from trackers.adapters.gazelle.mapping import CATEGORIES
from trackers.errors import (
    QuestionRefused,
    TrackerAuthError,
    TrackerError,
    TrackerUnavailable,
)
from trackers.types import (
    Existing,
    Finding,
    TorrentFile,
    TrackerSite,
    UploadPayload,
    Way,
)

# Words of a search; more make no result likelier and the address too long.
MAX_SEARCH_WORDS: Final = 12
UPLOADS_LOOKED_AT: Final = 50
LATEST: Final = f"the latest {UPLOADS_LOOKED_AT} of this account"


# What was found, and words for when it is nothing.
Look = tuple[Existing | None, str]


class Ask(Protocol):
    """The adapter's question: an action with its parameters, answered or raised."""

    def __call__(self, action: str, /, **params: str) -> parsing.Answer: ...


class Lookup:
    """One search for one payload. `tell` hears of each question and its answer."""

    def __init__(
        self,
        site: TrackerSite,
        dialect: Dialect,
        ask: Ask,
        tell: Callable[[Finding], object],
    ) -> None:
        self.site = site
        self.dialect = dialect
        self.ask = ask
        self.tell = tell

    def find(self, payload: UploadPayload) -> Existing | None:
        """Return the payload's torrent, or one with the same files, or None.

        The files are compared by size and name: what is in them, nobody has seen.
        """
        torrent = payload.torrent
        # A title may have been edited on the site; the files cannot.
        ways: tuple[tuple[Way, str, Callable[[UploadPayload, str], Look]], ...] = (
            (Way.INFOHASH, torrent.infohash, self._by_infohash),
            (Way.TITLE, words_of(payload.title), self._by_title),
            (Way.FILE_NAME, largest_name(torrent), self._by_file_name),
            (Way.OWN_UPLOADS, LATEST, self._among_own_uploads),
        )
        for way, asked, look in ways:
            found = self._told(way, asked, look, payload)
            if found is not None:
                return found
        return None

    def _told(
        self,
        way: Way,
        asked: str,
        look: Callable[[UploadPayload, str], Look],
        payload: UploadPayload,
    ) -> Existing | None:
        try:
            found, words = look(payload, asked)
        except TrackerError as exc:
            self.tell(Finding(way=way, asked=asked, found=exc.message))
            raise
        if found is not None:
            words = _described_as(found, payload.torrent.infohash)
        self.tell(Finding(way=way, asked=asked, found=words))
        return found

    def _by_infohash(self, payload: UploadPayload, infohash: str) -> Look:
        answer = self.ask("torrent", hash=infohash.upper())
        if answer.not_found:
            return None, "No such torrent."
        found = described(self.site, answer, infohash)
        if found is None:
            raise TrackerUnavailable(
                f"{self.site.name} knows the infohash, but its answer has no torrent "
                "number. Look on the site.",
                tracker=self.site.slug,
            )
        return found, ""

    def _by_title(self, payload: UploadPayload, words: str) -> Look:
        rows = self._browse(payload, "searchstr", words)
        fitting = (
            row
            for row in rows
            if row.size == payload.torrent.size
            and parsing.same_title(row.title, payload.title)
        )
        return self._first(fitting), _none_of(rows, "this title and size")

    def _by_file_name(self, payload: UploadPayload, words: str) -> Look:
        rows = self._browse(payload, "filelist", words)
        fitting = (row for row in rows if row.size == payload.torrent.size)
        return self._first(fitting), _none_of(rows, "this size")

    def _browse(
        self, payload: UploadPayload, field: str, words: str
    ) -> list[parsing.Row]:
        if not words or not payload.torrent.size:
            return []
        return browse(self.ask, payload.category, field, words)

    def _first(self, rows: Iterable[parsing.Row]) -> Existing | None:
        row = next(iter(rows), None)
        if row is None:
            return None
        found = described(self.site, self.ask("torrent", id=row.torrent_id))
        return found or Existing(
            remote_id=row.torrent_id,
            url=torrent_url(self.site, row.torrent_id, row.group_id),
            title=row.title,
        )

    def _among_own_uploads(self, payload: UploadPayload, _: str) -> Look:
        """Look through the account's own uploads, where the site lists them."""
        if not self.dialect.uploads_listed:
            return None, f"Not asked: {self.site.name} has no such list."
        rows = self._own_uploads()
        if rows is None:
            return None, f"{self.site.name} does not list them to this key."
        for row in rows:
            if parsing.same_title(row.title, payload.title):
                answer = self.ask("torrent", id=row.torrent_id)
                if parsing.count(answer.part("torrent").get("size")) != (
                    payload.torrent.size
                ):
                    return None, "One has this title, but another size."
                return described(self.site, answer), "One has this title and size."
        return None, f"None of {len(rows)} has this title."

    def _own_uploads(self) -> list[parsing.Row] | None:
        """The uploads; None when the site will not list them to this key.

        Which words it has for a missing User scope is not known, so every refusal
        counts as one. It says nothing about the key as such, which has just answered
        other questions. A failure to answer is raised.
        """
        try:
            user = parsing.identifier(self.ask("index").part().get("id"))
            if not user:
                return None
            answer = self.ask(
                "user_torrents", id=user, type="uploaded", limit=str(UPLOADS_LOOKED_AT)
            )
        except (TrackerAuthError, QuestionRefused):
            return None
        return list(parsing.uploaded_rows(answer.part()))


def by_number(site: TrackerSite, ask: Ask, number: str) -> Existing | None:
    """The torrent of that number; None when the site has none."""
    answer = ask("torrent", id=number)
    if answer.not_found:
        return None
    found = described(site, answer)
    if found is None:
        raise TrackerUnavailable(
            f"{site.name} answered about torrent {number} in a way that cannot be "
            "read. Look on the site.",
            tracker=site.slug,
        )
    return found


def described(
    site: TrackerSite, answer: parsing.Answer, infohash: str = ""
) -> Existing | None:
    """Read a `torrent` answer; None when it has no torrent in it."""
    torrent, group = answer.part("torrent"), answer.part("group")
    torrent_id = parsing.identifier(torrent.get("id"))
    if not torrent_id:
        return None
    return Existing(
        remote_id=torrent_id,
        url=torrent_url(site, torrent_id, parsing.identifier(group.get("id"))),
        infohash=infohash or _infohash(torrent),
        title=parsing.text_of(group.get("name")),
        size=parsing.count(torrent.get("size")),
        files=parsing.file_list(torrent),
    )


def _infohash(torrent: Mapping[str, Any]) -> str:
    """The infohash in our form; "" where the site does not show it."""
    found = parsing.pick(torrent, "info_hash")
    return found.lower() if isinstance(found, str) else ""


def words_of(text: str) -> str:
    """Return a text's words; no other character means anything in a search."""
    return " ".join(re.findall(r"\w+", text)[:MAX_SEARCH_WORDS])


def largest_name(torrent: TorrentFile) -> str:
    """Return the words of the largest file's name; "" without any."""
    largest = max(torrent.files, key=lambda entry: entry[1], default=("", 0))[0]
    return words_of(largest.rsplit("/", 1)[-1])


def browse(ask: Ask, category: str, field: str, words: str) -> list[parsing.Row]:
    """Search one field, among the torrents of our category where the site has it."""
    # Searches count categories from 1, uploads from 0.
    number = int(CATEGORIES.get(category, "-1")) + 1
    wanted = {f"filter_cat[{number}]": "1"} if number else {}
    answer = ask("browse", **{field: words}, **wanted)
    return list(parsing.browse_rows(answer.part()))


def _none_of(rows: list[parsing.Row], what: str) -> str:
    return f"None of {len(rows)} has {what}." if rows else "Nothing."


def _described_as(found: Existing, infohash: str) -> str:
    if not found.infohash:
        return (
            f"Torrent {found.remote_id}; the site hides its infohash from this account."
        )
    if found.infohash != infohash:
        return (
            f"Torrent {found.remote_id}: the same sizes and file names in another "
            f"torrent, with infohash {found.infohash}."
        )
    return f"Torrent {found.remote_id}."
