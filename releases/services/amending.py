"""Wishes about a release that exists, before it is prepared again."""

from collections.abc import Sequence

from django.db import transaction

from releases.models import Release, ReleaseAct
from releases.services.acts import act_note, changed
from releases.services.ingest import check_wishes
from releases.services.prepare import prepare_request


def release_amend(
    *,
    release_id: int,
    kind: str = "",
    asin: str = "",
    targets: Sequence[str] | None = None,
    torrent_file: bytes | None = None,
) -> None:
    """Change what was wished when the release was made; what is empty stays.

    `targets` stay where they are None; empty, they are every active tracker. It has to be prepared again afterwards. Raises as `release_create` does.
    """
    code, given = check_wishes(kind=kind, asin=asin, torrent_file=torrent_file)
    release = Release.objects.get(pk=release_id)
    if kind:
        release.kind = kind
    if code:
        release.overrides = {**release.overrides, "asin": code}
    if targets is not None:
        release.targets = list(targets)
    if given is not None:
        release.given_torrent = given
    release.save(
        update_fields=["kind", "overrides", "targets", "given_torrent", "updated_at"]
    )


def release_correct(
    *,
    release_id: int,
    kind: str = "",
    targets: Sequence[str] | None = None,
    actor_id: int | None = None,
) -> None:
    """Amend a release and queue its preparation.

    Raises ReleaseError, and changes nothing, when it is approved or being prepared.
    """
    with transaction.atomic():
        wishes = Release.objects.values("kind", "targets")
        before = wishes.get(pk=release_id)
        release_amend(release_id=release_id, kind=kind, targets=targets)
        act_note(
            release_id,
            ReleaseAct.What.WISHES,
            actor_id=actor_id,
            changes=changed(before, wishes.get(pk=release_id)),
        )
        prepare_request(release_id)
