"""The pages of a Gazelle site, for people: read from a link, and made. Pure."""

import re
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

from trackers.adapters.gazelle import parsing
from trackers.types import TrackerSite

PAGE: Final = "torrents.php"
IN_FRAGMENT: Final = re.compile(r"torrent([0-9]{1,18})")


def torrent_url(site: TrackerSite, torrent_id: str, group_id: str) -> str:
    """Return the page of a torrent inside its group, for people."""
    group = f"id={group_id}&" if group_id else ""
    return f"{site.base_url.rstrip('/')}/{PAGE}?{group}torrentid={torrent_id}"


def search_url(site: TrackerSite, title: str) -> str:
    """Return the search for a title, for people."""
    return f"{site.base_url.rstrip('/')}/{PAGE}?{urlencode({'searchstr': title})}"


def number_in(link: str) -> str:
    """Read the torrent's number: typed alone, `torrentid=…`, or `#torrent…`.

    `id=…` alone names a group, which may hold several torrents: "".
    """
    if typed := parsing.identifier(link):
        return typed
    try:
        parts = urlsplit(link)
        named = parse_qs(parts.query, max_num_fields=50).get("torrentid", [""])
    except ValueError:
        return ""
    if parts.path.rsplit("/", 1)[-1] != PAGE:
        return ""
    anchor = IN_FRAGMENT.fullmatch(parts.fragment)
    return parsing.identifier(named[-1]) or (
        parsing.identifier(anchor[1]) if anchor else ""
    )
