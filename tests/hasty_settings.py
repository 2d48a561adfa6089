"""The tests' settings with a time-out that a test can wait for."""

from config.settings.test import *  # noqa: F403 - settings modules extend the base
from config.settings.test import Q_CLUSTER

Q_CLUSTER = {**Q_CLUSTER, "timeout": 3, "retry": 60}
