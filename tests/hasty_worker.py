"""`manage.py worker` with short waits, as a process of its own.

Only what Herald waits for between tries is shortened: on a busy machine a claim's lease
and a database's lock may take as long as they do.
"""

import django

if __name__ == "__main__":
    django.setup()

    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    from tests.chaos.haste import hasten

    lease = settings.CLAIM_LEASE_SECONDS
    options = dict(connections.settings["default"].get("OPTIONS", {}))
    hasten()
    settings.CLAIM_LEASE_SECONDS = lease
    connections.settings["default"]["OPTIONS"] = options
    call_command("worker")
