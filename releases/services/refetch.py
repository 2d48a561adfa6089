"""Asking the sources of a release anew, without waiting for its next preparation."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from common.queue import enqueue
from releases.errors import ReleaseError
from releases.models import MetadataRecord, Release
from releases.services.enrich import known_asin, release_enrich
from releases.services.lifecycle import release_mark_changed
from releases.services.moves import release_lock
from releases.services.prepare import prepare_request
from releases.services.remerge import release_merge
from releases.states import ReleaseState

REFETCH_TASK = "releases.tasks.refetch_release"
Source = MetadataRecord.Source
ALL = "all"
SOURCES = (*Source.values, ALL)


def refetch_request(*, release_id: int, source: str) -> bool:
    """Queue a question to one source, or to all; the cache is passed over.

    True when the release is prepared again for it: what files say is read with
    them. Raises ReleaseError.
    """
    if source in (Source.TAGS, Source.NAMES):
        prepare_request(release_id)
        return True
    if source not in SOURCES:
        raise ReleaseError(
            _("There is no source of this name. Choose one on the release's page."),
            code="source_unknown",
        )
    release = Release.objects.get(pk=release_id)
    is_ready = release.state == ReleaseState.READY
    can_ask = bool(settings.AUDNEXUS_URL and known_asin(release))
    if source == ALL and not (is_ready and can_ask):
        prepare_request(release_id)
        return True
    if not is_ready:
        raise ReleaseError(
            _(
                "A source is asked again only for a release that is ready. "
                "Reopen it, or wait until it is prepared."
            ),
            code="release_not_ready",
        )
    if not can_ask:
        raise ReleaseError(
            _("Audnexus is asked by ASIN, and none is known. Enter it first."),
            code="asin_missing",
        )
    enqueue(REFETCH_TASK, release_id=release_id, source=source)
    return source == ALL


def release_refetch(*, release_id: int, source: str) -> None:
    """Ask Audnexus again, and take what it says; then the files, if all were meant.

    A release that somebody decided on or began to prepare meanwhile stays as it is,
    and so does what somebody changed of it while the answer was awaited.
    """
    release = _ready(release_id)
    if release is None:
        return
    release_enrich(release, refresh=True)
    with transaction.atomic():
        release_lock(release_id)
        release = _ready(release_id)
        if release is None:
            return
        if source == ALL:
            prepare_request(release_id)
            return
        before = release.metadata
        release_merge(release)
        if release.metadata == before:
            return
        release.revision += 1
        release.save(update_fields=["revision", "updated_at"])
        release_mark_changed(
            release_id=release_id, reason="Audnexus was asked again and says otherwise."
        )


def _ready(release_id: int) -> Release | None:
    ready = Release.objects.filter(pk=release_id, state=ReleaseState.READY)
    return ready.select_related("library").first()
