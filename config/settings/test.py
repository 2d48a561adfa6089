"""The tests: the real settings with throw-away keys and folders."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from config.settings.base import *  # noqa: F403 - settings modules extend the base
from config.settings.base import DATABASES, Q_CLUSTER

SECRET_KEY = "made-up-key-of-the-tests-5f0c/9b+e="  # noqa: S105 - never used in prod
# One folder per test process: what it writes never meets another's. Processes that a
# test starts inherit it; those that pytest-xdist starts make their own.
_TESTER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
if os.environ.setdefault("HERALD_TESTER", _TESTER) != _TESTER:
    os.environ["HERALD_TESTER"] = _TESTER
    os.environ.pop("HERALD_DATA_DIR", None)
if "HERALD_DATA_DIR" not in os.environ:
    _made = tempfile.mkdtemp(prefix=f"herald-tests-{os.getpid()}-")
    os.environ["HERALD_DATA_DIR"] = _made
    atexit.register(shutil.rmtree, _made, ignore_errors=True)
DATA_DIR = Path(os.environ["HERALD_DATA_DIR"])
FILES_DIR = DATA_DIR / "files"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, so that workers started as processes see the same rows.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}

# --- Queue: test processes may share one broker -----------------------------------
Q_CLUSTER["name"] = f"herald-{_TESTER}"

# --- Keys ----------------------------------------------------------------------
HERALD_KEYS = {"text": "test:" + "A" * 43 + "="}

# --- Metadata services: a test that wants one names its stand-in ----------------
AUDNEXUS_URL = ""

# --- Static files: served from where they lie, nothing is collected ----------------
WHITENOISE_AUTOREFRESH = True
