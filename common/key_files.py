"""Files that only their owner may open: key files and the passphrase's salt."""

import os
import stat
from pathlib import Path

from common.errors import AppError


class KeyRingError(AppError):
    """The master keys are missing, malformed or kept too openly."""

    code = "key_ring"


def read_private(path: Path, *, holds: str) -> str:
    """The text of a regular file with mode 0600 or narrower.

    `holds` says in errors what the file should contain. The mode is that of the file
    that was opened, so swapping it meanwhile gains nothing.
    """
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as exc:
        raise KeyRingError(
            f"{path} cannot be read: {exc.strerror}. Check the path, and that the "
            "file belongs to the user Herald runs as."
        ) from exc
    try:
        status = os.fstat(fd)
        mode = stat.S_IMODE(status.st_mode)
        if not stat.S_ISREG(status.st_mode):
            raise KeyRingError(f"{path} is not a regular file. Choose one.")
        if mode & 0o177:
            raise KeyRingError(
                f"{path} may be opened by others than its owner, or run (mode "
                f"{mode:04o}). Run: chmod 600 {path}"
            )
        return os.read(fd, 1 << 20).decode()
    except UnicodeDecodeError as exc:
        raise KeyRingError(f"{path} is not text. It should hold {holds}.") from exc
    finally:
        os.close(fd)


def create_private(path: Path, text: str) -> bool:
    """Creates a 0600 file with its folder; False when it exists already.

    Whole or not at all: of several processes one wins, and nobody sees half a file.
    """
    draft = path.with_name(f".{path.name}.{os.urandom(6).hex()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(fd, "w", encoding="ascii") as file:
                file.write(text)
                file.flush()
                os.fsync(fd)
            path.hardlink_to(draft)
        except FileExistsError:
            return False
        finally:
            draft.unlink()
    except OSError as exc:
        raise KeyRingError(
            f"{path} cannot be written: {exc.strerror}. Choose a folder that the user "
            "Herald runs as may write to."
        ) from exc
    return True
