"""Prepare a folder for `docker compose up`: keys, passwords, data folder, .env.

    python3 scripts/compose_init.py /path/to/your/releases

What exists is kept, so it may be run again.
"""

import argparse
import base64
import os
import secrets
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def prepare(root: Path, media: Path) -> None:
    """Write secrets/, data/ and .env below `root`; only their owner can read them."""
    for name in ("secrets", "data"):
        (root / name).mkdir(mode=0o700, exist_ok=True)
    password = _secret(root / "secrets/database_password", secrets.token_urlsafe(32))
    _secret(
        root / "secrets/database_url",
        f"postgres://herald:{password}@database:5432/herald",
    )
    _secret(root / "secrets/secret_key", secrets.token_urlsafe(50))
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    _secret(root / "secrets/master_key", f"first:{key}")
    if os.getuid() == 0:
        print("Run as root: Herald's containers will run as root as well.")
    lines = {
        "HERALD_UID": str(os.getuid()),
        "HERALD_GID": str(os.getgid()),
        "HERALD_MEDIA": str(media),
    }
    _secret(root / ".env", "".join(f"{name}={lines[name]}\n" for name in lines))


def _secret(path: Path, value: str) -> str:
    """Keep `value` in a new file of mode 0600; give what is in it in the end."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8").strip()
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(value)
    print(f"Made {path}.")
    return value


def main() -> int:
    """The command line described at the top of this file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("media", type=Path, help="the folder with your releases")
    media = parser.parse_args().media.expanduser().resolve()
    if not media.is_dir():
        print(f"{media} is not a folder; name the one with your releases.")
        return 1
    prepare(ROOT, media)
    print("Keep a copy of secrets/master_key apart from the backups of the database.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
