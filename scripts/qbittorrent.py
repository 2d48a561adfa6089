"""A real qBittorrent on loopback within seconds: no root, no container.

    python3 -m scripts.qbittorrent start FOLDER PORT   install if missing, run
    python3 -m scripts.qbittorrent run FOLDER PORT     the same, in the foreground
    python3 -m scripts.qbittorrent stop FOLDER [PORT]  end one server, or all of them

`start` prints "URL PID". A qbittorrent-nox of version 5 or newer on PATH is used;
otherwise Debian's packages are unpacked into FOLDER (`--suite bookworm` gives
qBittorrent 4.5, the default `trixie` 5.1). One FOLDER serves any number of ports; each
has its own profile, log and downloads in FOLDER/run-PORT, made once and then kept.

Environment: HERALD_QBT_AUTH (1: ask for a login even on loopback, the default; 0: do
not), HERALD_QBT_USERNAME (admin), HERALD_QBT_PASSWORD (adminadmin),
HERALD_QBT_BAN_AFTER (failed logins before a ban, 5), HERALD_QBT_BAN_SECONDS (3600).
"""

import argparse
import base64
import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from scripts.debian_tree import CannotInstall, command, locked, plugin_folder, unpack

DEFAULT_SUITE = "trixie"
START_SECONDS = 30.0
STOP_SECONDS = 10.0


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a new profile says about logins; an existing profile is left alone."""

    ask_for_login: bool = True
    username: str = "admin"
    password: str = field(default="adminadmin", repr=False)
    ban_after: int = 5
    ban_seconds: int = 3600

    @classmethod
    def from_environment(cls) -> "Settings":
        """The settings that the HERALD_QBT_… variables ask for."""
        given = os.environ.get
        return cls(
            ask_for_login=given("HERALD_QBT_AUTH", "1") != "0",
            username=given("HERALD_QBT_USERNAME", cls.username),
            password=given("HERALD_QBT_PASSWORD", "adminadmin"),
            ban_after=int(given("HERALD_QBT_BAN_AFTER", "5")),
            ban_seconds=int(given("HERALD_QBT_BAN_SECONDS", "3600")),
        )


def start(folder: Path, port: int, *, suite: str = DEFAULT_SUITE) -> tuple[str, int]:
    """Run a server on 127.0.0.1:`port`; give its URL and process id.

    A server that already runs there is only reported. Raises CannotInstall when it
    cannot be installed, or does not answer.
    """
    url, profile = f"http://127.0.0.1:{port}", _profile_folder(folder, port)
    running = _running(profile)
    if running:
        return url, running
    arguments, environment = prepare(folder, port, suite=suite)
    with (profile / "out").open("wb") as out:
        process = subprocess.Popen(
            arguments,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    (profile / "pid").write_text(str(process.pid))
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if answers(url):
            return url, process.pid
        time.sleep(0.1)
    stop(folder, port)
    said = (profile / "out").read_text(errors="replace").strip()
    raise CannotInstall(f"qBittorrent gave no answer on port {port}. It said: {said}")


def stop(folder: Path, port: int | None = None) -> list[int]:
    """End the server of one port, or all of `folder`; give the ended process ids."""
    pattern = "run-*" if port is None else f"run-{port}"
    ended = []
    for profile in sorted(folder.resolve().glob(pattern)):
        pid = _running(profile)
        if pid:
            _end(profile, pid)
            ended.append(pid)
        (profile / "pid").unlink(missing_ok=True)
    return ended


def prepare(
    folder: Path,
    port: int,
    *,
    suite: str = DEFAULT_SUITE,
    settings: Settings | None = None,
) -> tuple[list[str], dict[str, str]]:
    """Install and write the profile where missing; give arguments and environment."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as exc:
            raise CannotInstall(f"Port {port} is in use; choose another.") from exc
    profile = _profile_folder(folder, port)
    for name in ("tmp", "downloads", "qBittorrent/config"):
        (profile / name).mkdir(parents=True, exist_ok=True)
    configuration = profile / "qBittorrent/config/qBittorrent.conf"
    if not configuration.exists():
        asked = settings or Settings.from_environment()
        configuration.write_text(_configuration(profile, port, asked))
    start_of, plugins = _program(folder.resolve(), suite)
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("LD_") and not name.lower().endswith("_proxy")
    }
    environment |= {
        "HOME": str(profile),
        "TMPDIR": str(profile / "tmp"),
        "LC_ALL": "C.UTF-8",
        "OPENSSL_CONF": "/dev/null",
    }
    if plugins:
        environment["QT_PLUGIN_PATH"] = str(plugins)
    return [*start_of, f"--profile={profile}", f"--webui-port={port}"], environment


def install(folder: Path, *, suite: str = DEFAULT_SUITE) -> Path:
    """The unpacked tree of `suite` in `folder`, fetched if it is not there yet."""
    root = folder.resolve() / f"root-{suite}"
    with locked(folder.resolve() / f"lock-{suite}"):
        if not (root / "usr/bin/qbittorrent-nox").is_file():
            unpack("qbittorrent-nox", suite, root)
    return root


def answers(url: str) -> bool:
    """Whether a qBittorrent speaks there: a version, or a demand for a login."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{url}/api/v2/app/version", timeout=2) as response:
            return bool(response.read(1) == b"v")
    except urllib.error.HTTPError as exc:
        with exc:
            return exc.code == 403
    except OSError:
        return False


def _program(folder: Path, suite: str) -> tuple[list[str], Path | None]:
    system = shutil.which("qbittorrent-nox") if suite == DEFAULT_SUITE else None
    if system:
        said = subprocess.run(
            [system, "--version"], capture_output=True, text=True, check=False
        ).stdout
        version = re.search(r"v(\d+)\.", said)
        if version and int(version[1]) >= 5:
            return [system], None
    root = install(folder, suite=suite)
    return command(root, root / "usr/bin/qbittorrent-nox"), plugin_folder(root)


def _profile_folder(folder: Path, port: int) -> Path:
    return folder.resolve() / f"run-{port}"


def _running(profile: Path) -> int:
    """The process id of this profile's server, or 0. Ids are given away again."""
    try:
        pid = int((profile / "pid").read_text())
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return 0
    return pid if os.fsencode(f"--profile={profile}") in arguments else 0


def _end(profile: Path, pid: int) -> None:
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while _running(profile):
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
            return
        time.sleep(0.05)


def _configuration(profile: Path, port: int, asked: Settings) -> str:
    salt = os.urandom(16)
    key = hashlib.pbkdf2_hmac("sha512", asked.password.encode(), salt, 100_000, 64)
    secret = f"{base64.b64encode(salt).decode()}:{base64.b64encode(key).decode()}"
    session = {
        "DefaultSavePath": profile / "downloads",
        "Interface": "lo",
        "InterfaceName": "lo",
        "InterfaceAddress": "127.0.0.1",
        "Port": 0,
        "DHTEnabled": "false",
        "LSDEnabled": "false",
        "PeXEnabled": "false",
        "QueueingSystemEnabled": "false",  # idle seeds would show as queued
    }
    webui = {
        "Address": "127.0.0.1",
        "Port": port,
        "UseUPnP": "false",
        "Username": asked.username,
        "Password_PBKDF2": f'"@ByteArray({secret})"',
        "LocalHostAuth": "true" if asked.ask_for_login else "false",
        "MaxAuthenticationFailCount": asked.ban_after,
        "BanDuration": asked.ban_seconds,
    }
    lines = ["[BitTorrent]"]
    lines += [f"Session\\{name}={value}" for name, value in session.items()]
    lines += ["[LegalNotice]", "Accepted=true"]
    lines += ["[Network]", "PortForwardingEnabled=false"]
    lines += ["[Preferences]", "Connection\\ResolvePeerCountries=false"]
    lines += [f"WebUI\\{name}={value}" for name, value in webui.items()]
    return "\n".join(lines) + "\n"


def _run(folder: Path, port: int, suite: str) -> NoReturn:
    arguments, environment = prepare(folder, port, suite=suite)
    (_profile_folder(folder, port) / "pid").write_text(str(os.getpid()))
    # In place of this process, so that a supervisor's signals reach qBittorrent.
    os.execve(arguments[0], arguments, environment)  # noqa: S606 - no shell is wanted


def main() -> int:
    """The command line described at the top of this file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("action", choices=("start", "run", "stop"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("port", type=int, nargs="?")
    parser.add_argument("--suite", default=DEFAULT_SUITE, help="Debian suite")
    given = parser.parse_args()
    if given.action == "stop":
        for pid in stop(given.folder, given.port):
            print(f"stopped {pid}")
        return 0
    if given.port is None:
        parser.error(f"{given.action} needs a PORT")
    try:
        if given.action == "run":
            _run(given.folder, given.port, given.suite)
        print(*start(given.folder, given.port, suite=given.suite))
    except CannotInstall as exc:
        print(f"qbittorrent: {exc}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
