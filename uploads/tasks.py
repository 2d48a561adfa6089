"""What workers are asked to do: ids in, one service call."""

from uploads.services.drafting import drafts_renew, edited_publish
from uploads.services.heartbeat import heartbeat_write
from uploads.services.hooking import delivery_send
from uploads.services.notifying import notification_deliver
from uploads.services.parallel import uploads_start
from uploads.services.rules import rules_apply
from uploads.services.searching import upload_search
from uploads.services.seeding import seeding_follow
from uploads.services.settling import upload_settle
from uploads.services.tallying import tallies_refresh
from uploads.services.watching import seeding_watch


def work(**_: object) -> None:
    """Send what is due, the most urgent first."""
    uploads_start()


def settle(*, upload_id: int, **_: object) -> None:
    """Ask the tracker about an unknown upload."""
    upload_settle(upload_id)


def search_duplicates(*, upload_id: int, **_: object) -> None:
    """Ask the tracker for duplicates of a draft."""
    upload_search(upload_id)


def follow_seeding(*, upload_id: int, **_: object) -> None:
    """Bring an upload one step nearer to the proof that it seeds."""
    seeding_follow(upload_id)


def watch_seeding(*, upload_id: int, **_: object) -> None:
    """Look whether a confirmed upload still seeds."""
    seeding_watch(upload_id)


def draft_release(*, release_id: int, **_: object) -> None:
    """Render a release's drafts again."""
    drafts_renew(release_id)


def publish_edited(*, release_id: int, **_: object) -> None:
    """Publish an edited release that has nothing left to do."""
    edited_publish(release_id)


def apply_rules(*, release_id: int, **_: object) -> None:
    """Let the rules decide about a prepared release."""
    rules_apply(release_id)


def heartbeat(**_: object) -> None:
    """Show that workers start what they are given."""
    heartbeat_write()


def tally(**_: object) -> None:
    """Count anew the days in which something came to be counted."""
    tallies_refresh()


def notify(*, notification_id: int, **_: object) -> None:
    """Deliver one message to one person."""
    notification_deliver(notification_id)


def deliver(*, delivery_id: int, **_: object) -> None:
    """Deliver one message to one program."""
    delivery_send(delivery_id)
