"""The actions that read: index, torrent, torrentgroup, user_torrents."""

from typing import Any

from trackers.sandbox.gazelle.desk import Desk, stamp
from trackers.sandbox.gazelle.dialects import CATEGORIES, MUSIC, ROLES
from trackers.sandbox.gazelle.envelope import Refusal
from trackers.sandbox.markup import render_description
from trackers.sandbox.records import Group, Torrent
from trackers.sandbox.web import Response


def index(desk: Desk) -> Response:
    """Who the key belongs to, the passkey included."""
    stats: dict[str, Any] = {
        "uploaded": 8_796_093_022_208,
        "downloaded": 1_099_511_627_776,
        "ratio": 8.0,
        "requiredratio": 0.6,
        "class": "Power User",
    }
    notices: dict[str, Any] = {
        "messages": 0,
        "notifications": 0,
        "newAnnouncement": False,
        "newBlog": False,
    }
    answer: dict[str, Any] = {
        "username": desk.account.username,
        "id": desk.account.user_id,
        "authkey": desk.account.authkey,
        "passkey": desk.account.passkey,
        "notifications": notices,
        "userstats": stats,
    }
    if desk.slug == "red":
        answer["api_version"] = "redacted-v2.0"
    else:
        notices["newSubscriptions"] = False
        stats["bonusPoints"] = 1200
        stats["bonusPointsPerHour"] = 1.5
    return desk.success(answer)


def torrent(desk: Desk) -> Response:
    """One torrent with its group."""
    found = desk.find()
    group = desk.store.group_of(found)
    return desk.success(
        {
            "group": _group_answer(desk, group),
            "torrent": _torrent_answer(desk, found),
        }
    )


def torrentgroup(desk: Desk) -> Response:
    """A group with its torrents; `id` is the group's, `hash` a torrent's."""
    if "hash" in desk.request.query:
        group = desk.store.group_of(desk.find())
    else:
        number = desk.number("id")
        known = None if number is None else desk.store.group(desk.slug, number)
        if known is None or desk.request.hidden:
            ops = desk.slug == "ops"
            raise Refusal("bad parameters" if ops else "bad id parameter")
        group = known
    torrents = desk.store.torrents(desk.slug, group.id)
    return desk.success(
        {
            "group": _group_answer(desk, group),
            "torrents": [_torrent_answer(desk, each) for each in torrents],
        }
    )


def user_torrents(desk: Desk) -> Response:
    """A member's torrents (RED): what they uploaded, or seed now."""
    user_id, kind = desk.number("id"), desk.argument("type")
    if user_id is None or kind not in ("uploaded", "seeding", "leeching", "snatched"):
        raise Refusal("bad parameters")
    limit = desk.number("limit")
    offset = desk.number("offset") or 0
    mine = [each for each in _of_kind(desk, user_id, kind) if not desk.request.hidden]
    page = mine[offset : offset + (500 if limit is None else limit)]
    return desk.success({kind: [_user_row(desk, each) for each in page]})


def _of_kind(desk: Desk, user_id: int, kind: str) -> list[Torrent]:
    everything = desk.store.torrents(desk.slug)
    if kind == "uploaded":
        return [each for each in everything if each.user_id == user_id]
    members = desk.store.accounts(desk.slug)
    names = {each.username for each in members if each.user_id == user_id}
    return [
        each
        for each in everything
        if any(
            peer.username in names and (peer.left == 0) == (kind == "seeding")
            for peer in desk.world.peers(desk.slug, each.infohash)
            if kind in ("seeding", "leeching")
        )
    ]


def _user_row(desk: Desk, found: Torrent) -> dict[str, Any]:
    group = desk.store.group_of(found)
    artist = group.artists[0][0] if group.artists else ""
    return {
        "groupId": group.id,
        "name": group.name,
        "torrentId": found.id,
        "artistName": artist,
        "artistId": 0,
    }


def _group_answer(desk: Desk, group: Group) -> dict[str, Any]:
    music = group.category == MUSIC + 1
    answer: dict[str, Any] = {
        "wikiBody": render_description(group.description, desk.slug),
        "wikiImage": group.image,
        "id": group.id,
        "name": group.name,
        "year": group.year,
        "recordLabel": group.record_label,
        "catalogueNumber": group.catalogue_number,
        "releaseType": group.release_type,
        "categoryId": group.category,
        "categoryName": CATEGORIES[group.category - 1],
        "time": stamp(group.created_at),
        "vanityHouse": False,
        "isBookmarked": False,
        "tags": list(group.tags),
        "musicInfo": _music_info(desk, group) if music else None,
    }
    if desk.slug == "red":
        return {
            **answer,
            "bbBody": group.description,
            "collages": [],
            "personalCollages": [],
        }
    names = desk.dialect.release_types
    return {
        **answer,
        "wikiBBcode": group.description,
        "releaseType": group.release_type if music else "",
        "releaseTypeName": names.get(group.release_type, "") if music else "",
        "proxyImage": group.image,
    }


def _music_info(desk: Desk, group: Group) -> dict[str, Any]:
    lists = ROLES if desk.slug == "ops" else ROLES[:-1]
    return {
        name: [
            {"id": 0, "name": artist}
            for artist, number in group.artists
            if number == role
        ]
        for role, name in enumerate(lists, start=1)
    }


def _torrent_answer(desk: Desk, found: Torrent) -> dict[str, Any]:
    peers = desk.world.peers(desk.slug, found.infohash)
    seeders = sum(peer.left == 0 for peer in peers)
    answer: dict[str, Any] = {
        "id": found.id,
        "media": found.media,
        "format": found.format,
        "encoding": found.encoding,
        "remastered": found.remastered,
        "remasterYear": found.remaster_year,
        "remasterTitle": found.remaster_title,
        "remasterRecordLabel": found.remaster_record_label,
        "remasterCatalogueNumber": found.remaster_catalogue_number,
        "scene": found.scene,
        "hasLog": False,
        "hasCue": any(path.endswith(".cue") for path, _ in found.files),
        "logScore": 0,
        "ripLogIds": [],
        "fileCount": len(found.files),
        "size": found.size,
        "seeders": seeders,
        "leechers": len(peers) - seeders,
        "snatched": 0,
        "freeTorrent": False if desk.slug == "red" else "Normal",
        "reported": False,
        "time": stamp(found.uploaded_at),
        "description": found.description,
        "fileList": "|||".join(f"{path}{{{{{{{n}}}}}}}" for path, n in found.files),
        "filePath": found.file_path,
        "userId": found.user_id,
        "username": found.username,
    }
    if desk.slug == "red" or found.user_id == desk.account.user_id:
        answer["infoHash"] = found.infohash.upper()
    return answer
