"""Dead is only who surely is."""

import os
import re
import signal
import subprocess
import sys

import pytest

from common import worker
from common.worker import is_dead, worker_id

PROGRAM = (
    "import sys; from common.worker import worker_id\n"
    "print(worker_id(), flush=True); sys.stdin.read()"
)


@pytest.fixture
def other():
    """Another process, waiting; and its id."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()
        process.kill()


def test_an_id_names_host_place_process_and_start():
    assert re.fullmatch(rf"[^:]+:[0-9a-f]{{8}}\.\d+:{os.getpid()}:\d+", worker_id())
    assert worker_id() == worker_id()


def test_a_process_that_runs_is_alive(other):
    _, name = other
    assert name != worker_id()
    assert is_dead(name) is False
    assert is_dead(worker_id()) is False


def test_a_killed_process_is_dead_before_and_after_it_is_reaped(other):
    process, name = other
    process.send_signal(signal.SIGKILL)
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert is_dead(name) is True
    process.wait()
    assert is_dead(name) is True


def test_a_stopped_process_is_alive(other):
    process, name = other
    process.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)
    assert is_dead(name) is False


def test_a_process_number_that_was_used_again_is_dead():
    host, place, pid, start = worker_id().split(":")
    assert is_dead(f"{host}:{place}:{pid}:{int(start) - 1}") is True


def test_a_process_of_another_user_is_seen(monkeypatch):
    def not_allowed(pid, signal_number):
        raise PermissionError

    monkeypatch.setattr(os, "kill", not_allowed)
    host, place, _, _ = worker_id().split(":")
    init = (worker._PROC / "1" / "stat").read_text().rpartition(")")[2].split()[19]
    assert is_dead(f"{host}:{place}:1:{init}") is False
    assert is_dead(f"{host}:{place}:1:{int(init) + 1}") is True


def test_an_impossible_process_number_is_dead():
    host, place, _, start = worker_id().split(":")
    assert is_dead(f"{host}:{place}:{10**30}:{start}") is True


def test_another_host_boot_or_container_cannot_be_told():
    host, place, pid, start = worker_id().split(":")
    boot, namespace = place.split(".")
    assert is_dead(f"not-{host}:{place}:{pid}:{start}") is None
    assert is_dead(f"{host}:ffffffff.{namespace}:{pid}:{start}") is None
    assert is_dead(f"{host}:{boot}.1:{pid}:{start}") is None


@pytest.mark.parametrize(
    "text", ["", "x", "a:b:c:d", "a:b:-1:2", "a:b:1:-", "a:b:1:2:3"]
)
def test_what_is_no_id_cannot_be_told(text):
    assert is_dead(text) is None


def test_without_proc_nothing_can_be_told(monkeypatch, tmp_path):
    here = worker_id()
    monkeypatch.setattr(worker, "_PROC", tmp_path)
    assert worker_id().endswith(f":-.-:{os.getpid()}:-")
    assert is_dead(worker_id()) is None
    assert is_dead(here) is None


def test_a_process_that_proc_hides_cannot_be_told(monkeypatch, tmp_path):
    host, place, _, start = worker_id().split(":")
    (tmp_path / "sys/kernel/random").mkdir(parents=True)
    (tmp_path / "self/ns").mkdir(parents=True)
    (tmp_path / "sys/kernel/random/boot_id").write_text(place.split(".")[0])
    (tmp_path / "self/ns/pid").symlink_to("/proc/self/ns/pid")
    monkeypatch.setattr(worker, "_PROC", tmp_path)
    assert is_dead(f"{host}:{place}:{os.getpid()}:{start}") is None
