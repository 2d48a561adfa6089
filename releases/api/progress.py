"""What a stream about a release looks at: one cheap query."""

from typing import Any

from releases.models import Release
from releases.states import ReleaseState

MOVING = (ReleaseState.NEW, ReleaseState.PREPARING)


def progress_look(release_id: int) -> tuple[dict[str, Any], bool] | None:
    """State, progress and error now, and whether preparation is over; None: gone."""
    rows = Release.objects.filter(pk=release_id)
    state = rows.values("state", "progress", "error").first()
    return (dict(state), state["state"] not in MOVING) if state else None
