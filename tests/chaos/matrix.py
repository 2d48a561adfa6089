"""All cells of a run: shares them out to lanes, and gathers what came of them."""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path

import pytest

from scripts.services import ServiceMissing, postgresql
from tests.chaos.cells import Cell
from tests.chaos.databases import (
    Database,
    PostgresqlDatabase,
    SqliteDatabase,
    migrate,
)
from tests.chaos.lane import Lane, Result
from tests.chaos.processes import fork
from tests.chaos.tables import STEP
from tests.qbittorrent import REFRESH_MILLISECONDS, running_qbittorrent

TEMPLATE = "herald_chaos"
NUMBER_BYTES = 2


class CannotRun(RuntimeError):
    """Something is missing; the message is for people."""


class LaneBroke(RuntimeError):
    """The matrix itself failed, or a sandbox did."""


class Matrix:
    """Runs cells in lanes side by side."""

    def __init__(self, folder: Path, *, lanes: int, broken: str) -> None:
        self._folder, self._lanes, self._broken = folder, lanes, broken

    def run(
        self,
        cells: Sequence[Cell],
        databases: Sequence[str],
        url: str,
        *,
        told: bool,
    ) -> list[Result]:
        """The results of all cells on all databases. Raises CannotRun."""
        found: list[Result] = []
        with ExitStack() as stack:
            try:
                client = ""
                if any(STEP[cell.step].client for cell in cells):
                    client = stack.enter_context(_client())
                if "postgresql" in databases and not url:
                    url = stack.enter_context(postgresql())
            except ServiceMissing as exc:
                raise CannotRun(str(exc)) from exc
            total = len(cells) * len(databases)
            for vendor in databases:
                for result in self._of(vendor, cells, url, client, told):
                    found.append(result)
                    _show(found, total, vendor)
        sys.stderr.write("\n")
        return found

    def _of(
        self, vendor: str, cells: Sequence[Cell], url: str, client: str, told: bool
    ) -> Iterator[Result]:
        databases = self._databases(vendor, url)
        queue = _queue(len(cells))
        reading, writing = os.pipe()
        lanes = []
        for number, database in enumerate(databases):
            folder = self._folder / vendor / f"lane{number}"

            def work(folder: Path = folder, database: Database = database) -> None:
                os.close(reading)
                lane = Lane(
                    folder, database, vendor, client=client, broken=self._broken
                )
                for index in _taken(queue):
                    result = lane.run(cells[index])
                    if told:
                        result.log = lane.log().splitlines()
                    os.write(writing, json.dumps(asdict(result)).encode() + b"\n")
                raise SystemExit(0 if lane.close() else "The sandbox itself failed.")

            lanes.append(fork(work, folder / "lane.log"))
        os.close(writing)
        os.close(queue)
        try:
            yield from _results(reading)
        finally:
            try:
                self._ended(vendor, lanes)
            finally:
                for database in databases:
                    if isinstance(database, PostgresqlDatabase):
                        database.drop()

    def _databases(self, vendor: str, url: str) -> list[Database]:
        """One for each lane, with Herald's tables."""
        folders = [self._folder / vendor / f"lane{n}" for n in range(self._lanes)]
        for folder in folders:
            folder.mkdir(parents=True)
        if vendor == "sqlite":
            (self._folder / vendor / "template").mkdir()
            first = SqliteDatabase(self._folder / vendor / "template")
            _in_child(lambda: migrate(first))
            files = [SqliteDatabase(folder / "database") for folder in folders]
            for file in files:
                file.copy_from(first)
            return list(files)
        template = PostgresqlDatabase(url, f"{TEMPLATE}_{os.getpid()}")
        template.create()
        _in_child(lambda: migrate(template))
        copies = [
            PostgresqlDatabase(url, f"{template.name}_{folder.name}")
            for folder in folders
        ]
        for copy in copies:
            copy.create(template.name)
        template.drop()
        return list(copies)

    def _ended(self, vendor: str, lanes: Sequence[int]) -> None:
        """See all lanes end. Raises LaneBroke for one that did not end well."""
        if sys.exc_info()[0] is not None:
            for pid in lanes:
                os.kill(pid, signal.SIGKILL)
        codes = [os.waitpid(pid, 0)[1] for pid in lanes]
        if any(codes) and sys.exc_info()[0] is None:
            said = [
                (self._folder / vendor / f"lane{number}" / "lane.log").read_text()
                for number, code in enumerate(codes)
                if code
            ]
            raise LaneBroke("A lane broke. It said:\n" + "\n".join(said))


@contextmanager
def _client() -> Iterator[str]:
    """A qBittorrent for all lanes: their torrents are different ones."""
    # These tell pytest what is missing.
    missing = (pytest.skip.Exception, pytest.fail.Exception)
    try:
        server = running_qbittorrent()
        running = server.__enter__()
    except missing as exc:
        raise CannotRun(f"{exc} Without it: --no-client.") from None
    running.api().app_set_preferences({"refresh_interval": REFRESH_MILLISECONDS})
    try:
        yield running.url
    finally:
        server.__exit__(None, None, None)


def _queue(count: int) -> int:
    """A pipe that holds the numbers of all cells; each is read once."""
    reading, writing = os.pipe()
    os.write(writing, b"".join(n.to_bytes(NUMBER_BYTES) for n in range(count)))
    os.close(writing)
    return reading


def _taken(queue: int) -> Iterator[int]:
    while taken := os.read(queue, NUMBER_BYTES):
        yield int.from_bytes(taken)


def _results(reading: int) -> Iterator[Result]:
    with os.fdopen(reading, "rb") as lines:
        for line in lines:
            yield Result(**json.loads(line))


def _in_child(run: Callable[[], None]) -> None:
    if os.waitpid(fork(run), 0)[1]:
        raise LaneBroke("The database could not be made; see above.")


def _show(found: Sequence[Result], total: int, vendor: str) -> None:
    last, bad = found[-1], sum(bool(result.problems) for result in found)
    if last.problems:
        sys.stderr.write(f"\r{last.cell} is bad: {last.problems[0]}\n")
    sys.stderr.write(f"\r{len(found)} of {total} cells ({vendor}), {bad} bad")
    sys.stderr.flush()
