"""Two demos never share a folder, nor one with what a killed one left running."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from scripts.run_lock import RunsAlready, lock, say_where
from scripts.run_processes import Process, Processes

ROOT = Path(__file__).resolve().parents[3]
HOLDER = """
import subprocess, sys, time
from pathlib import Path
from scripts.run_lock import lock, say_where
with lock(Path(sys.argv[1])) as held:
    say_where(held, "http://127.0.0.1:8000/")
    child = subprocess.Popen(["sleep", "60"], pass_fds=(held,), stdout=subprocess.DEVNULL)
    print(child.pid, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    """A process that holds the folder, and the number of its child that inherited."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    child = int(process.stdout.readline())
    yield process, child
    process.kill()
    process.communicate()
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)


def test_a_second_demo_says_where_the_first_one_is(holder, tmp_path):
    said = subprocess.run(
        [sys.executable, "-m", "scripts.demo", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert said.returncode == 1
    assert said.stderr == (
        f"A demo runs already at http://127.0.0.1:8000/, in {tmp_path}. End it with "
        "Ctrl-C there.\n"
    )
    assert said.stdout == ""


def test_what_a_killed_demo_left_running_is_named(holder, tmp_path):
    process, child = holder
    process.kill()
    process.wait()
    named = pytest.raises(RunsAlready, match=f"was killed.* kill {child}$")
    with named, lock(tmp_path):
        pass


def test_what_ended_leaves_no_lock(tmp_path):
    for _ in range(2):
        with lock(tmp_path) as held:
            say_where(held, "http://127.0.0.1:1/")
    assert (tmp_path / "demo.lock").stat().st_mode & 0o777 == 0o600


def test_programs_of_the_demo_inherit_the_lock(tmp_path):
    looks = "import os, sys; os.fstat(int(sys.argv[1]))"
    with lock(tmp_path) as held:
        argv = (sys.executable, "-c", looks, str(held))
        with Processes(logs=tmp_path, pass_fds=(held,)) as processes:
            assert processes.finish(Process(name="look", argv=argv)) == ""
