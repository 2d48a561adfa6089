"""The tests' settings on another host: its name and its clock are its own."""

import os
import socket
from datetime import timedelta

from django.utils import timezone

from config.settings.test import *  # noqa: F403 - settings modules extend the base

_right = timezone.now
_name = os.environ["TEST_HOST_NAME"]
_ahead = timedelta(seconds=float(os.environ["TEST_CLOCK_AHEAD"]))

socket.gethostname = lambda: _name
timezone.now = lambda: _right() + _ahead
