"""The time that all hosts agree on: the database's."""

from datetime import datetime

from django.db import connection
from django.utils import timezone


def now() -> datetime:
    """What the database's clock says; with SQLite there is one machine and one clock.

    For all that several hosts compare: budgets, claims, leases, due times.
    """
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        # Unlike now() it goes on within a transaction.
        cursor.execute("SELECT clock_timestamp()")
        at: datetime = cursor.fetchone()[0]
    return at
