"""A slice of the fault matrix (docs/reliability.md), and proof that it can fail."""

import json
import os
import subprocess
import sys

import pytest
from django.db import connection

from tests.qbittorrent import missing
from tests.workers import ROOT, database_url

pytestmark = [
    pytest.mark.real,
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.timeout(900),
    pytest.mark.xdist_group("workers"),
]
CELLS = {"sqlite": 150, "postgresql": 60}
# On PostgreSQL only what the database has a part in: `make test` has ten minutes.
STOPS = {
    "sqlite": (),
    "postgresql": ("kill-all", "disk-full", "locked", "gone"),
}
SEED = 1
MISSING = 3


def chaos(*arguments):
    """The exit code, and what became of each cell."""
    environment = {
        # Measuring what the forked processes cover would make them several times slower.
        **{name: text for name, text in os.environ.items() if name[:3] != "COV"},
        "DATABASE_URL": database_url(),
    }
    done = subprocess.run(
        [
            *(sys.executable, "manage.py", "chaos", "--json"),
            *(f"--database={connection.vendor}", *arguments),
        ],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    if done.returncode == MISSING:
        missing(done.stderr)
    assert done.stdout, done.stderr
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def bad(results):
    return {one["cell"]: one["problems"] for one in results if one["problems"]}


def test_nothing_is_lost_or_sent_twice_wherever_a_worker_is_stopped():
    cells = CELLS[connection.vendor]
    stops = [f"--stop={stop}" for stop in STOPS[connection.vendor]]
    # Few lanes: other tests run at the same time.
    code, results = chaos(f"--cells={cells}", f"--seed={SEED}", "--lanes=3", *stops)
    assert bad(results) == {}
    assert code == 0
    assert len(results) >= cells
    missed = [one["cell"] for one in results if not one["reached"]]
    assert len(missed) <= len(results) // 20, missed


@pytest.mark.parametrize(
    ("broken", "cell"),
    [
        ("sending-late", "body-sent:kill-all:stored:red"),
        ("no-settling", "body-sent:kill-all:stored:red"),
    ],
)
def test_a_broken_build_is_found(broken, cell):
    code, results = chaos(f"--broken={broken}", f"--cell={cell}", "--lanes=1")
    assert code == 1
    assert "red: sent twice without a question in between" in bad(results)[cell]
