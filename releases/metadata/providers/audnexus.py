"""Audnexus: audiobook metadata and chapters by ASIN. https://audnex.us

Three answers make a result: the book is required, its chapters and the pages of its
authors are welcome. All come from one region: editions differ between stores, and
mixed data would describe a recording that does not exist.
"""

from typing import Any, ClassVar

import requests

from releases.metadata.answers import Limits
from releases.metadata.base import (
    Cache,
    MetadataError,
    MetadataNotFound,
    MetadataProvider,
    NotThatKind,
    ProviderRateLimited,
    ProviderRefused,
    ProviderResult,
    UnreadableAnswer,
)
from releases.metadata.identifiers import asin_warning, clean_asin
from releases.metadata.pacing import Pacer
from releases.metadata.providers.audnexus_client import AudnexusClient
from releases.metadata.providers.audnexus_parse import book_fields, chapter_fields
from releases.metadata.types import Fields, Notice

DEFAULT_URL = "https://api.audnex.us"
_MOST_AUTHORS = 5
# Paces all requests of this process, whoever builds the provider.
_PACER = Pacer()


class AudnexusProvider(MetadataProvider):
    """Books of Audible's stores. An empty `base_url` switches it off."""

    name = "audnexus"
    label = "Audnexus"
    docs_url = "https://github.com/laxamentumtech/audnexus"
    regions: ClassVar[tuple[str, ...]] = (
        *("us", "uk", "de", "fr", "ca"),
        *("au", "it", "es", "jp", "in"),
    )

    def __init__(
        self,
        *,
        base_url: str,
        session: requests.Session,
        cache: Cache | None = None,
        pacer: Pacer | None = None,
        limits: Limits | None = None,
    ) -> None:
        super().__init__(base_url=base_url, session=session, cache=cache)
        self._client = AudnexusClient(
            base_url,
            session,
            cache=self.cache,
            pacer=pacer or _PACER,
            limits=limits or Limits(),
        )

    def fetch(
        self, asin: str, *, region: str = "", refresh: bool = False
    ) -> ProviderResult:
        """The book, its chapters and its authors from the first region that has it.

        The person's region is asked first, then the others. Missing chapters or
        authors become notices. Raises a MetadataError; ProviderRateLimited also
        half-way, since what came before is in the cache by then.
        """
        wanted = _wanted_asin(asin)
        asked = self._order(region)
        book, found = self._book(wanted, asked, refresh=refresh)
        raw: dict[str, Any] = {"book": book, "chapters": {}, "authors": []}
        notices = list(_told(wanted, asked[0], found))
        fields, more = book_fields(book)
        notices += more
        notices += self._add_chapters(fields, raw, found, refresh=refresh)
        notices += self._add_authors(fields, raw, found)
        fields["region"] = found
        return ProviderResult(
            source=self.name,
            fields=fields,
            raw=raw,
            region=found,
            notices=tuple(notices),
        )

    def search(self, query: str, *, region: str = "") -> list[ProviderResult]:
        """At most ten books, in Audible's order. Older servers cannot search."""
        if not query.strip():
            raise ProviderRefused("Give a title or an author to search Audnexus for.")
        found = self._order(region)[0]
        results = []
        for book in self._client.search(query.strip(), found):
            if isinstance(book, dict) and clean_asin(str(book.get("asin", ""))):
                fields, notices = book_fields(book)
                results.append(
                    ProviderResult(
                        source=self.name,
                        fields=fields,
                        raw={"book": book},
                        region=found,
                        notices=notices,
                    )
                )
        return results

    def _order(self, region: str) -> tuple[str, ...]:
        first = {"gb": "uk", "ja": "jp"}.get(region.lower(), region.lower())
        if first and first not in self.regions:
            raise ProviderRefused(
                f"Audnexus has no region {region!r}: choose one of "
                f"{', '.join(self.regions)}."
            )
        rest = [one for one in self.regions if one != first]
        return (first, *rest) if first else tuple(rest)

    def _book(
        self, asin: str, regions: tuple[str, ...], *, refresh: bool
    ) -> tuple[dict[str, Any], str]:
        """The book's answer and its region, from the first region that has it."""
        for region in regions:
            try:
                book = self._client.get("book", asin, region, refresh=refresh)
            except NotThatKind:
                raise
            except MetadataNotFound:
                continue
            if not str(book.get("title") or "").strip():
                raise UnreadableAnswer(
                    f"Audnexus has a page for ASIN {asin} without a title: fill in "
                    "the fields by hand."
                )
            return book, region
        raise MetadataNotFound(
            f"Audnexus has no book with the ASIN {asin} in any region "
            f"({', '.join(regions)}). Compare the ASIN with the book's page, or fill "
            "in the fields by hand."
        )

    def _add_chapters(
        self, fields: Fields, raw: dict[str, Any], region: str, *, refresh: bool
    ) -> list[Notice]:
        asin = raw["book"]["asin"]
        try:
            raw["chapters"] = self._client.get(
                "chapters", asin, region, refresh=refresh
            )
        except ProviderRateLimited:
            raise
        except MetadataNotFound:
            message = (
                "Audnexus has no chapters for this book. That is common for new "
                "books; the chapters of the files are used."
            )
            return [Notice(code="chapters_missing", message=message)]
        except MetadataError as error:
            message = f"The book was read, its chapters were not. {error}"
            return [Notice(code="chapters_unavailable", message=message)]
        chapters, notices = chapter_fields(raw["chapters"])
        # The book's runtime is in whole minutes, this one in milliseconds.
        fields.update(chapters)
        return list(notices)

    def _add_authors(
        self, fields: Fields, raw: dict[str, Any], region: str
    ) -> list[Notice]:
        asins = [
            asin
            for author in fields.get("authors", [])
            if (asin := clean_asin(author.get("asin", "")))
        ]
        for asin in list(dict.fromkeys(asins))[:_MOST_AUTHORS]:
            try:
                raw["authors"].append(self._client.get("author", asin, region))
            except MetadataNotFound:
                continue
            except MetadataError as error:
                message = f"The book was read, its authors' pages were not. {error}"
                return [Notice(code="authors_unavailable", message=message)]
        return []


def _wanted_asin(text: str) -> str:
    asin = clean_asin(text)
    if not asin:
        raise ProviderRefused(
            f"{text!r} is not an ASIN. An ASIN has ten characters, begins with B or "
            "is the ISBN-10 of the book, and stands in the address of its page."
        )
    return asin


def _told(asin: str, wanted: str, found: str) -> list[Notice]:
    notices = []
    if warning := asin_warning(asin):
        notices.append(Notice(code="asin_checksum", message=warning))
    if found != wanted:
        message = (
            f"Audnexus does not have this book in region {wanted}; everything comes "
            f"from region {found}. Narrators, dates and length may differ from yours."
        )
        notices.append(Notice(code="other_region", message=message))
    return notices
