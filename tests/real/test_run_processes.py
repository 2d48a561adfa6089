"""Programs that are started, watched and ended together."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from scripts.run_processes import Process, Processes, ProcessFailed, choose_port

pytestmark = pytest.mark.real
ROOT = Path(__file__).resolve().parents[2]
SLEEPER = "import time; print('up', flush=True); time.sleep(600)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEPER
PARENT = (
    "import subprocess, sys, time;"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    "print(child.pid, flush=True); time.sleep(600)"
)


def python(name, code, **options):
    return Process(name=name, argv=(sys.executable, "-c", code), **options)


def is_alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def wait_until_gone(pid):
    """A killed program takes a moment to go; the test's time limit ends the wait."""
    while is_alive(pid):
        time.sleep(0.02)


def text_of(path):
    while not path.exists() or not path.read_text():
        time.sleep(0.02)
    return path.read_text()


@pytest.fixture
def logs(tmp_path):
    return tmp_path / "logs"


def test_leaving_the_block_ends_a_program_and_its_children(logs):
    with Processes(logs=logs) as processes:
        assert processes.start(python("parent", PARENT))
        child = int(text_of(logs / "parent.log"))
        assert is_alive(child)
    wait_until_gone(child)


def test_a_program_that_ignores_the_signal_is_killed(logs, monkeypatch):
    monkeypatch.setattr("scripts.run_processes._KILL_AFTER", 0.5)
    with Processes(logs=logs) as processes:
        processes.start(python("stubborn", "import os; print(os.getpid());" + STUBBORN))
        pid = int(text_of(logs / "stubborn.log").split()[0])
    assert not is_alive(pid)


def test_a_program_that_ends_by_itself_shows_its_last_lines(logs, capsys):
    with Processes(logs=logs) as processes:
        processes.start(python("fine", SLEEPER))
        processes.start(
            python("broken", "print('what went wrong'); raise SystemExit(3)")
        )
        assert processes.watch() == 1
    said = capsys.readouterr().err
    assert "broken ended with code 3" in said
    assert "broken | what went wrong" in said
    assert str(logs / "broken.log") in said


def test_a_program_that_is_killed_says_by_what(logs, capsys):
    with Processes(logs=logs) as processes:
        code = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
        processes.start(python("killed", code))
        assert processes.watch() == 1
    assert "killed was ended by SIGKILL" in capsys.readouterr().err


def test_an_optional_program_may_fail(logs, capsys):
    with Processes(logs=logs) as processes:
        failing = python(
            "spare",
            "raise SystemExit('cannot be had')",
            ready_url="http://127.0.0.1:9/",
            optional=True,
        )
        assert processes.start(failing) is False
        assert processes.start(python("rest", SLEEPER))
    said = capsys.readouterr().err
    assert "spare | cannot be had" in said
    assert "Going on without spare." in said


def test_a_program_that_does_not_exist_is_named(logs):
    with Processes(logs=logs) as processes, pytest.raises(ProcessFailed) as caught:
        processes.start(Process(name="absent", argv=("/no/such/program",)))
    assert "absent cannot be started (No such file or directory)" in str(caught.value)


def test_a_program_that_never_gets_ready_is_told(logs):
    with Processes(logs=logs) as processes:
        slow = python(
            "slow", SLEEPER, ready_url="http://127.0.0.1:9/", ready_seconds=0.3
        )
        with pytest.raises(ProcessFailed, match="slow was not ready within 0 s"):
            processes.start(slow)


def test_a_program_is_ready_when_its_address_answers(logs, httpserver):
    httpserver.expect_request("/healthz").respond_with_data("ok")
    with Processes(logs=logs) as processes:
        ready = python("ready", SLEEPER, ready_url=httpserver.url_for("/healthz"))
        assert processes.start(ready)


def test_a_step_runs_to_its_end_and_gives_what_it_printed(logs):
    with Processes(logs=logs) as processes:
        code = "import os, sys; print(os.environ['GIVEN']); sys.stderr.write('a line')"
        step = python("step", code, env={"GIVEN": "x"})
        assert processes.finish(step) == "x\n"
        assert (logs / "step.log").read_text() == "a line"
        with pytest.raises(ProcessFailed, match="bad ended with code 1"):
            processes.finish(python("bad", "raise SystemExit(1)"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_everything(logs, number):
    with Processes(logs=logs) as processes:
        processes.start(python("parent", PARENT))
        child = int(text_of(logs / "parent.log"))
        threading.Timer(0.1, os.kill, (os.getpid(), number)).start()
        assert processes.watch() == 0
    wait_until_gone(child)


def test_a_signal_ends_the_wait_for_a_step(logs):
    with Processes(logs=logs) as processes:
        threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
        with pytest.raises(KeyboardInterrupt):
            processes.finish(python("long", SLEEPER))


def test_a_signal_ends_the_wait_for_readiness(logs):
    with Processes(logs=logs) as processes:
        threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
        with pytest.raises(KeyboardInterrupt):
            processes.start(python("long", SLEEPER, ready_url="http://127.0.0.1:9/"))


def test_a_taken_port_is_replaced_and_told(capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        wanted = taken.getsockname()[1]
        port = choose_port("the web server", wanted)
    assert port != wanted
    assert f"Port {wanted} is in use; the web server takes {port}." in (
        capsys.readouterr().out
    )
    assert choose_port("the web server", port) == port


def test_no_secret_of_the_environment_shows():
    secret = python("web", SLEEPER, env={"PASSWORD": "very secret"})
    assert "very secret" not in repr(secret)


def test_the_tests_servers_come_and_go():
    code = (
        "import os, psycopg, redis;"
        "url = os.environ['DATABASE_URL'];"
        "print(psycopg.connect(url).execute('SELECT 1').fetchone());"
        "print(redis.Redis.from_url(os.environ['BROKER_URL']).ping());"
        "raise SystemExit(7)"
    )
    done = subprocess.run(
        [
            *(sys.executable, "-m", "scripts.services", "run", "--"),
            *(sys.executable, "-W", "ignore", "-c", code),
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert (done.stdout, done.returncode) == ("(1,)\nTrue\n", 7), done.stderr


def test_served_servers_end_with_a_signal():
    with subprocess.Popen(
        [sys.executable, "-m", "scripts.services", "serve", "--only", "redis"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as serving:
        assert serving.stdout is not None
        name, _, url = serving.stdout.readline().strip().partition("=")
        host, port = url.removeprefix("redis://").removesuffix("/0").split(":")
        socket.create_connection((host, int(port)), timeout=5).close()
        serving.terminate()
        assert serving.wait(20) == 0
    assert name == "BROKER_URL"
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((host, int(port)), timeout=5)


def test_a_missing_program_is_named(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "scripts.services", "serve", "--only", "redis"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PATH": str(tmp_path)},
    )
    assert done.returncode == 1
    assert "scripts/system_packages.sh installs it" in done.stderr
