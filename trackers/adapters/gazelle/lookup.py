"""Finding a torrent on a Gazelle site. Each way is asked only if the last found none."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, Protocol

from trackers.adapters.gazelle import parsing
from trackers.adapters.gazelle.dialects import Dialect
from trackers.adapters.gazelle.mapping import CATEGORIES
from trackers.adapters.gazelle.verdicts import torrent_url
from trackers.errors import QuestionRefused, TrackerAuthError, TrackerUnavailable
from trackers.types import Existing, TrackerSite, UploadPayload

# Words of a search; more make no result likelier and the address too long.
MAX_SEARCH_WORDS: Final = 12
UPLOADS_LOOKED_AT: Final = 50


class Ask(Protocol):
    """The adapter's question: an action with its parameters, answered or raised."""

    def __call__(self, action: str, /, **params: str) -> parsing.Answer: ...


class Lookup:
    """One search for one payload."""

    def __init__(self, site: TrackerSite, dialect: Dialect, ask: Ask) -> None:
        self.site = site
        self.dialect = dialect
        self.ask = ask

    def find(self, payload: UploadPayload) -> Existing | None:
        """Return the payload's torrent, or one with the same content, or None."""
        return (
            self._by_infohash(payload)
            or self._by_title(payload)
            or self._by_file_name(payload)
            or self._among_own_uploads(payload)
        )

    def _by_infohash(self, payload: UploadPayload) -> Existing | None:
        answer = self.ask("torrent", hash=payload.torrent.infohash.upper())
        if answer.not_found:
            return None
        found = self._described(answer, payload.torrent.infohash)
        if found is None:
            raise TrackerUnavailable(
                f"{self.site.name} knows the infohash, but its answer has no torrent "
                "number. Look on the site.",
                tracker=self.site.slug,
            )
        return found

    def _by_title(self, payload: UploadPayload) -> Existing | None:
        rows = self._browse(payload, "searchstr", payload.title)
        return self._first(
            row
            for row in rows
            if row.size == payload.torrent.size
            and parsing.same_title(row.title, payload.title)
        )

    def _by_file_name(self, payload: UploadPayload) -> Existing | None:
        """A title may have been edited on the site; the files cannot."""
        largest = max(payload.torrent.files, key=lambda entry: entry[1], default=None)
        if largest is None:
            return None
        name = largest[0].rsplit("/", 1)[-1]
        rows = self._browse(payload, "filelist", name)
        return self._first(row for row in rows if row.size == payload.torrent.size)

    def _browse(
        self, payload: UploadPayload, field: str, text: str
    ) -> Iterable[parsing.Row]:
        """Search by the words of a text; no other character means anything there."""
        words = re.findall(r"\w+", text)[:MAX_SEARCH_WORDS]
        if not words or not payload.torrent.size:
            return ()
        # Searches count categories from 1, uploads from 0.
        number = int(CATEGORIES.get(payload.category, "-1")) + 1
        category = {f"filter_cat[{number}]": "1"} if number else {}
        answer = self.ask("browse", **{field: " ".join(words)}, **category)
        return parsing.browse_rows(answer.part())

    def _first(self, rows: Iterable[parsing.Row]) -> Existing | None:
        row = next(iter(rows), None)
        if row is None:
            return None
        described = self._described(self.ask("torrent", id=row.torrent_id))
        return described or Existing(
            remote_id=row.torrent_id,
            url=torrent_url(self.site, row.torrent_id, row.group_id),
            title=row.title,
        )

    def _among_own_uploads(self, payload: UploadPayload) -> Existing | None:
        """Look through the account's own uploads, where the site lists them."""
        if not self.dialect.uploads_listed:
            return None
        for row in self._own_uploads():
            if parsing.same_title(row.title, payload.title):
                answer = self.ask("torrent", id=row.torrent_id)
                same = _size(answer) == payload.torrent.size
                return self._described(answer) if same else None
        return None

    def _own_uploads(self) -> Iterable[parsing.Row]:
        """The uploads; none when the site will not list them to this key.

        Which words it has for a missing User scope is not known, so every refusal
        counts as one. It says nothing about the key as such, which has just answered
        other questions. A failure to answer is raised.
        """
        try:
            user = parsing.identifier(self.ask("index").part().get("id"))
            if not user:
                return ()
            answer = self.ask(
                "user_torrents", id=user, type="uploaded", limit=str(UPLOADS_LOOKED_AT)
            )
        except (TrackerAuthError, QuestionRefused):
            return ()
        return parsing.uploaded_rows(answer.part())

    def _described(self, answer: parsing.Answer, infohash: str = "") -> Existing | None:
        """Read a `torrent` answer; None when it has no torrent in it."""
        torrent, group = answer.part("torrent"), answer.part("group")
        torrent_id = parsing.identifier(torrent.get("id"))
        if not torrent_id:
            return None
        return Existing(
            remote_id=torrent_id,
            url=torrent_url(self.site, torrent_id, parsing.identifier(group.get("id"))),
            infohash=infohash or _infohash(torrent),
            title=parsing.text_of(group.get("name")),
        )


def _infohash(torrent: Mapping[str, Any]) -> str:
    """The infohash in our form; "" where the site does not show it."""
    found = parsing.pick(torrent, "info_hash")
    return found.lower() if isinstance(found, str) else ""


def _size(answer: parsing.Answer) -> int:
    return parsing.count(answer.part("torrent").get("size"))
