"""`make demo`: Herald, its workers, the sandbox and qBittorrent, ready to try.

Everything it writes is in .run, or in the folder given: delete it to begin anew.
"""

import argparse
import os
import secrets
import shlex
import sys
from pathlib import Path

from scripts.run_lock import RunsAlready, lock, say_where
from scripts.run_processes import (
    Process,
    Processes,
    ProcessFailed,
    choose_port,
)

ROOT = Path(__file__).resolve().parent.parent
RUN = ROOT / ".run"
WEB_PORT, SANDBOX_PORT, QBITTORRENT_PORT = 8000, 8700, 18080
DOWNLOAD_SECONDS = 180.0  # qBittorrent's packages, the first time


def main(run: Path = RUN) -> int:
    """Start everything, say where it is, and end it with Ctrl-C.

    `run` is the absolute folder for all that is written.
    """
    (run / "demo").mkdir(parents=True, exist_ok=True)
    os.chdir(ROOT)
    try:
        with lock(run) as held:
            return _run(run, held)
    except (ProcessFailed, RunsAlready) as exc:
        print(exc, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def _run(run: Path, held: int) -> int:
    web = f"http://127.0.0.1:{choose_port('the web server', WEB_PORT)}"
    sandbox = f"http://127.0.0.1:{choose_port('the sandbox', SANDBOX_PORT)}"
    qbittorrent = f"http://127.0.0.1:{choose_port('qBittorrent', QBITTORRENT_PORT)}"
    say_where(held, f"{web}/")
    here = {
        "HERALD_DATA_DIR": str(run / "demo"),
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
    }
    os.environ |= {
        **here,
        "HERALD_AUDNEXUS_URL": f"{sandbox}/audnexus",
        "HERALD_SETTLE_LOOKS": "3,10,30",  # the sandbox's search does not lag
        "HERALD_QBT_PASSWORD": _kept_password(run / "demo" / "qbittorrent-password"),
    }
    exports = " ".join(f"{name}={shlex.quote(text)}" for name, text in here.items())
    with Processes(logs=run / "logs", pass_fds=(held,)) as processes:
        print("Preparing the demo …", flush=True)
        said = _prepare(processes, run, sandbox, qbittorrent)
        processes.start(_web(web))
        processes.start(_manage("worker", "worker"))
        print(
            f"\nHerald    {web}/\nSandbox   {sandbox}/\n{said.strip()}\n\n"
            f"For manage.py in another terminal:\nexport {exports}\n\n"
            "Ctrl-C ends it.",
            flush=True,
        )
        return processes.watch()


def _prepare(processes: Processes, run: Path, sandbox: str, qbittorrent: str) -> str:
    """Database, sandbox, torrent client and demo rows; what to tell the person."""
    processes.finish(_manage("migrate", "migrate", "--no-input"))
    processes.start(
        _manage(
            "sandbox",
            "sandbox",
            f"--port={sandbox.rpartition(':')[2]}",
            f"--state={run / 'demo' / 'sandbox'}",
            ready_url=f"{sandbox}/",
        )
    )
    port = qbittorrent.rpartition(":")[2]
    folder = str(run / "qbittorrent")
    seeds = processes.start(
        Process(
            name="qbittorrent",
            argv=(sys.executable, "-m", "scripts.qbittorrent", "run", folder, port),
            ready_url=f"{qbittorrent}/",
            ready_seconds=DOWNLOAD_SECONDS,
            optional=True,
        )
    )
    client = (f"--qbittorrent={qbittorrent}",) if seeds else ()
    return processes.finish(
        _manage("demo_setup", "demo_setup", f"--sandbox={sandbox}", *client)
    )


def _manage(name: str, *arguments: str, ready_url: str = "") -> Process:
    argv = (sys.executable, "manage.py", *arguments)
    return Process(name=name, argv=argv, ready_url=ready_url)


def _web(url: str) -> Process:
    return Process(
        name="web",
        argv=(
            *(sys.executable, "-m", "gunicorn", "config.wsgi"),
            *("--bind", url.removeprefix("http://"), "--no-control-socket"),
            *("--worker-class", "gthread", "--threads", "8"),
        ),
        ready_url=f"{url}/healthz",
    )


def _kept_password(path: Path) -> str:
    """The demo's qBittorrent password: made once, readable by its owner only."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(12))
    return path.read_text().strip()


def _folder() -> Path:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=RUN)
    chosen: Path = parser.parse_args().folder
    return chosen.absolute()


if __name__ == "__main__":
    sys.exit(main(_folder()))
