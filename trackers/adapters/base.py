"""The contract every family of sites fulfils.

A family states what it can do by its class attributes and fills in the steps;
`upload` walks them in one fixed order. Adapters never sleep, never retry, and know
neither the ORM nor what a release is: whoever calls decides what a failure means,
by the error class (trackers/errors.py).
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import TracebackType
from typing import Any, ClassVar, Self, final
from urllib.parse import quote, quote_plus

import requests

from common.redact import redact
from trackers.adapters import words
from trackers.adapters.addresses import leads_below
from trackers.errors import (
    TrackerConfigError,
    TrackerError,
    UnsupportedByTracker,
)
from trackers.types import (
    Capability,
    CheckResult,
    CredentialField,
    Existing,
    Finding,
    Markup,
    OptionField,
    Problem,
    Severity,
    Similar,
    TrackerSite,
    UploadPayload,
    UploadResult,
    Way,
)

PASSKEY_MARK = "{passkey}"
HIDDEN = "[hidden]"
SHORTEST_SECRET = 4


class TrackerAdapter(ABC):
    """One account on one site. Use it as a context manager; it closes the session.

    Building it reads nothing and sends nothing; a credential may be empty as long as
    only the pure methods (`site_values`, `form_fields`, `validate`, those about links)
    are used. `findings` tells what `find_existing` asked, and what came back, also
    when it raised.
    """

    family: ClassVar[str]
    label: ClassVar[str]
    docs_url: ClassVar[str]
    credential_fields: ClassVar[tuple[CredentialField, ...]]
    option_fields: ClassVar[tuple[OptionField, ...]] = ()
    capabilities: ClassVar[frozenset[Capability]] = frozenset()
    # Each way of finding an upload, and how many seconds it may go on missing one that
    # is there.
    ways: ClassVar[Mapping[Way, float]] = {}
    # What `find_similar` goes by besides title and files: names of attributes.
    similar_by: ClassVar[tuple[str, ...]] = ()
    markup: ClassVar[Markup]
    rewrites_torrent: ClassVar[bool]

    def __init__(
        self,
        site: TrackerSite,
        credential: Mapping[str, str],
        session: requests.Session,
    ) -> None:
        self.site = site
        self.session = session
        self.findings: list[Finding] = []
        self._credential = dict(credential)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.site.slug}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self.session.close()

    # --- What a family writes ------------------------------------------------------

    @abstractmethod
    def check(self) -> CheckResult:
        """Ask the site who we are: one cheap call that changes nothing.

        Failures are raised as TrackerError; a result always has `ok=True`.
        """

    @abstractmethod
    def site_values(self, kind: str, context: Mapping[str, Any]) -> dict[str, str]:
        """Our vocabulary in the site's words, for templates (there called `site`).

        `context` is the template context; what the site has no word for is absent or
        keeps our own word, which `validate` then refuses by name.
        """

    @abstractmethod
    def validate(self, payload: UploadPayload) -> list[Problem]:
        """Say what the site cannot express. Pure; policy is the site's to enforce."""

    @abstractmethod
    def form_fields(self, payload: UploadPayload) -> tuple[tuple[str, str], ...]:
        """Return the exact form without files, in order. Pure; holds no secret."""

    @abstractmethod
    def build_request(self, payload: UploadPayload) -> requests.Request:
        """Make the upload request. Pure; its headers carry the credential."""

    @abstractmethod
    def send_upload(
        self, request: requests.Request, on_sending: Callable[[], None] | None
    ) -> requests.Response:
        """Send once. Raises TrackerUnavailable (nothing left) or OutcomeUnknown."""

    @abstractmethod
    def classify(self, response: requests.Response) -> TrackerError | None:
        """Read the body of an upload's answer: the failure it tells of, or None."""

    @abstractmethod
    def parse_upload(self, response: requests.Response) -> UploadResult:
        """Read an answer that `classify` let through. Pure.

        Raises UnreadableResponse when the ids are missing.
        """

    def mapping_notes(self, kind: str, context: Mapping[str, Any]) -> list[Problem]:
        """Say what gets lost between our vocabulary and the site's (warnings)."""
        del kind, context
        return []

    def find_existing(self, payload: UploadPayload) -> Existing | None:
        """Look for the payload's torrent on the site; None when it is not there.

        Every failure to look raises TrackerUnavailable or TrackerAuthError: None is
        only said after the site answered.
        """
        del payload
        raise self.unsupported(Capability.SEARCH)

    def find_similar(self, payload: UploadPayload) -> list[Similar]:
        """Look for torrents of the same work, the surest first; only a few requests.

        A family that declares SEARCH writes it. Failures as in `find_existing`.
        """
        del payload
        return []

    def existing_by_number(self, number: str) -> Existing | None:
        """Ask for one torrent by the site's number; None when there is none.

        Failures as in `find_existing`.
        """
        del number
        raise self.unsupported(Capability.LOOK_UP)

    def number_in(self, link: str) -> str:
        """Read a torrent's number out of a link to the site, or one typed alone. Pure.

        "" when there is none.
        """
        del link
        return ""

    def page_of(self, number: str) -> str:
        """Return the address of a torrent's page, for people. Pure."""
        del number
        return ""

    def search_page(self, title: str) -> str:
        """Return the address of a search for a title, for people; "" for none. Pure."""
        del title
        return ""

    def download_torrent(self, result: UploadResult) -> bytes:
        """Fetch the site's own .torrent of an upload."""
        del result
        raise self.unsupported(Capability.DOWNLOAD_TORRENT)

    # --- What they all share ---------------------------------------------------------

    @classmethod
    def index_lag(cls) -> float:
        """Seconds after which no way can miss an upload that is there."""
        return max(cls.ways.values(), default=0.0)

    @final
    def owns_link(self, link: str) -> bool:
        """Tell whether a link leads to a page of this site, by http or https."""
        return leads_below(self.site.base_url, link)

    @final
    def upload(
        self,
        payload: UploadPayload,
        *,
        on_sending: Callable[[], None] | None = None,
    ) -> UploadResult:
        """Send the payload once and say what became of it.

        `on_sending` is called when everything is ready and before the first byte
        leaves; if it raises, nothing is sent. The result's `infohash` is filled in
        where the site says that it kept ours.
        """
        errors = [
            problem
            for problem in self.validate(payload)
            if problem.severity is Severity.ERROR
        ]
        if errors:
            raise UnsupportedByTracker(
                words.CANNOT_TAKE
                % {
                    "site": self.site.name,
                    "why": " ".join(problem.message for problem in errors),
                },
                tracker=self.site.slug,
            )
        response = self.send_upload(self.build_request(payload), on_sending)
        failure = self.classify(response)
        if failure is not None:
            raise failure
        result = self.parse_upload(response)
        if result.infohash_kept:
            return replace(result, infohash=payload.torrent.infohash)
        return result

    def announce_url(self) -> str:
        """Return the finished announce URL. It is a secret.

        Raises TrackerConfigError when the passkey is needed and missing or malformed.
        """
        if PASSKEY_MARK not in self.site.announce_url:
            return self.site.announce_url
        passkey = self.secret("passkey")
        if quote(passkey, safe="") != passkey:
            raise TrackerConfigError(
                words.ODD_PASSKEY % {"site": self.site.name},
                tracker=self.site.slug,
            )
        return self.site.announce_url.replace(PASSKEY_MARK, passkey)

    def secret(self, name: str) -> str:
        """Return one credential value; TrackerConfigError when it is missing."""
        value = self._credential.get(name, "").strip()
        if not value:
            label = next(
                (known.label for known in self.credential_fields if known.name == name),
                name,
            )
            raise TrackerConfigError(
                words.NO_VALUE % {"site": self.site.name, "label": label},
                tracker=self.site.slug,
            )
        return value

    def hide(self, text: str) -> str:
        """Take every secret out of a text that will be kept or shown."""
        open_names = {
            known.name for known in self.credential_fields if not known.secret
        }
        secrets = {
            form
            for name, value in self._credential.items()
            if name not in open_names and len(value.strip()) >= SHORTEST_SECRET
            for form in (value.strip(), quote(value.strip()), quote_plus(value.strip()))
        }
        for secret in sorted(secrets, key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
        return redact(text)

    def unsupported(self, capability: Capability) -> UnsupportedByTracker:
        """Make the error for a capability that the family does not declare."""
        return UnsupportedByTracker(
            words.CANNOT_DO
            % {"family": self.label, "what": capability.value.replace("_", " ")},
            tracker=self.site.slug,
        )
