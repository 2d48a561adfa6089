"""Who is held to the contract: every family of the registry, in each dialect.

A new family adds its cases here and a stand-in to the sandbox; nothing else of the
suite changes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.payloads import make_payload
from trackers.adapters.base import TrackerAdapter
from trackers.registry import get_adapter_class
from trackers.types import TrackerSite, UploadPayload


@dataclass(frozen=True, kw_only=True)
class Case:
    """One site of the sandbox and how a good upload to it looks.

    `options` are all its family's options. `read_action` is what `check` asks for,
    `lookup_action` what `find_existing` asks for first, in the sandbox's words.
    """

    family: str
    slug: str
    name: str
    source_flag: str
    payload: Callable[..., UploadPayload]
    options: dict[str, Any] = field(default_factory=dict)
    read_action: str
    lookup_action: str

    def site(self, sandbox) -> TrackerSite:
        return TrackerSite(
            slug=self.slug,
            name=self.name,
            base_url=sandbox.url(self.slug),
            announce_url=sandbox.announce(self.slug),
            source_flag=self.source_flag,
            options=self.options,
        )

    def adapter(
        self, sandbox, session: requests.Session, **credential: str
    ) -> TrackerAdapter:
        values = {"api_key": sandbox.key(self.slug)}
        values["passkey"] = sandbox.passkey(self.slug)
        return self.adapter_class(self.site(sandbox), {**values, **credential}, session)

    @property
    def adapter_class(self) -> type[TrackerAdapter]:
        return get_adapter_class(self.family)


def _gazelle(slug: str, name: str) -> Case:
    flag = slug.upper()
    return Case(
        family="gazelle",
        slug=slug,
        name=name,
        source_flag=flag,
        payload=lambda **changes: make_payload(flag, **changes),
        options={"dialect": slug},
        read_action="index",
        lookup_action="torrent",
    )


CASES = (_gazelle("red", "Redacted"), _gazelle("ops", "Orpheus"))


def everything_told(error):
    """All texts of an error and of what led to it."""
    texts = []
    while error is not None:
        texts += [repr(error), str(error), repr(vars(error))]
        error = error.__cause__ or error.__context__
    return "\n".join(texts)
