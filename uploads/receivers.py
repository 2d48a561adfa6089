"""What uploads does when a release was prepared or changed, or a client answers."""

from typing import Any

from django.dispatch import receiver

from common.queue import enqueue
from releases.signals import (
    client_answered,
    release_changed,
    release_prepared,
    release_ready,
)
from uploads.services.approval import approvals_void
from uploads.services.drafting import drafts_make
from uploads.services.recovery import DRAFT_TASK
from uploads.services.rules import rules_apply
from uploads.services.seeding import client_looks


@receiver(release_prepared)
def draft(*, release_id: int, **kwargs: Any) -> None:
    """Make the drafts while the release is still being prepared."""
    drafts_make(release_id)


@receiver(release_ready)
def decide(*, release_id: int, **kwargs: Any) -> None:
    """Let the rules approve what nobody needs to look at."""
    rules_apply(release_id)


@receiver(release_changed)
def void(*, release_id: int, reason: str, **kwargs: Any) -> None:
    """End approvals and render the drafts again."""
    approvals_void(release_id, reason)
    enqueue(DRAFT_TASK, release_id=release_id)


@receiver(client_answered)
def look(*, client_id: int, **kwargs: Any) -> None:
    """Follow at once what waits for this client."""
    client_looks(client_id)
