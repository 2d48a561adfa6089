"""What every provider of metadata is, takes and raises. No Django import.

MetadataError                code, a sentence for people, retry_after
├─ ProviderDisabled          switched off or set up wrongly      → go on without it
├─ MetadataNotFound          nothing there under this identifier → ask for another
│  └─ NotThatKind            a podcast, a periodical, a bundle   → the same
├─ ProviderRefused           the service calls our request wrong → show the sentence
│  └─ ProviderBlocked        the service keeps us out (403)      → show, do not insist
├─ ProviderUnavailable       no answer, or a failure over there  → ask again later
│  └─ ProviderRateLimited    too many requests                   → after retry_after
└─ UnreadableAnswer          HTML, nonsense, too large, redirect → show the sentence
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, ClassVar, Protocol

import requests

from common.errors import AppError
from releases.metadata.types import Fields, Notice


class MetadataError(AppError):
    """A provider could not answer. `retry_after` is in seconds, None when unknown."""

    code = "metadata_error"
    retry_after: float | None = None


class ProviderDisabled(MetadataError):
    """The provider has no address, or one that cannot be used."""

    code = "metadata_provider_disabled"


class MetadataNotFound(MetadataError):
    """The service answered, and has nothing under this identifier."""

    code = "metadata_not_found"


class NotThatKind(MetadataNotFound):
    """The identifier belongs to something else than a book."""

    code = "metadata_wrong_kind"


class ProviderRefused(MetadataError):
    """The service says that the request itself is wrong."""

    code = "metadata_refused"


class ProviderBlocked(ProviderRefused):
    """The service does not want requests from this program or network."""

    code = "metadata_blocked"


class ProviderUnavailable(MetadataError):
    """No connection, no answer in time, or a failure on the other side."""

    code = "metadata_unavailable"


class ProviderRateLimited(ProviderUnavailable):
    """Too many requests. The caller asks again after `retry_after` seconds."""

    code = "metadata_rate_limited"

    def __init__(self, message: str, *, retry_after: float) -> None:
        super().__init__(message, extra={"retry_after": retry_after})
        self.retry_after = retry_after


class UnreadableAnswer(MetadataError):
    """An answer that is not what the service promises."""

    code = "metadata_unreadable_answer"


class Cache(Protocol):
    """Keeps JSON values for a time. Keys are printable ASCII under 200 characters."""

    def get(self, key: str) -> dict[str, Any] | None:
        """The value put under this key, or None when unknown or expired."""

    def put(self, key: str, value: dict[str, Any], ttl: int) -> None:
        """Keep a JSON object for `ttl` seconds, in place of an older one."""


class NoCache:
    """A cache that forgets at once."""

    def get(self, key: str) -> dict[str, Any] | None:
        """Never knows anything."""
        return None

    def put(self, key: str, value: dict[str, Any], ttl: int) -> None:
        """Keeps nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderResult:
    """What one provider knows of one release.

    `fields` in the vocabulary of `types.Fields`; `raw` holds each answer whole, by
    endpoint; `region` is where they came from.
    """

    source: str
    fields: Fields
    raw: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    region: str = ""
    notices: tuple[Notice, ...] = ()


class MetadataProvider(ABC):
    """One web service. Built per task, used by one thread.

    `session` sets the user agent; `base_url` "" switches the provider off.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    docs_url: ClassVar[str]
    regions: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self, *, base_url: str, session: requests.Session, cache: Cache | None = None
    ) -> None:
        self.base_url = base_url
        self.session = session
        self.cache = cache or NoCache()

    @abstractmethod
    def fetch(
        self, asin: str, *, region: str = "", refresh: bool = False
    ) -> ProviderResult:
        """Everything the service knows of one book.

        `refresh` passes over our cache and asks the service to renew its own.
        Raises a MetadataError and nothing else; never sleeps for long.
        """

    def search(self, query: str, *, region: str = "") -> list[ProviderResult]:
        """Candidates for a title and author, best first. Override when it exists."""
        raise ProviderRefused(
            f"{self.label} cannot search by title: give the book's ASIN instead."
        )
