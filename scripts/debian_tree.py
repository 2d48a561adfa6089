"""Unpack a Debian program with all its libraries into a folder, without root.

apt resolves and downloads into private state, dpkg-deb unpacks, and the program is
started through the unpacked loader. The machine's own packages are neither read nor
changed. The mirror is the one this machine's apt already uses.
"""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
DROPPED = ("doc", "man", "locale", "info", "i18n", "bug", "lintian")
# Folders of plugins that the loader must not search, and their private libraries.
PLUGIN_FOLDERS = frozenset({"qt5", "qt6", "gconv", "ossl-modules", "engines-3"})


class CannotInstall(RuntimeError):
    """The packages cannot be had here; the message is one sentence for people."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on `path`, made if absent, against other processes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def unpack(package: str, suite: str, root: Path) -> None:
    """Put `package` of a Debian suite, and all it needs, into `root`.

    Raises CannotInstall when apt is missing, has no Debian archive, or fails.
    """
    for tool in ("apt-get", "dpkg-deb"):
        if shutil.which(tool) is None:
            raise CannotInstall(
                f"{package} is fetched with {tool}, which this machine does not have; "
                f"install {package} yourself and put it on PATH."
            )
    root.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root.parent, prefix="apt-") as name:
        work = Path(name)
        archives = _download(package, suite, work)
        fresh = work / "root"
        fresh.mkdir()
        for archive in archives:
            subprocess.run(["dpkg-deb", "-x", str(archive), str(fresh)], check=True)
        for folder in DROPPED:
            shutil.rmtree(fresh / "usr/share" / folder, ignore_errors=True)
        shutil.rmtree(root, ignore_errors=True)
        fresh.rename(root)


def command(root: Path, program: Path) -> list[str]:
    """The start of an argument list that runs `program` with the tree's libraries."""
    return [
        str(_loader(root)),
        "--inhibit-cache",
        "--library-path",
        ":".join(_library_folders(root)),
        str(program),
    ]


def plugin_folder(root: Path) -> Path:
    """Where the tree keeps Qt's plugins, for QT_PLUGIN_PATH."""
    found = sorted((root / "usr/lib").glob("*/qt[56]/plugins"))
    if not found:
        raise CannotInstall(f"No Qt plugins in {root}; delete that folder and retry.")
    return found[-1]


def _mirror() -> str:
    listing = subprocess.run(
        [
            *("apt-get", "indextargets"),
            *("--format", "$(REPO_URI) $(ORIGIN) $(LABEL) $(COMPONENT)"),
            "Created-By: Packages",
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    for line in listing.stdout.splitlines():
        address, *rest = line.split()
        if rest == ["Debian", "Debian", "main"]:
            return address
    raise CannotInstall(
        "This machine's apt knows no Debian archive (or has never been updated); "
        "run `apt-get update`, or install the program yourself and put it on PATH."
    )


def _configuration(work: Path, suite: str) -> Path:
    for folder in ("etc", "state/lists/partial", "cache/archives/partial"):
        (work / folder).mkdir(parents=True)
    (work / "state/status").touch()
    signed = f"[signed-by={KEYRING}] " if KEYRING.is_file() else ""
    (work / "etc/sources.list").write_text(f"deb {signed}{_mirror()} {suite} main\n")
    settings = {
        "Dir::Etc::SourceList": work / "etc/sources.list",
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::Etc::Preferences": "/dev/null",
        "Dir::Etc::PreferencesParts": "/dev/null",
        "Dir::State": work / "state",
        "Dir::State::Status": work / "state/status",
        "Dir::Cache": work / "cache",
        "Dir::Log": work / "log",
        "Acquire::Languages": "none",
        "APT::Install-Recommends": "false",
        "APT::Keep-Downloaded-Packages": "true",
        "APT::Sandbox::User": "root",  # apt's own user may not reach our folder
        "Debug::NoLocking": "true",
    }
    hooks = (
        *("APT::Update::Post-Invoke", "APT::Update::Post-Invoke-Success"),
        *("DPkg::Pre-Install-Pkgs", "DPkg::Post-Invoke"),
    )
    lines = [f'{name} "{value}";' for name, value in settings.items()]
    lines += [f"#clear {hook};" for hook in hooks]
    path = work / "apt.conf"
    path.write_text("\n".join(lines) + "\n")
    return path


def _download(package: str, suite: str, work: Path) -> list[Path]:
    configuration = _configuration(work, suite)
    apt = ["apt-get", "-c", str(configuration), "-q", "-y"]
    for action in (["update"], ["--download-only", "install", package]):
        done = subprocess.run(
            [*apt, *action],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            tail = "\n".join(done.stdout.splitlines()[-10:])
            raise CannotInstall(
                f"{package} of Debian {suite} could not be fetched with apt:\n{tail}"
            )
    return sorted((work / "cache/archives").glob("*.deb"))


def _loader(root: Path) -> Path:
    # Older suites have a link in lib64 to an absolute path, which is the host's.
    for base in ("usr/lib", "usr/lib64", "lib", "lib64"):
        for path in sorted((root / base).rglob("ld-linux*.so.*")):
            if not path.is_symlink():
                return path
    raise CannotInstall(f"No loader in {root}; delete that folder and try again.")


def _library_folders(root: Path) -> list[str]:
    folders: set[str] = set()
    for base in ("lib", "usr/lib"):
        for where, _, names in os.walk(root / base):
            if PLUGIN_FOLDERS.isdisjoint(Path(where).parts) and any(
                ".so" in name for name in names
            ):
                folders.add(where)
    return sorted(folders)
