"""Whether a sandbox is where somebody says it is."""

import requests
from django.utils.translation import gettext as _

from common.http import build_session

SECONDS = 3.0
MAX_BYTES = 256 * 1024
# Only the sandbox's page of keys has this heading.
_MARK = "<h1>Members and their keys</h1>"


def sandbox_problem(address: str) -> str:
    """Why no site can be rehearsed at `address`, a checked web address; "" if one can.

    Asks the sandbox's page of keys once, and waits at most `SECONDS` for each silence.
    """
    with build_session(
        connect_seconds=SECONDS, read_seconds=SECONDS, max_bytes=MAX_BYTES
    ) as session:
        try:
            answer = session.get(
                f"{address.rstrip('/')}/accounts", allow_redirects=False
            )
        except (requests.RequestException, ValueError):
            told = _(
                "Nothing answers at %(address)s. Start it with manage.py sandbox, or "
                "correct the address."
            )
            return told % {"address": address}
    if answer.status_code == requests.codes.ok and _MARK in answer.text:
        return ""
    told = _(
        "What answers at %(address)s is not the sandbox. Enter the address that "
        "manage.py sandbox prints."
    )
    return told % {"address": address}
