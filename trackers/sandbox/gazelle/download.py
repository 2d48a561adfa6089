"""The `download` action: the stored torrent, made out to one member."""

import re

from trackers.sandbox import torrents
from trackers.sandbox.gazelle.desk import Desk
from trackers.sandbox.gazelle.envelope import Refusal
from trackers.sandbox.web import Response

TORRENT_TYPE = "application/x-bittorrent; charset=utf-8"
_SCRIPTS = ("python-requests", "Python-urllib", "uTorrent", "BTWebClient")


def download(desk: Desk) -> Response:
    """The torrent file with the caller's announce URL; its infohash is unchanged."""
    number = desk.number("id")
    found = None if number is None else desk.store.torrent(desk.slug, number)
    content = None if found is None else desk.store.content(desk.slug, found.id)
    if found is None or content is None:
        ops = desk.slug == "ops"
        raise Refusal("could not find torrent" if ops else "bad id parameter")
    _count_script(desk, found.id)
    body = torrents.personal_copy(
        content,
        announce=desk.world.announce_url(desk.account),
        comment=f"{desk.world.origin}/{desk.slug}/torrents.php?torrentid={found.id}",
    )
    stem = re.sub(r"[^\w .()\[\]-]", "_", found.name, flags=re.ASCII)[:100]
    disposition = f'attachment; filename="{stem}-{found.id}.torrent"'
    return Response(
        body=body,
        content_type=TORRENT_TYPE,
        headers=(("Content-Disposition", disposition),),
    )


def _count_script(desk: Desk, torrent_id: int) -> None:
    limit = desk.dialect.downloads_by_script
    if limit is None or not desk.request.agent.startswith(_SCRIPTS):
        return
    who = (desk.slug, desk.account.user_id, torrent_id)
    before = desk.world.downloads.get(who, 0)
    desk.world.downloads[who] = before + 1
    if before > limit:
        raise Refusal(
            "You have already downloaded this torrent file four times."
            " Take it from the site's own page if you need it again."
        )
