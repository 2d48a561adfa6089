"""Read queries on trackers."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from common.errors import AppError
from trackers.models import Tracker


def trackers_for(wanted: Sequence[str], kind: str) -> list[Tracker]:
    """The active trackers named, or all of them, that take releases of this kind.

    Raises AppError for a name that is no active tracker.
    """
    active = {
        tracker.slug: tracker for tracker in Tracker.objects.filter(is_active=True)
    }
    unknown = [slug for slug in wanted if slug not in active]
    if unknown:
        raise AppError(
            _("No active tracker is called %(names)s. There are: %(known)s.")
            % {
                "names": ", ".join(unknown),
                "known": ", ".join(sorted(active)) or _("none yet"),
            },
            code="tracker_unknown",
        )
    chosen = [active[slug] for slug in wanted] if wanted else list(active.values())
    return [tracker for tracker in chosen if not tracker.kinds or kind in tracker.kinds]


def tracker_choices() -> list[tuple[str, str]]:
    """Slugs and names of the active trackers, to choose from."""
    return list(Tracker.objects.filter(is_active=True).values_list("slug", "name"))
