"""The `browse` action: search, with its two shapes of rows."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from trackers.sandbox.gazelle.desk import Desk, stamp
from trackers.sandbox.gazelle.dialects import CATEGORIES, MUSIC
from trackers.sandbox.gazelle.envelope import Refusal
from trackers.sandbox.records import Group, Torrent
from trackers.sandbox.web import Form, Response, whole

PAGE_SIZE = 50
BAD_SEARCH = (
    "Search returned an error. Make sure all parameters are valid and of the"
    " expected types."
)
_ORDERS: dict[str, Callable[["_Hit"], Any]] = {
    "time": lambda hit: hit.torrents[0].id,
    "year": lambda hit: hit.group.year,
    "size": lambda hit: max(each.size for each in hit.torrents),
    "seeders": lambda hit: hit.seeders,
    "leechers": lambda hit: hit.leechers,
    "snatched": lambda hit: 0,
    "random": lambda hit: 0,
}
_CATEGORY = re.compile(r"filter_cat\[(\d+)\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hit:
    group: Group
    torrents: tuple[Torrent, ...]
    seeders: int
    leechers: int


def browse(desk: Desk) -> Response:
    """One page of 50 groups that fit every argument given."""
    page, order, ascending = _page_and_order(desk.request.query)
    hits = [] if desk.request.hidden else _hits(desk)
    hits.sort(key=_ORDERS[order], reverse=not ascending)
    shown = hits[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    if not shown:
        return desk.success({"results": [], "youMightLike": []})
    return desk.success(
        {
            "currentPage": page,
            "pages": -(-len(hits) // PAGE_SIZE),
            "results": [_row(desk, hit) for hit in shown],
        }
    )


def _page_and_order(query: Form) -> tuple[int, str, bool]:
    page = query.get("page", "1")
    order = query.get("order_by", "time")
    way = query.get("order_way", "desc")
    number = whole(page)
    if number is None or order not in _ORDERS or way not in ("asc", "desc"):
        raise Refusal(BAD_SEARCH)
    return max(1, number), order, way == "asc"


def _hits(desk: Desk) -> list[_Hit]:
    shown_until = desk.world.clock() - desk.world.options.browse_lag
    by_group: dict[int, list[Torrent]] = {}
    for torrent in desk.store.torrents(desk.slug):
        if torrent.uploaded_at <= shown_until:
            by_group.setdefault(torrent.group_id, []).append(torrent)
    hits = []
    for group in desk.store.groups(desk.slug):
        fitting = [
            torrent
            for torrent in by_group.get(group.id, [])
            if _fits(desk.request.query, group, torrent)
        ]
        if fitting:
            hits.append(_hit(desk, group, fitting))
    return hits


def _hit(desk: Desk, group: Group, fitting: list[Torrent]) -> _Hit:
    peers = [p for each in fitting for p in desk.world.peers(desk.slug, each.infohash)]
    seeders = sum(peer.left == 0 for peer in peers)
    return _Hit(
        group=group,
        torrents=tuple(fitting),
        seeders=seeders,
        leechers=len(peers) - seeders,
    )


def _fits(query: Form, group: Group, torrent: Torrent) -> bool:
    return (
        _fits_category(query, group)
        and _fits_words(query, group, torrent)
        and _fits_tags(query, group)
        and _fits_exactly(query, group, torrent)
    )


def _fits_category(query: Form, group: Group) -> bool:
    wanted = {
        whole(match[1])
        for name, value in query.pairs
        if value and (match := _CATEGORY.fullmatch(name))
    }
    plain = query.get("filter_cat")
    wanted |= {whole(part) for part in plain.split("|") if part.isdecimal()}
    return not wanted or group.category in wanted


def _fits_words(query: Form, group: Group, torrent: Torrent) -> bool:
    artists = " ".join(name for name, _ in group.artists)
    files = " ".join((torrent.file_path, *(path for path, _ in torrent.files)))
    texts = {
        "searchstr": f"{artists} {group.name} {group.year or ''}",
        "artistname": artists,
        "groupname": group.name,
        "filelist": files,
        "recordlabel": group.record_label,
        "cataloguenumber": group.catalogue_number,
        "remastertitle": torrent.remaster_title,
    }
    return all(
        _words(query.get(name)) <= _words(text)
        for name, text in texts.items()
        if query.get(name)
    )


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def _fits_tags(query: Form, group: Group) -> bool:
    wanted = [tag.strip() for tag in query.get("taglist").split(",") if tag.strip()]
    if not wanted:
        return True
    every = query.get("tags_type", "0") == "1"
    return (all if every else any)(tag in group.tags for tag in wanted)


def _fits_exactly(query: Form, group: Group, torrent: Torrent) -> bool:
    values = {
        "year": str(group.year),
        "releasetype": str(group.release_type),
        "media": torrent.media,
        "format": torrent.format,
        "encoding": torrent.encoding,
    }
    return all(query.get(name) in ("", value) for name, value in values.items())


def _row(desk: Desk, hit: _Hit) -> dict[str, Any]:
    if hit.group.category == MUSIC + 1 or len(hit.torrents) > 1:
        return _grouped_row(desk, hit)
    return _flat_row(desk, hit)


def _flat_row(desk: Desk, hit: _Hit) -> dict[str, Any]:
    torrent = hit.torrents[0]
    ops = desk.slug == "ops"
    return {
        "groupId": str(hit.group.id) if ops else hit.group.id,
        "groupName": hit.group.name,
        "torrentId": torrent.id,
        "tags": list(hit.group.tags),
        "category": CATEGORIES[hit.group.category - 1],
        "fileCount": len(torrent.files),
        "groupTime": stamp(torrent.uploaded_at) if ops else int(torrent.uploaded_at),
        "size": torrent.size,
        "snatches": 0,
        "seeders": hit.seeders,
        "leechers": hit.leechers,
        "isFreeleech": False,
        "isNeutralLeech": False,
        "isPersonalFreeleech": False,
        "canUseToken": False,
        "hasSnatched": False,
    }


def _grouped_row(desk: Desk, hit: _Hit) -> dict[str, Any]:
    group = hit.group
    artists = [name for name, role in group.artists if role == 1]
    return {
        "groupId": str(group.id) if desk.slug == "ops" else group.id,
        "groupName": group.name,
        "artist": " & ".join(artists),
        "cover": group.image,
        "tags": list(group.tags),
        "bookmarked": False,
        "vanityHouse": False,
        "groupYear": group.year,
        "releaseType": desk.dialect.release_types.get(group.release_type, ""),
        "groupTime": int(hit.torrents[0].uploaded_at),
        "maxSize": max(each.size for each in hit.torrents),
        "totalSnatched": 0,
        "totalSeeders": hit.seeders,
        "totalLeechers": hit.leechers,
        "torrents": [
            _torrent_row(desk, group, number, each)
            for number, each in enumerate(hit.torrents, start=1)
        ],
    }


def _torrent_row(
    desk: Desk, group: Group, edition: int, torrent: Torrent
) -> dict[str, Any]:
    peers = desk.world.peers(desk.slug, torrent.infohash)
    seeders = sum(peer.left == 0 for peer in peers)
    row: dict[str, Any] = {
        "torrentId": torrent.id,
        "editionId": edition,
        "artists": [
            {"id": 0, "name": name, "aliasid": 0}
            for name, role in group.artists
            if role == 1
        ],
        "remastered": torrent.remastered,
        "remasterYear": torrent.remaster_year,
        "remasterCatalogueNumber": torrent.remaster_catalogue_number,
        "remasterTitle": torrent.remaster_title,
        "media": torrent.media,
        "format": torrent.format,
        "encoding": torrent.encoding,
        "hasLog": False,
        "logScore": 0,
        "hasCue": False,
        "scene": torrent.scene,
        "vanityHouse": False,
        "fileCount": len(torrent.files),
        "time": stamp(torrent.uploaded_at),
        "size": torrent.size,
        "snatches": 0,
        "seeders": seeders,
        "leechers": len(peers) - seeders,
        "isFreeleech": False,
        "isNeutralLeech": False,
        "isPersonalFreeleech": False,
        "canUseToken": False,
        "hasSnatched": False,
    }
    if desk.slug == "red":
        row |= {"isFreeload": False, "trumpable": False, "leechStatus": ""}
    return row
