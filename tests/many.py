"""A queue of any length: uploads that are approved and wait, as bulk-made rows."""

from django.utils import timezone

from releases.models import Release
from tests import factories
from trackers.models import Tracker
from uploads.models import Upload


def pending(count: int, *, tracker: Tracker, heavy: int = 0) -> None:
    """So many uploads to one tracker, each with `heavy` bytes of payload and torrent."""
    library = factories.LibraryFactory()
    releases = Release.objects.bulk_create(
        [
            Release(
                library=library,
                source_path=f"Many {number}",
                name=f"Many {number}",
                title=f"Many {number}",
                kind="audiobook",
                state="approved",
            )
            for number in range(count)
        ]
    )
    now = timezone.now()
    Upload.objects.bulk_create(
        [
            Upload(
                release=release,
                tracker=tracker,
                status="pending",
                digest="d",
                approved_digest="d",
                approved_at=now,
                payload={"description": "x" * heavy},
                torrent_file=b"x" * heavy,
            )
            for release in releases
        ],
        batch_size=500,
    )
