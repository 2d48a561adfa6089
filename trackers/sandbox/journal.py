"""Every request that reached the sandbox, answered or not."""

import sqlite3
from collections.abc import Sequence

from trackers.sandbox.records import RequestRecord
from trackers.sandbox.store import Store


class Journal:
    """Requests in order of arrival. No header but the user agent is kept."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def received(
        self, *, site: str, action: str, method: str, at: float, agent: str
    ) -> int:
        """Note a request whose head has arrived; returns its id."""
        with self._store.transaction() as db:
            cursor = db.execute(
                "INSERT INTO requests (site, action, method, at, agent, size)"
                " VALUES (?, ?, ?, ?, ?, 0)",
                (site, action, method, at, agent),
            )
            return int(cursor.lastrowid or 0)

    def read(self, request_id: int, *, size: int, complete: bool) -> None:
        """Note how much of the body arrived."""
        with self._store.transaction() as db:
            db.execute(
                "UPDATE requests SET size = ?, complete = ? WHERE id = ?",
                (size, int(complete), request_id),
            )

    def stored(self, request_id: int, torrent_id: int) -> None:
        """Note that the request made a torrent."""
        with self._store.transaction() as db:
            db.execute(
                "UPDATE requests SET stored_id = ? WHERE id = ?",
                (torrent_id, request_id),
            )

    def ended(self, request_id: int, *, status: int, outcome: str, fault: str) -> None:
        """Note what was answered, or done instead."""
        with self._store.transaction() as db:
            db.execute(
                "UPDATE requests SET status = ?, outcome = ?, fault = ? WHERE id = ?",
                (status, outcome, fault, request_id),
            )

    def list(self, site: str = "", action: str = "") -> list[RequestRecord]:
        """Requests, oldest first, of one site and action or of all."""
        found = self._store.rows(
            "SELECT * FROM requests"
            " WHERE ? IN ('', site) AND ? IN ('', action) ORDER BY id",
            site,
            action,
        )
        return [_record(row) for row in found]

    def latest(self, count: int) -> Sequence[RequestRecord]:
        """The newest requests, newest first."""
        found = self._store.rows(
            "SELECT * FROM requests ORDER BY id DESC LIMIT ?", count
        )
        return [_record(row) for row in found]


def _record(row: sqlite3.Row) -> RequestRecord:
    return RequestRecord(**{**dict(row), "complete": bool(row["complete"])})
