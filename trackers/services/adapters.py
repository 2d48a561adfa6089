"""From rows to an adapter."""

from collections.abc import Mapping

from common.http import build_session
from trackers.adapters.base import TrackerAdapter
from trackers.models import Credential, Tracker
from trackers.registry import get_adapter_class
from trackers.services.pacing import Answer, PacedAdapter
from trackers.types import Action


def adapter_open(
    tracker: Tracker,
    credential: Credential | None,
    *,
    paced: Action | None = None,
    answers: list[Answer] | None = None,
    aside: bool = False,
) -> TrackerAdapter:
    """The adapter for one account; without one only its pure methods are of use.

    `paced`: each of its questions is one such request of the account's budget, or raises
    BudgetSpent. `answers` and `aside` as in PacedAdapter. Use it
    as a context manager. Raises VaultError when the values cannot be decrypted.
    """
    values: Mapping[str, str] = (
        {name: str(value) for name, value in credential.values.items()}
        if credential is not None
        else {}
    )
    session = build_session()
    if paced is not None and credential is not None:
        for prefix in ("http://", "https://"):
            session.mount(prefix, PacedAdapter(credential, paced, answers, aside=aside))
    adapter = get_adapter_class(tracker.family)
    return adapter(tracker.site, values, session)
