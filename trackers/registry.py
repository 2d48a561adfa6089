"""The families Herald speaks. A site of a known family is a row, not code."""

from functools import cache
from importlib import import_module
from typing import Final

from trackers.adapters.base import TrackerAdapter
from trackers.errors import TrackerConfigError

FAMILIES: Final = {
    "gazelle": "trackers.adapters.gazelle.adapter.GazelleAdapter",
}


def families() -> tuple[str, ...]:
    """Return the ids of every family, in order."""
    return tuple(FAMILIES)


@cache
def get_adapter_class(family: str) -> type[TrackerAdapter]:
    """Return a family's adapter, imported on first use.

    Raises TrackerConfigError for a family that is not registered.
    """
    if family not in FAMILIES:
        raise TrackerConfigError(
            f'There is no tracker family "{family}". Known are: {", ".join(FAMILIES)}.'
        )
    module, _, name = FAMILIES[family].rpartition(".")
    found: type[TrackerAdapter] = getattr(import_module(module), name)
    return found
