"""What workers are asked to do: ids in, one service call."""

from releases.services.places import preparation_place
from releases.services.prepare import prepare_later, release_prepare
from releases.services.refetch import release_refetch
from releases.services.watches import watch_scan


def prepare_release(*, release_id: int, since: int | None = None, **_: object) -> None:
    """Prepare a release, from its files to its drafts."""
    with preparation_place() as is_free:
        if is_free:
            release_prepare(release_id, since=since)
        else:
            prepare_later(release_id, since=since)


def refetch_release(*, release_id: int, source: str, **_: object) -> None:
    """Ask a release's sources again."""
    release_refetch(release_id=release_id, source=source)


def watch(*, watch_id: int, **_: object) -> None:
    """Look into a watch folder, unless only the last free worker could."""
    with preparation_place() as is_free:
        if is_free:
            watch_scan(watch_id)
