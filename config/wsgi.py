"""The WSGI entry point."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.urls import get_resolver

from common.database import keep_connections
from common.garbage import tidy_between_answers
from common.keys import KeyRingError, key_ring

BOOT_ERROR = 3  # tells gunicorn to end, since starting again would not help

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")
try:
    # As manage.py, which does not start without a key either (herald.E002).
    key_ring()
    application = get_wsgi_application()
    # All pages are loaded before the first visitor, and stay.
    _ = get_resolver().url_patterns
    tidy_between_answers()
    # Not SQLite's, which costs little to open: its file may be another one tomorrow.
    if connection.vendor == "postgresql":
        keep_connections()
except (ImproperlyConfigured, KeyRingError) as exc:
    sys.stderr.write(f"Herald cannot start: {exc}\n")
    raise SystemExit(BOOT_ERROR) from None
