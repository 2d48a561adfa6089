"""The sandbox's own memory: one SQLite file, or none for a throw-away one."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from trackers.sandbox.records import Account, Group, Key, Peer, Torrent

FILE_NAME = "sandbox.sqlite3"

_TABLES = """
CREATE TABLE IF NOT EXISTS accounts (
    site TEXT, username TEXT, doc TEXT, PRIMARY KEY (site, username));
CREATE TABLE IF NOT EXISTS groups (
    site TEXT, id INTEGER, doc TEXT, PRIMARY KEY (site, id));
CREATE TABLE IF NOT EXISTS torrents (
    site TEXT, id INTEGER, group_id INTEGER, infohash TEXT, doc TEXT, content BLOB,
    PRIMARY KEY (site, id), UNIQUE (site, infohash));
CREATE TABLE IF NOT EXISTS peers (
    site TEXT, infohash TEXT, peer_id TEXT, seen_at REAL, doc TEXT,
    PRIMARY KEY (site, infohash, peer_id));
CREATE TABLE IF NOT EXISTS counts (
    site TEXT, name TEXT, number INTEGER, PRIMARY KEY (site, name));
CREATE TABLE IF NOT EXISTS requests (
    id INTEGER PRIMARY KEY AUTOINCREMENT, site TEXT, action TEXT, method TEXT,
    at REAL, agent TEXT, size INTEGER, complete INTEGER DEFAULT 0,
    status INTEGER DEFAULT 0, outcome TEXT DEFAULT 'received',
    fault TEXT DEFAULT '', stored_id INTEGER DEFAULT 0);
"""
_KEPT_ON_RESET = frozenset({"sqlite_sequence"})


class Store:
    """Everything the sites remember; safe to use from many threads.

    `folder` None keeps it in memory. One connection behind one lock is enough for a
    rehearsal, and makes each method atomic.
    """

    def __init__(self, folder: Path | None) -> None:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        self.path = None if folder is None else folder / FILE_NAME
        self._lock = threading.RLock()
        self._db = sqlite3.connect(
            self.path or ":memory:", check_same_thread=False, isolation_level=None
        )
        self._db.row_factory = sqlite3.Row
        try:
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.executescript(_TABLES)
        except sqlite3.DatabaseError:
            self._db.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def held(self) -> AbstractContextManager[object]:
        """Keep all other threads out, to look and then act on what was seen."""
        return self._lock

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Several steps as one: all of them are stored, or none."""
        with self._lock:
            if self._db.in_transaction:
                yield self._db
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """All rows of a query."""
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def empty(self) -> None:
        """Forget everything."""
        names = self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        with self.transaction() as db:
            for name in {row["name"] for row in names} - _KEPT_ON_RESET:
                db.execute(f"DELETE FROM {name}")  # noqa: S608 - our own table names

    def next_number(self, site: str, name: str, start: int) -> int:
        """The next id of a kind; counting begins above `start`."""
        with self.transaction() as db:
            db.execute(
                "INSERT INTO counts VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (site, name, start),
            )
            db.execute(
                "UPDATE counts SET number = number + 1 WHERE site = ? AND name = ?",
                (site, name),
            )
            row = db.execute(
                "SELECT number FROM counts WHERE site = ? AND name = ?", (site, name)
            ).fetchone()
            return int(row["number"])

    # --- accounts ---

    def save_account(self, account: Account) -> None:
        """Add a member, or replace the one of that name."""
        with self.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO accounts VALUES (?, ?, ?)",
                (account.site, account.username, json.dumps(asdict(account))),
            )

    def accounts(self, site: str) -> list[Account]:
        """A site's members, by name."""
        found = self.rows(
            "SELECT doc FROM accounts WHERE site = ? ORDER BY username", site
        )
        return [_account(row["doc"]) for row in found]

    # --- groups and torrents ---

    def save_group(self, group: Group) -> None:
        """Add a group."""
        with self.transaction() as db:
            db.execute(
                "INSERT INTO groups VALUES (?, ?, ?)",
                (group.site, group.id, json.dumps(asdict(group))),
            )

    def save_torrent(self, torrent: Torrent, content: bytes) -> None:
        """Add an upload; its infohash must be new to the site."""
        with self.transaction() as db:
            db.execute(
                "INSERT INTO torrents VALUES (?, ?, ?, ?, ?, ?)",
                (
                    torrent.site,
                    torrent.id,
                    torrent.group_id,
                    torrent.infohash,
                    json.dumps(asdict(torrent)),
                    content,
                ),
            )

    def group(self, site: str, group_id: int) -> Group | None:
        """One group, or None."""
        found = self.rows(
            "SELECT doc FROM groups WHERE site = ? AND id = ?", site, group_id
        )
        return _group(found[0]["doc"]) if found else None

    def group_of(self, torrent: Torrent) -> Group:
        """The group a stored upload belongs to."""
        found = self.rows(
            "SELECT doc FROM groups WHERE site = ? AND id = ?",
            torrent.site,
            torrent.group_id,
        )
        return _group(found[0]["doc"])

    def groups(self, site: str) -> list[Group]:
        """A site's groups, newest first."""
        found = self.rows(
            "SELECT doc FROM groups WHERE site = ? ORDER BY id DESC", site
        )
        return [_group(row["doc"]) for row in found]

    def torrent(self, site: str, torrent_id: int) -> Torrent | None:
        """One upload, or None."""
        found = self.rows(
            "SELECT doc FROM torrents WHERE site = ? AND id = ?", site, torrent_id
        )
        return _torrent(found[0]["doc"]) if found else None

    def torrent_by_hash(self, site: str, infohash: str) -> Torrent | None:
        """One upload by the site's infohash (lower-case hex), or None."""
        found = self.rows(
            "SELECT doc FROM torrents WHERE site = ? AND infohash = ?", site, infohash
        )
        return _torrent(found[0]["doc"]) if found else None

    def torrents(self, site: str, group_id: int | None = None) -> list[Torrent]:
        """A site's uploads, or one group's, newest first."""
        found = self.rows(
            "SELECT doc FROM torrents WHERE site = ? AND group_id = ifnull(?, group_id)"
            " ORDER BY id DESC",
            site,
            group_id,
        )
        return [_torrent(row["doc"]) for row in found]

    def content(self, site: str, torrent_id: int) -> bytes | None:
        """The site's copy of the torrent file; None when the site lost it."""
        found = self.rows(
            "SELECT content FROM torrents WHERE site = ? AND id = ?", site, torrent_id
        )
        return found[0]["content"] if found else None

    def set_content(self, site: str, torrent_id: int, content: bytes | None) -> None:
        """Replace the site's copy of a torrent file, or lose it (None)."""
        with self.transaction() as db:
            db.execute(
                "UPDATE torrents SET content = ? WHERE site = ? AND id = ?",
                (content, site, torrent_id),
            )

    # --- peers ---

    def save_peer(self, peer: Peer) -> None:
        """Remember an announce; a peer has one row per torrent.

        A client that was restarted has another id, and is still the only one that
        can listen on its port.
        """
        with self.transaction() as db:
            db.execute(
                "DELETE FROM peers WHERE site = ? AND infohash = ? AND peer_id <> ?"
                " AND json_extract(doc, '$.username') = ?"
                " AND json_extract(doc, '$.ip') = ?"
                " AND json_extract(doc, '$.port') = ?",
                (
                    *(peer.site, peer.infohash, peer.peer_id),
                    *(peer.username, peer.ip, peer.port),
                ),
            )
            db.execute(
                "INSERT OR REPLACE INTO peers VALUES (?, ?, ?, ?, ?)",
                (
                    peer.site,
                    peer.infohash,
                    peer.peer_id,
                    peer.seen_at,
                    json.dumps(asdict(peer)),
                ),
            )

    def remove_peer(self, site: str, infohash: str, peer_id: str) -> None:
        """Forget a peer that stopped."""
        with self.transaction() as db:
            db.execute(
                "DELETE FROM peers WHERE site = ? AND infohash = ? AND peer_id = ?",
                (site, infohash, peer_id),
            )

    def peers(self, site: str, infohash: str, since: float) -> list[Peer]:
        """Who announced a torrent at or after `since`, in order of peer id."""
        found = self.rows(
            "SELECT doc FROM peers WHERE site = ? AND infohash = ? AND seen_at >= ?"
            " ORDER BY peer_id",
            site,
            infohash,
            since,
        )
        return [Peer(**json.loads(row["doc"])) for row in found]


def _account(doc: str) -> Account:
    values = json.loads(doc)
    values["keys"] = tuple(
        Key(**{**key, "scopes": tuple(key["scopes"])}) for key in values["keys"]
    )
    return Account(**values)


def _group(doc: str) -> Group:
    values = json.loads(doc)
    values["tags"] = tuple(values["tags"])
    values["artists"] = tuple((name, role) for name, role in values["artists"])
    return Group(**values)


def _torrent(doc: str) -> Torrent:
    values = json.loads(doc)
    for name in ("files", "form"):
        values[name] = tuple((first, second) for first, second in values[name])
    values["warnings"] = tuple(values["warnings"])
    return Torrent(**values)
