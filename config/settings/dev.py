"""A checkout on a developer's machine: the master key is made on first use."""

from config.settings.base import *  # noqa: F403 - settings modules extend the base
from config.settings.base import DATA_DIR, HERALD_KEYS, SECRET_KEY

DEBUG = True
SECRET_KEY = SECRET_KEY or "dev-only-not-secret"

# --- Keys ----------------------------------------------------------------------
HERALD_KEYS = {
    **HERALD_KEYS,
    "file": HERALD_KEYS["file"] or str(DATA_DIR / "master.key"),
    "create": True,
}
