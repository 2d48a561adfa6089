"""Where Chromium is, and how it is started: nothing of its own goes over the network."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")
INSTALL = "Chromium is missing; on Debian: apt-get install chromium"
ARGUMENTS = (
    "--no-sandbox",  # root in a container has none to give
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium_path() -> str | None:
    """The program, or None when there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)
