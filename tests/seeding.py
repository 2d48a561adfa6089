"""Uploads of the sandbox, followed in a real torrent client step by step."""

from tests.workers import wait_until
from uploads.models import Upload
from uploads.services.seeding import seeding_follow


def upload(site):
    return Upload.objects.get(tracker__slug=site)


def follow(site):
    """One step, now."""
    Upload.objects.filter(tracker__slug=site).exclude(seeding_due_at=None).update(
        seeding_due_at="2020-01-01T00:00:00Z"
    )
    seeding_follow(upload(site).pk)
    return upload(site)


def follow_until(site, wanted):
    def step():
        found = follow(site)
        return found if found.seeding == wanted else None

    return wait_until(step)


def states(server):
    return {info.hash: info.state_enum.value for info in server.api().torrents_info()}
