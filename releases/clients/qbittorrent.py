"""qBittorrent 4.5 and newer as a torrent client."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

import qbittorrentapi
from qbittorrentapi import exceptions as theirs

from releases.clients import words
from releases.clients.answers import CHECK_TAG, announce_urls, is_astray, seed_status
from releases.clients.connection import Connection
from releases.clients.errors import (
    ClientError,
    ClientRefused,
    ClientTorrentMissing,
    ClientUnreachable,
)
from releases.clients.types import Added, ClientCheck, SeedPhase, SeedStatus
from releases.torrents.bencode import decode
from releases.torrents.errors import TorrentError
from releases.torrents.metainfo import infohash as torrent_infohash

OLDEST = (2, 8, 14)  # 4.5: exports torrents
CAN_CREATE = (2, 10, 4)
CAN_BROWSE = (2, 11)
APPEAR_SECONDS = 10.0
"""How long an accepted torrent may stay out of the list."""
LOOK_AGAIN_SECONDS = 1.0
"""How long to look for a torrent that was not accepted, but may have been sent twice."""


class QBittorrentClient:
    """Implements `releases.clients.base.TorrentClient`.

    `url` is the web interface's address, with scheme and without login. `name` is how
    messages call this client. Threads may share it: each gets a session of its own.
    """

    def __init__(
        self,
        url: str,
        username: str = "",
        password: str = "",
        *,
        name: str = "",
        verify_tls: bool = True,
    ) -> None:
        self._connection = Connection(
            url, username, password, name=name, verify_tls=verify_tls
        )

    def __repr__(self) -> str:
        return f"<QBittorrentClient {self._connection.url}>"

    def close(self) -> None:
        """Drop this thread's session."""
        self._connection.close()

    def forget_refusal(self) -> None:
        """Try the login again, even if this process saw it refused."""
        self._connection.forget_refusal()

    def check(self) -> ClientCheck:
        """Log in afresh and say what is there. Never raises ClientError."""
        connection = self._connection
        try:
            connection.log_in_afresh()
            api_version = connection.version()
            version = connection.call(lambda api: api.app_version())
            if api_version < OLDEST:
                raise connection.too_old()
            save_path = connection.call(lambda api: api.app_default_save_path())
            preferences = connection.call(lambda api: api.app_preferences())
        except ClientError as exc:
            return ClientCheck(ok=False, message=exc.message, code=exc.code)
        return ClientCheck(
            ok=True,
            message=words.CONNECTED % {"version": version},
            version=version,
            save_path=save_path,
            can_browse=api_version >= CAN_BROWSE,
            can_create=api_version >= CAN_CREATE,
            warnings=self._warnings(preferences),
        )

    def add(
        self,
        content: bytes,
        *,
        infohash: str,
        save_path: str,
        category: str = "",
        tags: tuple[str, ...] = (),
        skip_checking: bool = False,
    ) -> Added:
        """See `TorrentClient.add`.

        A torrent that is there already keeps its folder and category; announce URLs
        of `content` that it lacks are added. Only one that carries our `tags` and lacks
        its files in another folder is forgotten and added anew: moving it within the
        client would move files.
        """
        _check(content, infohash)
        if self._connection.version() < OLDEST:
            raise self._connection.too_old()
        info = self._info(infohash)
        if info and is_astray(info, save_path, tags):
            earlier = self._announces_of(infohash)
            self.remove(infohash)
        elif info:
            added = self._add_announces(infohash, announces_in(content))
            return Added(already=True, announces_added=added)
        else:
            earlier = []

        def send(api: qbittorrentapi.Client) -> str:
            return _send(
                api,
                torrent_files=content,
                save_path=save_path,
                category=category or None,
                tags=tags if skip_checking else (*tags, CHECK_TAG),
                is_skip_checking=skip_checking,
                stopCondition="None" if skip_checking else "FilesChecked",
            )

        self._hand_over(infohash, send)
        if earlier:
            self._add_announces(infohash, earlier)
        return Added(already=False)

    def status(self, infohash: str, announces: tuple[str, ...] = ()) -> SeedStatus:
        """See `TorrentClient.status`."""
        info = self._info(infohash)
        if info is None:
            return SeedStatus(phase=SeedPhase.MISSING)
        try:
            rows = self._connection.call(lambda api: api.torrents_trackers(infohash))
        except ClientTorrentMissing:
            return SeedStatus(phase=SeedPhase.MISSING)
        return seed_status(info, rows, announces)

    def follow(self, infohash: str, announces: tuple[str, ...] = ()) -> SeedStatus:
        """See `TorrentClient.follow`."""
        status = self.status(infohash, announces)
        if not (status.held and status.complete):
            return status
        if status.phase is SeedPhase.STOPPED:
            self.start(infohash)
        elif status.phase in (SeedPhase.SEEDING, SeedPhase.QUEUED):
            # Only now: from here on, whoever stops it means it.
            self._connection.call(
                lambda api: api.torrents_remove_tags(
                    tags=CHECK_TAG, torrent_hashes=infohash
                )
            )
        return status

    def recheck(self, infohash: str) -> None:
        """See `TorrentClient.recheck`. Raises ClientTorrentMissing."""
        self._must_have(infohash)
        self._connection.call(lambda api: api.torrents_recheck(infohash))

    def start(self, infohash: str) -> None:
        """See `TorrentClient.start`. Raises ClientTorrentMissing."""
        self._must_have(infohash)
        self._connection.call(lambda api: api.torrents_start(infohash))

    def reannounce(self, infohash: str) -> None:
        """See `TorrentClient.reannounce`. Raises ClientTorrentMissing."""
        self._must_have(infohash)
        self._connection.call(lambda api: api.torrents_reannounce(infohash))

    def remove(self, infohash: str) -> None:
        """See `TorrentClient.remove`: the files stay."""
        self._connection.call(
            lambda api: api.torrents_delete(delete_files=False, torrent_hashes=infohash)
        )

    def export(self, infohash: str) -> bytes:
        """See `TorrentClient.export`. Raises ClientTorrentMissing."""
        return self._connection.call(lambda api: api.torrents_export(infohash))

    def _info(self, infohash: str) -> Mapping[str, Any] | None:
        rows = self._connection.call(
            lambda api: api.torrents_info(torrent_hashes=infohash)
        )
        return rows[0] if rows else None

    def _must_have(self, infohash: str) -> None:
        # Actions on unknown infohashes are answered with 200.
        if self._info(infohash) is None:
            raise ClientTorrentMissing(
                self._connection.said(words.NO_TORRENT, infohash=infohash)
            )

    def _hand_over(
        self, infohash: str, send: Callable[[qbittorrentapi.Client], str]
    ) -> None:
        try:
            said = self._connection.call(send)
        except ClientUnreachable as exc:
            # It may have been taken all the same: look before anybody tries again.
            if not self._appears_despite(infohash, exc):
                raise
            return
        # A request is repeated by the library when its answer is lost, and the second
        # one is refused: only the list of torrents tells.
        patience = LOOK_AGAIN_SECONDS if said == "Fails." else APPEAR_SECONDS
        if not self._appears(infohash, patience):
            raise ClientRefused(
                self._connection.said(words.NOT_TAKEN, infohash=infohash)
            )

    def _appears(self, infohash: str, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        pause = 0.02
        while self._info(infohash) is None:
            if time.monotonic() > deadline:
                return False
            time.sleep(pause)
            pause = min(pause * 2, 0.5)
        return True

    def _appears_despite(self, infohash: str, error: ClientUnreachable) -> bool:
        try:
            return self._appears(infohash, LOOK_AGAIN_SECONDS)
        except ClientError:
            raise error from None

    def _announces_of(self, infohash: str) -> list[str]:
        return announce_urls(
            self._connection.call(lambda api: api.torrents_trackers(infohash))
        )

    def _add_announces(self, infohash: str, urls: Iterable[str]) -> int:
        there = set(self._announces_of(infohash))
        missing = [url for url in urls if url not in there]
        if missing:
            self._connection.call(
                lambda api: api.torrents_add_trackers(infohash, urls=missing)
            )
        return len(missing)

    def _warnings(self, preferences: Mapping[str, Any]) -> tuple[str, ...]:
        warnings = []
        if not self._connection.asks_for_login():
            warnings.append(words.NO_LOGIN_NEEDED)
        if preferences.get("queueing_enabled"):
            limit = preferences.get("max_active_uploads")
            warnings.append(words.QUEUEING % {"limit": limit})
        return tuple(warnings)


def _send(api: qbittorrentapi.Client, **options: Any) -> str:
    """What torrents/add says, whatever the client's own settings are."""
    try:
        said = api.torrents_add(
            use_download_path=False,
            is_stopped=False,
            use_auto_torrent_management=False,
            content_layout="Original",
            **options,
        )
    except theirs.Conflict409Error:
        return "Fails."  # newer servers: it is there already
    return str(said)


def announces_in(content: bytes) -> tuple[str, ...]:
    """The announce URLs of a torrent. They are secrets."""
    torrent = cast(dict[bytes, Any], decode(content))
    tiers = torrent.get(b"announce-list") or [[torrent.get(b"announce", b"")]]
    urls = [url.decode(errors="replace") for tier in tiers for url in tier if url]
    return tuple(dict.fromkeys(urls))


def _check(content: bytes, infohash: str) -> None:
    """Under another infohash the torrent would never be found again."""
    try:
        found = torrent_infohash(content)
    except TorrentError as exc:
        raise ClientRefused(exc.message) from exc
    if found != infohash:
        raise ClientRefused(
            words.OTHER_INFOHASH % {"found": found, "infohash": infohash}
        )
