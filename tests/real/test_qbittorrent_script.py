"""The script that gets a real qBittorrent."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.qbittorrent import cache_folder, free_port, missing

pytestmark = [pytest.mark.real, pytest.mark.qbittorrent]
ROOT = Path(__file__).resolve().parents[2]


def script(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "scripts.qbittorrent", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | environment,
    )


def test_a_server_is_started_once_and_stopped():
    folder, port = cache_folder() / "qbittorrent", free_port()
    first = script("start", folder, port)
    try:
        if first.returncode:
            missing(first.stderr)
        url, pid = first.stdout.split()
        assert url == f"http://127.0.0.1:{port}"
        assert script("start", folder, port).stdout == first.stdout
    finally:
        stopped = script("stop", folder, port)
        shutil.rmtree(folder / f"run-{port}", ignore_errors=True)
    assert stopped.stdout == f"stopped {pid}\n"
    assert script("stop", folder, port).stdout == ""


def test_a_taken_port_is_told(qbittorrent):
    port = qbittorrent.url.rpartition(":")[2]
    said = script("start", cache_folder() / "other", port)
    assert said.returncode == 1
    assert f"Port {port} is in use" in said.stderr


def test_a_machine_without_apt_is_told(tmp_path):
    said = script("start", tmp_path, free_port(), PATH=str(tmp_path))
    assert said.returncode == 1
    assert said.stderr.strip() == (
        "qbittorrent: qbittorrent-nox is fetched with apt-get, which this machine "
        "does not have; install qbittorrent-nox yourself and put it on PATH."
    )


def test_an_unknown_suite_is_told_and_leaves_nothing_behind(tmp_path):
    said = script("start", tmp_path, free_port(), "--suite", "no-such-suite")
    assert said.returncode == 1
    assert "of Debian no-such-suite could not be fetched with apt" in said.stderr
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("apt-")]
