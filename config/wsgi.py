"""The WSGI entry point."""

import gc
import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.urls import get_resolver

from common.database import keep_connections
from common.keys import KeyRingError, key_ring

NEW_OBJECTS = 50_000  # between two collections of the youngest; 700 otherwise
BOOT_ERROR = 3  # tells gunicorn to end, since starting again would not help

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")
try:
    # As manage.py, which does not start without a key either (herald.E002).
    key_ring()
    application = get_wsgi_application()
    # All pages are loaded before the first visitor, and stay: each full collection
    # would go through them, for 150 ms in the middle of an answer. What pages make is
    # mostly gone with them, so it is looked through more seldom as well.
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)
    # Not SQLite's, which costs little to open: its file may be another one tomorrow.
    if connection.vendor == "postgresql":
        keep_connections()
except (ImproperlyConfigured, KeyRingError) as exc:
    sys.stderr.write(f"Herald cannot start: {exc}\n")
    raise SystemExit(BOOT_ERROR) from None
