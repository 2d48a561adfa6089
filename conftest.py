"""Loads the fixtures that stand in modules of their own."""

# A module stands after those it imports, so that pytest explains their assertions.
pytest_plugins = [
    "tests.audio",
    "tests.qbittorrent",
    "tests.sandbox",
    "tests.workers",
    "tests.publishing",
    "tests.prepared",
    "tests.notified",
]
