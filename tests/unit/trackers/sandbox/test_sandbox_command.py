"""The sandbox as a process: where it may serve, and what survives it."""

import signal
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from tests.sandbox import ROOT
from tests.unit.trackers.sandbox.gazelle_calls import SiteCalls, make_torrent
from trackers.sandbox.server import NotLoopback, SandboxServer

EVERYWHERE = "0.0.0.0"  # noqa: S104 - it must be refused


@pytest.mark.parametrize("host", [EVERYWHERE, "192.168.1.5", "", "example.org", "::1"])
def test_only_loopback_is_served(host):
    with pytest.raises(NotLoopback, match=r"Use 127\.0\.0\.1"):
        SandboxServer(host=host)


def test_localhost_is_loopback():
    server = SandboxServer(host="localhost")
    server.stop()

    assert server.origin.startswith("http://127.0.0.1:")


def test_command_refuses_another_address():
    with pytest.raises(CommandError, match="only listens on this machine"):
        call_command("sandbox", host=EVERYWHERE)


def test_command_says_that_the_port_is_taken(sandbox):
    port = int(sandbox.origin.rpartition(":")[2])

    with pytest.raises(CommandError, match="Choose another --port"):
        call_command("sandbox", port=port)


def test_command_says_that_the_port_cannot_be():
    with pytest.raises(CommandError, match="Choose another --port"):
        call_command("sandbox", port=99999)


def test_state_that_cannot_be_kept_is_told(tmp_path):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(CommandError, match="cannot start"):
        call_command("sandbox", port=0, state=tmp_path / "file")


def test_state_file_that_is_no_database_is_told(tmp_path):
    (tmp_path / "sandbox.sqlite3").write_text("not a database" * 100)

    with pytest.raises(CommandError, match="is not a state of the sandbox"):
        call_command("sandbox", port=0, state=tmp_path)


def test_uploads_survive_a_kill(sandbox_process):
    site = SiteCalls(sandbox_process, "red")
    site.upload()
    before = sandbox_process.uploads()
    sandbox_process.add_account("red", "extra", key="extra-key")

    sandbox_process.restart(signal.SIGKILL)

    assert sandbox_process.uploads() == before
    assert len(sandbox_process.requests("red", "upload")) == 1
    assert "exact same torrent" in site.post().json()["error"]
    next_one = site.upload(torrent=make_torrent("Another"))
    assert next_one["torrentid"] == before[0]["id"] + 1
    assert SiteCalls(sandbox_process, "red", "extra-key").ask("index")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_command_ends_politely(sandbox_process, number):
    assert sandbox_process.stop(number) == 0


def test_command_line_help_names_every_option():
    shown = subprocess.run(
        [sys.executable, "manage.py", "sandbox", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    for option in ("--host", "--port", "--state"):
        assert option in shown
