"""The sites Herald knows: facts in trackers.toml, read into dataclasses. Pure."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

TRACKERS_FILE = Path(__file__).parent / "trackers.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerSeed:
    """One known site; the fields of `trackers.models.Tracker` as the file has them.

    `announce_url` is a shape with `{passkey}`; `budget_requests` in `budget_seconds`
    is what one account may ask for.
    """

    slug: str
    name: str
    family: str
    base_url: str
    announce_url: str
    source_flag: str
    kinds: tuple[str, ...]
    docs_url: str
    budget_requests: int
    budget_seconds: int
    options: Mapping[str, Any] = field(default_factory=dict)
    torrent_rules: Mapping[str, Any] = field(default_factory=dict)


@cache
def load_seeds() -> tuple[TrackerSeed, ...]:
    """Return every known site, in the file's order."""
    entries = tomllib.loads(TRACKERS_FILE.read_text(encoding="utf-8"))["tracker"]
    return tuple(_seed(entry) for entry in entries)


def _seed(entry: dict[str, Any]) -> TrackerSeed:
    budget = entry.pop("budget")
    return TrackerSeed(
        **{**entry, "kinds": tuple(entry["kinds"])},
        budget_requests=budget["requests"],
        budget_seconds=budget["seconds"],
    )
