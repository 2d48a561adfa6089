"""Rotation killed, resumed and beside others: processes on a database file."""

import os
import random
import sqlite3
import subprocess
import sys
import time

import pytest

from common import vault
from tests.unit.common.vault_rows import key_line

ROWS = 1200
CONTEXT = "common.vaultrow.secrets"


@pytest.fixture
def database(tmp_path, keys):
    """A database file with ROWS secrets under key `old`; run(...) starts a child."""
    path = tmp_path / "vault.sqlite3"
    ring = ",".join(key_line(one, ord(one[0])) for one in ("new", "old"))
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.base",
        "DATABASE_URL": f"sqlite:///{path}",
        "HERALD_SECRET_KEY": "test-only",
        "HERALD_MASTER_KEY": ring,
        "PYTHONPATH": ".",
    }

    def run(what):
        return subprocess.Popen(
            [sys.executable, "-m", "tests.unit.common.rotation_child", what],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )

    child = run("create")
    child.communicate(timeout=60)
    assert child.returncode == 0
    keys("old")
    connection = sqlite3.connect(path, timeout=20, isolation_level=None)
    connection.executemany(
        "INSERT INTO common_vaultrow (id, name, secrets) VALUES (?, 'row', ?)",
        [
            (n, vault.encrypt_json({"n": str(n)}, context=CONTEXT))
            for n in range(1, ROWS + 1)
        ],
    )
    keys("new", "old")
    yield connection, run
    connection.close()


def done(connection):
    query = "SELECT count(*) FROM common_vaultrow WHERE secrets LIKE 'g1$new$%'"
    return connection.execute(query).fetchone()[0]


def values(connection):
    return {
        pk: vault.decrypt_json(token, context=CONTEXT)["n"]
        for pk, token in connection.execute("SELECT id, secrets FROM common_vaultrow")
    }


def test_killed_runs_lose_nothing_and_a_last_one_finishes(database):
    connection, run = database
    reached = 0
    for stop_at in (1, ROWS // 3, ROWS // 2):
        child = run("rotate")
        while done(connection) < max(stop_at, reached + 1) and child.poll() is None:
            time.sleep(0.002)
        assert child.poll() is None, "it finished before it could be killed"
        child.kill()
        child.wait()
        child.stdout.close()
        assert values(connection) == {n: str(n) for n in range(1, ROWS + 1)}
        reached = done(connection)
    assert reached < ROWS
    out, _ = run("rotate").communicate(timeout=60)
    assert out.split() == [str(ROWS), str(ROWS - reached), "0"]
    assert done(connection) == ROWS
    assert values(connection) == {n: str(n) for n in range(1, ROWS + 1)}


def test_edits_made_meanwhile_are_all_kept(database, keys):
    connection, run = database
    expected = {n: str(n) for n in range(1, ROWS + 1)}
    keys("old", "new")  # a process that was not restarted yet
    child = run("rotate")
    while not done(connection):
        time.sleep(0.002)
    edits = 0
    while child.poll() is None:
        pk = random.randint(1, ROWS)
        edits += 1
        expected[pk] = f"edit {edits}"
        token = vault.encrypt_json({"n": expected[pk]}, context=CONTEXT)
        connection.execute(
            "UPDATE common_vaultrow SET secrets = ? WHERE id = ?", (token, pk)
        )
        time.sleep(0.005)  # SQLite is not fair: the rotation must get its turns
    child.stdout.close()
    assert child.returncode == 0
    assert edits > 10
    assert values(connection) == expected
    run("rotate").communicate(timeout=60)
    assert done(connection) == ROWS
    assert values(connection) == expected


def test_two_runs_at_the_same_time_do_no_harm(database):
    connection, run = database
    children = [run("rotate") for _ in range(2)]
    reports = [child.communicate(timeout=60)[0].split() for child in children]
    assert sum(int(rotated) for _, rotated, _ in reports) == ROWS
    assert done(connection) == ROWS
    assert values(connection) == {n: str(n) for n in range(1, ROWS + 1)}
