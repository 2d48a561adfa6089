"""The key ring: master keys, where they come from, and which one encrypts.

Sources, in this order; all that are configured are joined into one ring, whose
first key encrypts and whose every key decrypts:

1. a file (`HERALD_MASTER_KEY_FILE`), readable by its owner only;
2. the environment (`HERALD_MASTER_KEY`);
3. a passphrase (`HERALD_MASTER_PASSPHRASE`) through PBKDF2, one a line;
4. the keyring of the operating system (`HERALD_KEYRING=true`).

1, 2 and 4 hold keys as `id:base64 of 32 bytes`, by line or comma; `id:` may be absent.
"""

import base64
import hashlib
import os
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from common.key_files import KeyRingError, create_private, read_private
from common.redact import remember_secret

PBKDF2_ROUNDS = 600_000
KEY_BYTES = 32
SALT_BYTES = 16
SALT_NAME = "passphrase.salt"
KEYRING_SERVICE = "herald"
KEYRING_ENTRY = "master-key"
__all__ = [
    "KeyRing",
    "KeyRingError",
    "KeySources",
    "create_key_file",
    "export_keys",
    "key_ring",
    "load_ring",
    "new_key_line",
    "parse_keys",
]
_KEY_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}")
_FORMAT = "`id:base64 of 32 bytes`; `manage.py generate_key` makes such a line"


@dataclass(frozen=True, slots=True)
class KeySources:
    """Where to look for keys; the fields of `settings.HERALD_KEYS`.

    `create` makes the key file when it is missing (development only).
    """

    file: str = ""
    text: str = field(default="", repr=False)
    passphrase: str = field(default="", repr=False)
    keyring: bool = False
    create: bool = False


class KeyRing:
    """An ordered set of AES-256-GCM keys by id. Never shows material."""

    def __init__(self, masters: dict[str, bytes]) -> None:
        self._ciphers = {
            key_id: AESGCM(_derive(key_id, master))
            for key_id, master in masters.items()
        }

    @property
    def ids(self) -> tuple[str, ...]:
        """Key ids; the first one encrypts."""
        return tuple(self._ciphers)

    @property
    def first(self) -> str:
        """Id of the key that encrypts."""
        return self.ids[0]

    def cipher(self, key_id: str) -> AESGCM | None:
        """The cipher of a key, or None when the ring lacks it."""
        return self._ciphers.get(key_id)

    def __repr__(self) -> str:
        return f"KeyRing({', '.join(self.ids)})"


def key_ring() -> KeyRing:
    """The ring that the settings describe. Read once per process.

    KeyRingError says which source is wrong and what to do.
    """
    return _cached(KeySources(**settings.HERALD_KEYS), Path(settings.DATA_DIR))


def load_ring(sources: KeySources, data_dir: Path) -> KeyRing:
    """Reads every configured source. `data_dir` holds the passphrase's salt."""
    return KeyRing(_masters(sources, data_dir))


def export_keys(path: Path) -> tuple[str, ...]:
    """Writes the whole ring as a key file (0600) and gives its ids. Never overwrites.

    With it a backup can be read wherever the keys came from: a passphrase's key is
    written down as derived, so neither the passphrase nor its salt is needed.
    """
    masters = _masters(KeySources(**settings.HERALD_KEYS), Path(settings.DATA_DIR))
    lines = [
        f"{key_id}:{base64.b64encode(material).decode()}\n"
        for key_id, material in masters.items()
    ]
    if not create_private(path, "".join(lines)):
        raise KeyRingError(f"{path} exists already. Choose another path for the keys.")
    return tuple(masters)


def _masters(sources: KeySources, data_dir: Path) -> dict[str, bytes]:
    masters: dict[str, bytes] = {}
    if sources.file:
        path = Path(sources.file)
        if sources.create and not path.exists():
            create_private(path, new_key_line() + "\n")  # or another process did
        _join(masters, parse_keys(read_private(path, holds=_FORMAT), where=str(path)))
    if sources.text:
        _join(masters, parse_keys(sources.text, where="HERALD_MASTER_KEY"))
    for passphrase in sources.passphrase.splitlines():
        if passphrase:
            _join(masters, _from_passphrase(passphrase, data_dir))
    if sources.keyring:
        _join(masters, parse_keys(_read_keyring(), where="the system keyring"))
    if not masters:
        raise KeyRingError(
            "No master key is configured, so no secret can be stored or read. Make "
            "one with `manage.py generate_key --file PATH` and set "
            "HERALD_MASTER_KEY_FILE to that path."
        )
    return masters


_cached = lru_cache(maxsize=8)(load_ring)


def parse_keys(text: str, *, where: str) -> dict[str, bytes]:
    """`id:base64` parts → id to 32 bytes, in order. `where` is named in errors.

    A raw key, without an id, has its fingerprint for one.
    """
    masters: dict[str, bytes] = {}
    parts = [part.strip() for part in re.split(r"[,\r\n]+", text)]
    numbered = [part for part in parts if part and not part.startswith("#")]
    for number, part in enumerate(numbered, start=1):
        key_id, colon, encoded = part.rpartition(":")
        encoded = encoded.strip()
        try:
            material = base64.b64decode(encoded, validate=True)
        except ValueError:
            material = b""
        if not colon and len(material) == KEY_BYTES:
            key_id = _fingerprint("r", material)
        if not _KEY_ID.fullmatch(key_id):
            raise KeyRingError(f"Key {number} in {where} is not written as {_FORMAT}.")
        if len(material) != KEY_BYTES:
            raise KeyRingError(
                f"Key {key_id} in {where} is not {KEY_BYTES} bytes in base64. "
                f"A key is written as {_FORMAT}."
            )
        remember_secret(encoded, keep=True)
        _join(masters, {key_id: material})
    if not masters:
        raise KeyRingError(f"There is no key in {where}. A key is {_FORMAT}.")
    return masters


def new_key_line(key_id: str = "") -> str:
    """A fresh `id:base64` line; the id is random unless given."""
    key_id = key_id or f"k{os.urandom(4).hex()}"
    if not _KEY_ID.fullmatch(key_id):
        raise KeyRingError(
            f"{key_id!r} is no key id: use up to 32 letters, digits, dots, dashes "
            "and underscores, and begin with a letter or digit."
        )
    return f"{key_id}:{base64.b64encode(os.urandom(KEY_BYTES)).decode()}"


def create_key_file(path: Path, key_id: str = "") -> str:
    """Writes a fresh key to a new file (0600) and gives its id. Never overwrites."""
    line = new_key_line(key_id)
    if not create_private(path, line + "\n"):
        raise KeyRingError(
            f"{path} exists already and keys are never overwritten. Choose another "
            "path, or add the line that `manage.py generate_key` prints to the file."
        )
    return line.partition(":")[0]


def _derive(key_id: str, master: bytes) -> bytes:
    """The AES key: bound to the id, so that one master never serves two ids."""
    return HKDF(
        algorithm=SHA256(), length=KEY_BYTES, salt=None, info=key_id.encode()
    ).derive(master)


def _join(ring: dict[str, bytes], more: dict[str, bytes]) -> None:
    for key_id, material in more.items():
        if ring.setdefault(key_id, material) != material:
            raise KeyRingError(
                f"Two different keys have the id {key_id}. Give the new one another "
                "id; values name the key that encrypted them."
            )


def _from_passphrase(passphrase: str, data_dir: Path) -> dict[str, bytes]:
    """The key of a passphrase. Its id is a fingerprint: a changed one is noticed."""
    remember_secret(passphrase, keep=True)
    path = data_dir / SALT_NAME
    if not path.exists():
        fresh = base64.b64encode(os.urandom(SALT_BYTES)).decode()
        create_private(path, fresh + "\n")
    try:
        salt = base64.b64decode(
            read_private(path, holds="the salt").strip(), validate=True
        )
    except ValueError:
        salt = b""
    if len(salt) != SALT_BYTES:
        raise KeyRingError(
            f"{path} is damaged: it should hold {SALT_BYTES} bytes in base64. Put it "
            "back from a backup; without it the passphrase opens nothing."
        )
    master = hashlib.pbkdf2_hmac("sha256", passphrase.encode(), salt, PBKDF2_ROUNDS)
    return {_fingerprint("p", master): master}


def _fingerprint(kind: str, master: bytes) -> str:
    """An id that stays the same for the same key, and tells nothing of it."""
    return kind + hashlib.sha256(b"herald key id" + master).hexdigest()[:8]


def _read_keyring() -> str:
    """The keys in the system's keyring: service `herald`, entry `master-key`."""
    try:
        import keyring
        from keyring.backends import fail
        from keyring.errors import KeyringError
    except ImportError as exc:
        raise KeyRingError(
            "HERALD_KEYRING is on, but the Python package `keyring` is not installed. "
            "Install it, or use HERALD_MASTER_KEY_FILE."
        ) from exc
    if isinstance(keyring.get_keyring(), fail.Keyring):
        raise KeyRingError(
            "HERALD_KEYRING is on, but this system has no keyring service (usual on a "
            "server without a desktop). Use HERALD_MASTER_KEY_FILE."
        )
    try:
        text = keyring.get_password(KEYRING_SERVICE, KEYRING_ENTRY)
    except KeyringError as exc:
        raise KeyRingError(
            "The system's keyring refused to give the master key. Unlock it and "
            "start Herald again."
        ) from exc
    if not text:
        raise KeyRingError(
            "The system's keyring holds no key for Herald. Store the line that "
            "`manage.py generate_key` prints: "
            f"keyring set {KEYRING_SERVICE} {KEYRING_ENTRY}"
        )
    return str(text)
