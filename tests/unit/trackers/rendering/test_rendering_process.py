"""How the child is started, watched and ended."""

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from trackers.rendering import child, process
from trackers.rendering.render import RenderingBroken, _cause_of_death, render
from trackers.rendering.types import Limits


def test_a_child_that_does_not_start_is_not_the_templates_fault(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(RenderingBroken, match="exit code 1, timed out: False"):
        render({"a": "x"}, {})


def test_a_child_that_never_gets_ready_is_killed():
    with pytest.raises(RenderingBroken, match="timed out: True"):
        render({"a": "x"}, {}, limits=Limits(start_seconds=-6.99, seconds=2))


def test_a_killed_child_is_blamed_on_no_clock():
    run = process.Run(ready=True, outcomes=[process.Outcome(current="a")], exit_code=-9)
    assert "memory, or ended its process" in _cause_of_death(run, Limits())


def test_stopping_the_worker_ends_the_child_too():
    # What a worker's own time limit does: an exception in the middle of waiting.
    program = (
        "import sys, _thread, threading\n"
        "from trackers.rendering.render import render\n"
        "from trackers.rendering.types import Limits\n"
        "slow = '{% assign n = 9 %}' + '{% assign n = n | times: n %}' * 60\n"
        "threading.Timer(1.5, _thread.interrupt_main).start()\n"
        "print('go', flush=True)\n"
        "try:\n"
        "    render({'a': slow}, {}, limits=Limits(seconds=60, cpu_seconds=60))\n"
        "except KeyboardInterrupt:\n"
        "    print('interrupted', flush=True)\n"
        "    print(open(f'/proc/self/task/{threading.get_native_id()}/children').read())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.split() == ["go", "interrupted"]


@pytest.mark.parametrize(
    "attempt",
    [
        "open('/etc/passwd')",
        "import socket; socket.socket()",
        "import subprocess; subprocess.run(['true'])",
        "x = 'y' * (300 * 1024 * 1024)",
    ],
)
def test_the_child_has_no_rights(attempt):
    program = (
        "import sys; sys.path += sys.argv[1:]\n"
        "import os, resource, socket, subprocess\n"
        "from trackers.rendering import child\n"
        "child._drop_rights()\n"
        "resource.setrlimit(resource.RLIMIT_AS, (256 << 20, 256 << 20))\n"
        "assert set(os.environ) <= {'LC_CTYPE'}, os.environ\n"
        "assert 'django' not in sys.modules\n"
        "try:\n"
        f"    {attempt}\n"
        "except (OSError, MemoryError) as error:\n"
        "    os.write(1, b'refused')\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program, *process._library_folders(),
         process._ROOT],
        capture_output=True, env={}, timeout=60, check=False,
    )  # fmt: skip
    assert done.stdout == b"refused", done.stderr


def test_a_line_cut_off_by_death_is_dropped():
    done = {"name": "a", "text": "x", "failures": [], "undefined": []}
    lines = [["ready"], ["job"], ["field", "a"], ["done", done], ["field", "b"]]
    output = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    run = process._read(output + b'["done", {"na')
    assert run.ready
    assert run.outcomes == [process.Outcome(done=[done], current="b", ended=False)]


def test_killing_a_child_that_is_gone_is_no_error():
    child = subprocess.Popen([sys.executable, "-c", ""], start_new_session=True)
    child.wait()
    process._kill(child.pid)


def test_the_childs_own_code_answers_line_by_line(capfd, monkeypatch):
    settings = {"tag_names": ["b"], "check": False}
    job = {
        "fields": {"a": "{{ x | bbcode_escape }}"},
        "layouts": {},
        "context": {"x": "[b]"},
    }
    child._render(job, Limits(), settings)
    first, second = capfd.readouterr().out.splitlines()
    assert json.loads(first) == ["field", "a"]
    assert json.loads(second)[1]["text"] == "[\u200bb]"


def test_an_orphan_ends_by_its_own_clock():
    # The worker is killed outright while its child is rendering.
    program = (
        "from trackers.rendering.render import render\n"
        "from trackers.rendering.types import Limits\n"
        "slow = '{% assign n = 9 %}' + '{% assign n = n | times: n %}' * 60\n"
        "print('go', flush=True)\n"
        "render({'a': slow}, {}, limits=Limits(seconds=2))\n"
    )
    worker = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True
    )
    with worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "go\n"
        listing = Path(f"/proc/{worker.pid}/task/{worker.pid}/children")
        child = ""
        while not child:
            child = listing.read_text().strip()
        worker.kill()
    deadline = time.monotonic() + 60
    while _is_running(child) and time.monotonic() < deadline:
        threading.Event().wait(0.05)
    assert not _is_running(child)


def _is_running(process_id):
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return False
    return state[0] != "Z"
