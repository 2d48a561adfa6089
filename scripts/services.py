"""Throw-away PostgreSQL and Redis (or Valkey) on loopback, for the tests.

    python3 -m scripts.services run -- COMMAND …   run COMMAND with both, then end them
    python3 -m scripts.services serve              keep both until Ctrl-C

Both tell their addresses: `run` as DATABASE_URL and BROKER_URL in the command's
environment, `serve` by printing these lines. `--only postgresql` or `--only redis`
starts one of them. Nothing is kept, and nothing of the machine's own servers is used.
"""

import argparse
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

START_SECONDS = 30.0
STOP_SECONDS = 10.0
# Nothing here has to survive a crash.
POSTGRESQL_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
}


class ServiceMissing(RuntimeError):
    """A server program is missing or does not start; the message is for people."""


@contextmanager
def postgresql() -> Iterator[str]:
    """The DATABASE_URL of an empty PostgreSQL, until the block ends."""
    programs = _postgresql_programs()
    user = _unprivileged_user()
    port = free_port()
    with _folder(user) as folder:
        data = folder / "data"
        _call(
            [
                *(programs / "initdb", "--pgdata", data, "--auth=trust"),
                *("--username=herald", "--encoding=UTF8", "--locale=C", "--no-sync"),
            ],
            user,
        )
        settings = [f"{name}={value}" for name, value in POSTGRESQL_SETTINGS.items()]
        arguments = [programs / "postgres", "-D", data, "-p", port]
        for setting in settings:
            arguments += ["-c", setting]
        ready = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", port]

        def answers() -> bool:
            return subprocess.run([str(part) for part in ready]).returncode == 0

        with _server("PostgreSQL", arguments, folder, user, answers, signal.SIGINT):
            address = ["-h", "127.0.0.1", "-p", port, "-U", "herald", "herald"]
            _call([programs / "createdb", *address], user)
            yield f"postgres://herald@127.0.0.1:{port}/herald"


@contextmanager
def redis() -> Iterator[str]:
    """The BROKER_URL of an empty Redis or Valkey, until the block ends."""
    program = shutil.which("valkey-server") or shutil.which("redis-server")
    if program is None:
        raise ServiceMissing(
            "redis-server is missing; scripts/system_packages.sh installs it."
        )
    port = free_port()
    with _folder(None) as folder:
        arguments = [
            *(program, "--bind", "127.0.0.1", "--port", port, "--dir", folder),
            *("--save", "", "--appendonly", "no", "--daemonize", "no"),
        ]

        def answers() -> bool:
            try:
                with socket.create_connection(("127.0.0.1", port), 1) as connection:
                    connection.sendall(b"PING\r\n")
                    return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False

        with _server("Redis", arguments, folder, None, answers, signal.SIGTERM):
            yield f"redis://127.0.0.1:{port}/0"


SERVICES = {"postgresql": ("DATABASE_URL", postgresql), "redis": ("BROKER_URL", redis)}


def free_port() -> int:
    """A loopback port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _postgresql_programs() -> Path:
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: int(path.parts[-3]),
    )
    if not found:
        raise ServiceMissing(
            "PostgreSQL is missing; scripts/system_packages.sh installs it."
        )
    return found[-1].parent


def _unprivileged_user() -> str | None:
    """Whom to run PostgreSQL as: it refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextmanager
def _folder(user: str | None) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="herald-service-") as name:
        if user:
            shutil.chown(name, user)
        yield Path(name)


def _call(arguments: list[object], user: str | None) -> None:
    done = subprocess.run(
        [str(part) for part in arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd="/",
        user=user,
        group=_group(user),
        extra_groups=None if user is None else [],
    )
    if done.returncode:
        raise ServiceMissing(f"{arguments[0]} failed: {done.stdout.strip()}")


def _group(user: str | None) -> int | None:
    return None if user is None else pwd.getpwnam(user).pw_gid


@contextmanager
def _server(
    name: str,
    arguments: list[object],
    folder: Path,
    user: str | None,
    answers: Callable[[], bool],
    stop_signal: signal.Signals,
) -> Iterator[None]:
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [str(part) for part in arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            start_new_session=True,  # Ctrl-C is for us; we stop it afterwards
            user=user,
            group=_group(user),
            extra_groups=None if user is None else [],
        )
        try:
            deadline = time.monotonic() + START_SECONDS
            while not answers():
                if process.poll() is not None or time.monotonic() > deadline:
                    said = (folder / "log").read_text(errors="replace").strip()
                    raise ServiceMissing(f"{name} did not start. It said: {said}")
                time.sleep(0.05)
            yield
        finally:
            process.send_signal(stop_signal)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _run(command: list[str], environment: dict[str, str]) -> int:
    with subprocess.Popen(command, env=os.environ | environment) as process:
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue  # the command got it as well, and ends by itself


def _serve(environment: dict[str, str]) -> int:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    # Only now: whoever has read a line may end us.
    for name, value in environment.items():
        print(f"{name}={value}", flush=True)
    stop.wait()
    return 0


def main() -> int:
    """The command line described at the top of this file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("action", choices=("run", "serve"))
    parser.add_argument("--only", choices=tuple(SERVICES))
    parser.add_argument("command", nargs="*")
    given = parser.parse_args()
    if given.action == "run" and not given.command:
        parser.error("run needs a COMMAND after --")
    try:
        with ExitStack() as stack:
            environment = {
                variable: stack.enter_context(service())
                for name, (variable, service) in SERVICES.items()
                if given.only in (None, name)
            }
            if given.action == "serve":
                return _serve(environment)
            return _run(given.command, environment)
    except ServiceMissing as exc:
        print(f"services: {exc}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
